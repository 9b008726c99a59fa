"""An incident as a story: Dan leads, Carol is the privacy officer, Ann is affected, Bob saw her data."""

from datetime import UTC, datetime, timedelta

from stanch.incident import event as e
from stanch.incident.advance import advance
from stanch.incident.journal import Entry
from stanch.incident.state import Incident

T0 = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
DAN, CAROL, CARL = "person:dan", "person:carol", "person:counsel"

LEAK = e.Leak(
    endpoint="GET /api/articles/{slug}/comments/{id}",
    host="api.example.org",
    n_subjects=12,
    n_recipients=3,
    n_exchanges=40,
    authenticated=False,
    fields=(
        e.LeakedField(path="$.comment.author.email", datatype="contact.email", title="E-mail address", severity="high", confidence=0.97),
        e.LeakedField(
            path="$.comment.author.password_hash", datatype="credential.password_hash", title="Password hash", severity="critical", confidence=0.99
        ),
    ),
)


class Story:
    """Tell an incident step by step; time moves a minute with each step."""

    def __init__(self):
        self.incident, self.entries, self.commands, self.now = Incident(key="INC-1"), [], [], T0

    def tell(self, by, event, *, after=timedelta(minutes=1)):
        self.now += after
        subject = by.partition(":")[0]
        entry = Entry(
            stream="INC-1",
            n=len(self.entries),
            at=self.now,
            by=by,
            tag=f"{subject}:{event.kind}",
            body=e.event_body(event),
            key=str(len(self.entries)),
        )
        self.incident, commands = advance(self.incident, entry)
        self.entries.append(entry)
        self.commands += commands
        return self
