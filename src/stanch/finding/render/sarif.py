"""SARIF 2.1.0 (OASIS), for code scanning. A finding's place is the endpoint, as a logical location, within its capture."""

import orjson

from stanch import __version__
from stanch.finding.report import Finding, Report

LEVELS = {"critical": "error", "high": "error", "medium": "warning", "low": "note"}
SECURITY = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "3.0"}


def render_sarif(report: Report) -> bytes:
    """Write one run with a rule per datatype."""
    datatypes = sorted({f.datatype for f in report.findings})
    run = {
        "tool": {"driver": {"name": "stanch", "semanticVersion": __version__, "rules": [rule(d, report) for d in datatypes]}},
        "results": [result(f, datatypes) for f in report.findings],
        "columnKind": "utf16CodeUnits",
    }
    document = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def rule(datatype: str, report: Report) -> dict[str, object]:
    worst = max((f.severity for f in report.findings if f.datatype == datatype), key=lambda s: float(SECURITY[s]))
    return {
        "id": f"excessive/{datatype}",
        "shortDescription": {"text": f"Excessive data exposure: {datatype}"},
        "help": {
            "text": "The response carries personal data that its receiver has no need of. Serialise an explicit list of fields. OWASP API3:2023, CWE-213."
        },
        "properties": {
            "tags": ["security", "privacy", "external/cwe/cwe-213", "external/cwe/cwe-200"],
            "security-severity": SECURITY[worst],
        },
    }


def result(f: Finding, datatypes: list[str]) -> dict[str, object]:
    why = "; ".join(r.says for r in f.reasons[:3])
    return {
        "ruleId": f"excessive/{f.datatype}",
        "ruleIndex": datatypes.index(f.datatype),
        "level": LEVELS[f.severity] if f.verdict == "excessive" else "note",
        "message": {"text": f"{f.endpoint} {f.path}: {f.title}. {why}."},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": f.first_where.split("#", 1)[0].replace(" ", "%20") or "capture"},
                    "region": {"startLine": 1},
                },
                "logicalLocations": [{"fullyQualifiedName": f"{f.endpoint} {f.path}", "kind": "member"}],
            }
        ],
        "partialFingerprints": {"stanch/v1": f.fingerprint},
        "rank": round(100 * f.confidence, 1),
    }
