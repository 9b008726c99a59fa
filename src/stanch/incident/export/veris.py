"""VERIS: the incident in the vocabulary of breach statistics.

Source: verisframework.org, schema 1.4; varieties of data are mapped from our datatypes.
"""

from typing import Any

import orjson

from stanch.incident.export.model import Export
from stanch.incident.glance import glance

VARIETY = {"credential": "Credentials", "finance": "Bank", "health": "Medical", "gov_id": "Personal", "contact": "Personal", "person": "Personal"}


def render_veris(export: Export) -> bytes:
    incident, seen = export.incident, glance(export.incident)
    families = {item.datatype.partition(".")[0] for leak in incident.leaks for item in leak.fields}
    varieties = sorted({VARIETY.get(family, "Other") for family in families})
    document: dict[str, Any] = {
        "schema_version": "1.4", "incident_id": incident.key, "summary": incident.title, "security_incident": "Confirmed",
        "confidence": "High", "action": {"error": {"variety": ["Publishing error"], "vector": ["Carelessness"]}},
        "attribute": {"confidentiality": {
            "data_disclosure": "Yes", "data_total": seen.n_subjects, "data": [{"variety": v, "amount": seen.n_subjects} for v in varieties],
        }},
        "asset": {"assets": [{"variety": "S - Web application"}]}, "timeline": timeline(export), "plus": {"exercise": incident.exercise},
    }  # fmt: skip
    return orjson.dumps(document, option=orjson.OPT_INDENT_2)


def timeline(export: Export) -> dict[str, Any]:
    began = export.incident.anchor("occurred") or export.incident.declared_at or export.now
    return {"incident": {"year": began.year, "month": began.month, "day": began.day}}
