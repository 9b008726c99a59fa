"""Counter-evidence: colleagues in one organisation's tool see each other's work contacts."""

from stanch.judge.evidence import Context, Evidence
from stanch.judge.reason import Reason

WORK_CONTACTS = (
    "contact.email",
    "person.name",
    "online.username",
    "online.user_id",
    "employment.",
    "online.last_seen",
    "contact.phone",
)


def weigh(evidence: Evidence, context: Context) -> Reason | None:
    """Weigh work contacts in a tool that is closed to the public."""
    if not context.workplace or not evidence.label.datatype.startswith(WORK_CONTACTS):
        return None
    weight = -1.5 if evidence.label.datatype.startswith("contact.phone") else -3.5
    return Reason(
        signal="workplace",
        weight=weight,
        says="members of one organisation see each other's work contacts by design; nothing goes to anonymous callers",
    )
