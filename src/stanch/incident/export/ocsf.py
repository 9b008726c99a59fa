"""OCSF 1.x incident finding (class 2005).

Source: schema.ocsf.io, incident_finding; status, severity and verdict enumerations of that class.
"""

from typing import Any

import orjson

from stanch.incident.export.model import Export
from stanch.incident.glance import glance
from stanch.incident.phase import Phase

SEVERITY = {"low": 2, "medium": 3, "high": 4, "critical": 5}
STATUS: dict[Phase, tuple[int, str]] = {"detection": (1, "New"), "review": (4, "Resolved"), "closed": (5, "Closed")}
IN_PROGRESS = (2, "In Progress")


def render_ocsf(export: Export) -> bytes:
    return orjson.dumps(finding(export), option=orjson.OPT_INDENT_2)


def finding(export: Export) -> dict[str, Any]:
    incident = export.incident
    status_id, status = STATUS.get(incident.phase, IN_PROGRESS)
    at = int(incident.declared_at.timestamp() * 1_000) if incident.declared_at else 0
    return {
        "class_uid": 2005, "class_name": "Incident Finding", "category_uid": 2, "category_name": "Findings",
        "activity_id": 2, "activity_name": "Update",
        "type_uid": 200502, "time": int(export.now.timestamp() * 1_000), "start_time": at, "severity_id": SEVERITY[incident.severity],
        "severity": incident.severity.capitalize(), "status_id": status_id, "status": status, "is_suspected_breach": True,
        "desc": incident.title, "finding_info_list": [leak_info(incident.key, leak.endpoint, len(leak.fields)) for leak in incident.leaks],
        "impact": glance(incident).contained_says,
        "metadata": {"version": "1.3.0", "product": {"name": "stanch", "vendor_name": "stanch"}, "uid": incident.key},
    }  # fmt: skip


def leak_info(key: str, endpoint: str, n_fields: int) -> dict[str, Any]:
    return {"uid": f"{key}/{endpoint}", "title": f"Excessive data exposure in {endpoint}", "desc": f"{n_fields} fields", "types": ["API3:2023"]}
