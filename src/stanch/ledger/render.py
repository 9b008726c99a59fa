"""Answers as JSON and CSV: every member by name. People are pseudonyms or counts."""

import csv
import io
from datetime import datetime

import orjson

from stanch.ledger.absence import Lookout
from stanch.ledger.answer import NO_BOUND, Affected, Count, Group, PersonRecord, Received, Surplus, Sweep
from stanch.ledger.coverage import HOUR_MS, Gap
from stanch.ledger.disclosure import moment

SCHEMA = "stanch.affected/1"
COLUMNS = ("name", "detail", "people_at_least", "people_at_most", "recipients_at_least", "recipients_at_most", "n_disclosures", "first_at", "last_at")


def render_json(answer: Affected) -> bytes:
    return orjson.dumps(answer_dict(answer), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def answer_dict(answer: Affected) -> dict[str, object]:
    question = answer.question
    return {
        "schema": SCHEMA,
        "by": answer.by,
        "scope": question.scope,
        "since": stamp(question.since),
        "until": stamp(question.until),
        "people": count_dict(answer.people),
        "recipients": count_dict(answer.recipients),
        "n_disclosures": answer.n_disclosures,
        "n_unattributed": answer.n_unattributed,
        "first_at": stamp(answer.first_at),
        "last_at": stamp(answer.last_at),
        "groups": [group_dict(group) for group in answer.groups],
        "n_left_out": answer.n_left_out,
        "notes": list(answer.notes),
        "gaps": [gap_dict(gap) for gap in answer.gaps],
    }


def group_dict(group: Group) -> dict[str, object]:
    return {
        "name": group.name,
        "detail": group.detail,
        "people": count_dict(group.people),
        "recipients": count_dict(group.recipients),
        "n_disclosures": group.n_disclosures,
        "first_at": stamp(group.first_at),
        "last_at": stamp(group.last_at),
    }


def count_dict(count: Count) -> dict[str, object]:
    return {"at_least": count.at_least, "at_most": None if count.at_most >= NO_BOUND else count.at_most, "exact": count.exact}


def gap_dict(gap: Gap) -> dict[str, object]:
    return {
        "endpoint": gap.endpoint,
        "from": hour_stamp(gap.first_hour),
        "to": hour_stamp(gap.last_hour, 1),
        "reason": gap.reason,
        "n_responses": gap.n_responses,
    }


def hour_stamp(hour: int | None, plus: int = 0) -> str | None:
    return None if hour is None else stamp(moment((hour + plus) * HOUR_MS))


def stamp(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat().replace("+00:00", "Z")


def rows(answer: Affected) -> list[tuple[object, ...]]:
    """Give the groups as a table under ``COLUMNS``."""
    return [
        (
            g.name, g.detail, g.people.at_least, g.people.at_most, g.recipients.at_least, g.recipients.at_most, g.n_disclosures, stamp(g.first_at),
            stamp(g.last_at),
        )
        for g in answer.groups
    ]  # fmt: skip


def render_csv(answer: Affected) -> bytes:
    """Write the groups; a name that a spreadsheet would run as a formula is quoted with an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([tuple("" if cell is None else inert(cell) for cell in row) for row in rows(answer)])
    return out.getvalue().encode()


def inert(cell: object) -> object:
    """Source: CWE-1236."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell


def gap_text(gap: Gap) -> str:
    """Say a gap in a line."""
    where = gap.endpoint or "all endpoints"
    when = f"{hour_stamp(gap.first_hour)} to {hour_stamp(gap.last_hour, 1)}" if gap.first_hour is not None else "at an unknown time"
    n = f" ({gap.n_responses:,} responses)" if gap.n_responses else ""
    return f"{where}, {when}: {gap.reason}{n}"


def sweep_dict(sweep: Sweep) -> dict[str, object]:
    return {
        "session": sweep.session,
        "endpoint": sweep.endpoint,
        "n_responses": sweep.n_responses,
        "n_people": sweep.n_people,
        "n_places": sweep.n_places,
        "n_steps": sweep.n_steps,
        "per_minute_peak": sweep.per_minute_peak,
        "n_credentials": sweep.n_credentials,
        "n_addresses": sweep.n_addresses,
        "first_at": stamp(sweep.first_at),
        "last_at": stamp(sweep.last_at),
        "signs": list(sweep.signs),
    }


def surplus_dict(item: Surplus) -> dict[str, object]:
    return {
        "recipient": item.recipient,
        "kind": item.kind,
        "endpoint": item.endpoint,
        "n_responses": item.n_responses,
        "needed": list(item.needed),
        "sent_beyond": list(item.sent_beyond),
        "undecided": list(item.undecided),
    }


def lookout_dict(item: Lookout) -> dict[str, object]:
    return {
        "endpoint": item.endpoint,
        "n_exchanges": item.n_exchanges,
        "n_unread": item.n_unread,
        "n_silent_hours": item.n_silent_hours,
        "may_say_none": item.may_say_none,
        "first_at": stamp(item.first_at),
        "last_at": stamp(item.last_at),
    }


def record_dict(record: PersonRecord) -> dict[str, object]:
    return {
        "subject": record.subject,
        "residences": [{"country": r.country, "state": r.state, "source": r.source, "confidence": r.confidence} for r in record.residences],
        "recipients": count_dict(record.n_recipients),
        "received": [received_dict(item) for item in record.received],
    }


def received_dict(item: Received) -> dict[str, object]:
    return {
        "recipient": item.recipient,
        "kind": item.kind,
        "staff": item.staff,
        "relation": item.relation,
        "endpoint": item.endpoint,
        "datatypes": list(item.datatypes),
        "n_responses": item.n_responses,
        "first_at": stamp(item.first_at),
        "last_at": stamp(item.last_at),
    }
