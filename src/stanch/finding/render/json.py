"""JSON: the form that others rely on. Every member is written by name; nothing is dumped."""

import msgspec
import orjson

from stanch.errors import InputError
from stanch.finding.report import (
    SCHEMA,
    CaptureRow,
    EndpointRow,
    FieldRow,
    Finding,
    Flaw,
    Justified,
    Reason,
    Report,
)


def render_json(report: Report) -> bytes:
    """Write the report; the same report gives the same bytes."""
    return orjson.dumps(to_dict(report), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def to_dict(report: Report) -> dict[str, object]:
    return {
        "schema": SCHEMA,
        "capture": capture_dict(report.capture),
        "endpoints": [endpoint_dict(row) for row in report.endpoints],
        "fields": [field_dict(row) for row in report.fields],
        "findings": [finding_dict(row) for row in report.findings],
        "flaws": [flaw_dict(row) for row in report.flaws],
        "justified": [justified_dict(row) for row in report.justified],
        "unneeded_justifications": list(report.unneeded_justifications),
    }


def capture_dict(row: CaptureRow) -> dict[str, object]:
    undecodable = [{"where": item.where, "reason": item.reason} for item in row.undecodable]
    return {
        "n_exchanges": row.n_exchanges,
        "n_bytes": row.n_bytes,
        "n_undecodable": row.n_undecodable,
        "n_opaque": row.n_opaque,
        "undecodable": undecodable,
    }


def endpoint_dict(row: EndpointRow) -> dict[str, object]:
    return {
        "key": row.key, "host": row.host, "method": row.method, "template": row.template, "n_exchanges": row.n_exchanges,
        "n_callers": row.n_callers, "authenticated": row.authenticated,
    }  # fmt: skip


def field_dict(row: FieldRow) -> dict[str, object]:
    return {
        "endpoint": row.endpoint, "status": row.status, "where": row.where, "path": row.path, "datatype": row.datatype, "confidence": row.confidence,
        "n_values": row.n_values, "n_distinct": row.n_distinct,
        "relation": {"self": row.relation.self, "other": row.relation.other, "unknown": row.relation.unknown},
        "needed_because": [reason_dict(r) for r in row.needed_because],
    }  # fmt: skip


def reason_dict(row: Reason) -> dict[str, object]:
    return {"signal": row.signal, "weight": row.weight, "says": row.says}


def finding_dict(row: Finding) -> dict[str, object]:
    return {
        "fingerprint": row.fingerprint, "endpoint": row.endpoint, "path": row.path, "where": row.where, "status": row.status, "datatype": row.datatype,
        "verdict": row.verdict, "confidence": row.confidence, "severity": row.severity, "title": row.title,
        "reasons": [reason_dict(r) for r in row.reasons], "counter": [reason_dict(r) for r in row.counter],
        "missing_signals": list(row.missing_signals), "n_subjects": row.n_subjects, "n_recipients": row.n_recipients,
        "references": list(row.references), "first_where": row.first_where, "flaw": row.flaw,
    }  # fmt: skip


def flaw_dict(row: Flaw) -> dict[str, object]:
    return {
        "key": row.key, "endpoint": row.endpoint, "entity": row.entity, "verdict": row.verdict, "severity": row.severity, "confidence": row.confidence,
        "title": row.title, "paths": list(row.paths), "datatypes": list(row.datatypes), "fingerprints": list(row.fingerprints),
        "n_subjects": row.n_subjects, "n_recipients": row.n_recipients, "references": list(row.references),
    }  # fmt: skip


def justified_dict(row: Justified) -> dict[str, object]:
    return {
        "fingerprint": row.fingerprint,
        "endpoint": row.endpoint,
        "path": row.path,
        "by": row.by,
        "why": row.why,
        "until": row.until,
    }


def parse_report(data: bytes, *, name: str) -> Report:
    """Read a report back.

    Raises: InputError with the position of what does not fit.
    """
    try:
        raw = msgspec.json.decode(data)
        if not isinstance(raw, dict) or raw.get("schema") != SCHEMA:
            raise InputError(
                f"this is no {SCHEMA} report",
                where=name,
                hint="make one with: stanch scan CAPTURE --format json -o report.json",
            )
        return msgspec.convert(raw, Report)
    except RecursionError:
        raise InputError("the report is nested too deeply", where=name) from None
    except msgspec.MsgspecError as error:
        raise InputError(f"the report can't be read: {str(error).splitlines()[0][:160]}", where=name) from None
