"""Handing notices to a mail relay: claim, hand over, settle, one after the other.

No address and no name stands in a log, an error or the outbox; a failure is a code and a count.
"""

import smtplib
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Literal

from stanch.engines.law_outbox import Entry, Outbox
from stanch.errors import OutsideError
from stanch.law.bounce import return_path
from stanch.law.delivery import MAX_ATTEMPTS, retry_at, route
from stanch.law.document.merge import Recipient, merged, plain
from stanch.law.document.model import Document
from stanch.law.document.template import Words
from stanch.law.rate import Bucket, full, take

TIMEOUT_S = 30.0
_CUT_OFF = 421


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    host: str
    port: int
    sender: str
    """The address that the message is from; bounces come back to its domain."""
    per_s: float = 20.0
    """Messages a second for one receiving domain."""
    tls: bool = False

    @property
    def domain(self) -> str:
        return self.sender.rpartition("@")[2]


@dataclass(slots=True, kw_only=True)
class Done:
    """What one run did; counts only."""

    n_sent: int = 0
    n_before: int = 0
    """Settled by an earlier run."""
    n_deferred: int = 0
    n_bounced: int = 0
    n_held: int = 0
    """Unclear after a crash, and held for a person to decide."""
    n_recovered: int = 0
    """Unclear after a crash."""
    other_way: list[Recipient] = field(default_factory=list)
    """People who must be told by another way, alone or too."""


@dataclass(slots=True, kw_only=True)
class _Run:
    outbox: Outbox
    batch: str
    relay: Relay
    unclear: Literal["resend", "hold"]
    limits: dict[str, Bucket] = field(default_factory=dict)
    done: Done = field(default_factory=Done)
    link: smtplib.SMTP | None = None


def send(
    outbox: Outbox,
    batch: str,
    messages: Iterable[tuple[Recipient, Document, Words]],
    relay: Relay,
    *,
    unclear: Literal["resend", "hold"] = "resend",
    tick: Callable[[], None] = lambda: None,
) -> Done:
    """Send a batch; run again after a crash or later, it goes on where it stood.

    Shape: ``messages`` are people with their approved, not yet merged document; they may be read from a store of any size.
    Raises: OutsideError where the relay can't be reached.
    """
    run = _Run(outbox=outbox, batch=batch, relay=relay, unclear=unclear)
    with outbox.only_sender(), _linked(run):
        run.done.n_recovered = outbox.recover(batch, _now())
        for person, document, words in messages:
            _one(run, person, document, words)
            tick()
    return run.done


def _one(run: _Run, person: Recipient, document: Document, words: Words) -> None:
    way = route(person)
    if way.channels != ("email",):
        run.done.other_way.append(person)
    if "email" not in way.channels:
        return
    key = run.outbox.key(run.batch, person.reference)
    entry = run.outbox.entry(key)
    if entry is None:
        run.outbox.enqueue(key, run.batch, _now())
        entry = Entry(key=key, state="queued", attempts=0, next_at=None)
    if _due(run, entry):
        _hand_over(run, key, entry, person, merged(document, person, words))


def _due(run: _Run, entry: Entry) -> bool:
    if entry.state == "unclear" and run.unclear == "hold":
        run.done.n_held += 1
        return False
    if entry.state in {"sent", "bounced", "failed", "sending"}:
        run.done.n_before += 1
        return False
    if entry.state == "deferred" and entry.attempts >= MAX_ATTEMPTS:
        run.outbox.move(entry.key, "give_up", _now())
        return False
    if entry.next_at is not None and entry.next_at > _now():
        run.done.n_deferred += 1
        return False
    return True


def _hand_over(run: _Run, key: str, entry: Entry, person: Recipient, document: Document) -> None:
    if person.email is None:
        return
    to = person.email.reveal()
    _wait(run, to.rpartition("@")[2].lower())
    made = message(key, to, document, run.relay)
    run.outbox.move(key, "claim", _now())
    code = _deliver(run, key, to, made)
    if code == 0:
        run.outbox.move(key, "accepted", _now(), code=250)
        run.done.n_sent += 1
    elif code >= 500:
        run.outbox.move(key, "refused", _now(), code=code)
        run.done.n_bounced += 1
    else:
        run.outbox.move(key, "deferred", _now(), code=code, next_at=retry_at(_now(), entry.attempts + 1))
        run.done.n_deferred += 1


def message(key: str, to: str, document: Document, relay: Relay) -> EmailMessage:
    """Make a person's message; its id is its key, so that handing it over twice is one message."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = relay.sender, to, document.title
    made["Date"] = format_datetime(_now())
    made["Message-ID"] = f"<{key}@{relay.domain}>"
    made["Content-Language"] = document.language
    made.set_content(plain(document))
    return made


def _deliver(run: _Run, key: str, to: str, made: EmailMessage) -> int:
    """Hand a message over; give 0 when it was accepted, else the relay's code."""
    if run.link is None:
        run.link = _connect(run.relay)
    try:
        run.link.send_message(made, from_addr=return_path(key, run.relay.domain), to_addrs=[to])
    except smtplib.SMTPRecipientsRefused as error:
        return next((code for code, _ in error.recipients.values()), 550)
    except smtplib.SMTPResponseException as error:
        if error.smtp_code == _CUT_OFF:
            run.link = None
        return error.smtp_code
    except (smtplib.SMTPServerDisconnected, OSError) as error:
        run.outbox.move(key, "crashed", _now())
        raise OutsideError("the relay broke off while a message was handed over", hint="run the same command again") from error
    return 0


def _wait(run: _Run, domain: str) -> None:
    now_s = time.monotonic()
    bucket = run.limits.get(domain) or full(run.relay.per_s, max(1.0, run.relay.per_s), at_s=now_s)
    run.limits[domain], wait_s = take(bucket, at_s=now_s)
    if wait_s:
        time.sleep(wait_s)


@contextmanager
def _linked(run: _Run) -> Iterator[None]:
    try:
        yield
    finally:
        if run.link is not None:
            run.link.close()


def _connect(relay: Relay) -> smtplib.SMTP:
    try:
        link = smtplib.SMTP(relay.host, relay.port, timeout=TIMEOUT_S)
        if relay.tls:
            link.starttls()
    except (OSError, smtplib.SMTPException) as error:
        raise OutsideError("the mail relay can't be reached", where=f"{relay.host}:{relay.port}", hint="check address and network") from error
    return link


def _now() -> datetime:
    return datetime.now(UTC)
