"""SARIF 2.1.0 (OASIS), for code scanning: a result stands at the cause's line, its way as a code flow."""

from hashlib import sha256

import orjson

from stanch import __version__
from stanch.trace.model import Cause, Place, Risk, Trace, Traced

LEVELS = {"critical": "error", "high": "error", "medium": "warning", "low": "note"}
RANK = ("low", "medium", "high", "critical")


def render_sarif(trace: Trace) -> bytes:
    by_fingerprint = {t.fingerprint: t for t in trace.findings}
    results = [cause_result(c, [by_fingerprint[f] for f in c.findings]) for c in trace.causes] + [risk_result(r) for r in trace.risks]
    rules = sorted({str(r["ruleId"]) for r in results})
    run = {
        "tool": {"driver": {"name": "stanch", "semanticVersion": __version__, "rules": [rule(r) for r in rules]}},
        "results": results,
        "columnKind": "utf16CodeUnits",
    }
    document = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def rule(name: str) -> dict[str, object]:
    return {
        "id": name,
        "shortDescription": {"text": f"Excessive data exposure: {name.rpartition('/')[2].replace('-', ' ')}"},
        "help": {"text": "Write an explicit list of the members that the receiver needs. OWASP API3:2023, CWE-213."},
        "properties": {"tags": ["security", "privacy", "external/cwe/cwe-213"]},
    }


def cause_result(c: Cause, found: list[Traced]) -> dict[str, object]:
    endpoints = sorted({t.endpoint for t in found})
    worst = max((t.severity for t in found), key=lambda s: RANK.index(s) if s in RANK else 0)
    return {
        "ruleId": f"cause/{c.step.kind}",
        "level": LEVELS.get(worst, "warning"),
        "message": {"text": f"{c.step.place.symbol} lets {', '.join(c.fields)} out of {', '.join(endpoints)}."},
        "locations": [location(c.step.place)],
        "codeFlows": [{"threadFlows": [{"locations": [{"location": location(s.place, f"{s.kind}: {s.how}")} for s in found[0].chains[0].steps]}]}],
        "partialFingerprints": {"stanch/cause/v1": fingerprint(f"cause/{c.step.kind}", c.step.place)},
        "rank": round(100 * c.confidence, 1),
    }


def risk_result(r: Risk) -> dict[str, object]:
    return {
        "ruleId": f"risk/{r.rule}",
        "level": LEVELS[r.severity],
        "message": {"text": f"{r.place.symbol}: {r.says}."},
        "locations": [location(r.place)],
        "partialFingerprints": {"stanch/cause/v1": fingerprint(f"risk/{r.rule}", r.place)},
    }


def fingerprint(name: str, place: Place) -> str:
    """Name a result by rule, file and symbol: a line may move."""
    return sha256(f"{name} {place.file} {place.symbol}".encode()).hexdigest()[:16]


def location(place: Place, message: str = "") -> dict[str, object]:
    physical = {"artifactLocation": {"uri": place.file.replace(" ", "%20")}, "region": {"startLine": max(place.line, 1)}}
    out: dict[str, object] = {"physicalLocation": physical, "logicalLocations": [{"fullyQualifiedName": place.symbol}]}
    return out | {"message": {"text": message}} if message else out
