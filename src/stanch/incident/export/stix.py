"""STIX 2.1: an incident with the exposed kinds of data, as a bundle.

Source: OASIS STIX 2.1; the incident object is a stub there, so details are in a labelled note.
"""

from uuid import UUID, uuid5

import orjson

from stanch.incident.export.model import Export
from stanch.incident.glance import glance
from stanch.incident.journal import instant

SPACE = UUID("9b0c5d59-7b0e-4a3e-8a67-8c1a0b0f5f8e")


def render_stix(export: Export) -> bytes:
    incident = export.incident
    created = instant(incident.declared_at or export.now)[:23] + "Z"
    modified = instant(incident.changed_at or export.now)[:23] + "Z"
    seen = glance(incident)
    base = {"spec_version": "2.1", "created": created, "modified": modified}
    identity = {"type": "identity", "id": sid("identity", "stanch"), "name": "stanch", "identity_class": "system", **base, "modified": created}
    main = {
        "type": "incident",
        "id": sid("incident", incident.key),
        "name": incident.title,
        "created_by_ref": identity["id"],
        "labels": [incident.severity],
        **base,
    }
    note = {
        "type": "note", "id": sid("note", incident.key), "abstract": "What leaks", "object_refs": [main["id"]], "created_by_ref": identity["id"],
        "content": f"{', '.join(seen.kinds)}; at least {seen.n_subjects} people; {seen.contained_says}", **base,
    }  # fmt: skip
    return orjson.dumps({"type": "bundle", "id": sid("bundle", incident.key), "objects": [identity, main, note]}, option=orjson.OPT_INDENT_2)


def sid(kind: str, name: str) -> str:
    return f"{kind}--{uuid5(SPACE, f'{kind}/{name}')}"
