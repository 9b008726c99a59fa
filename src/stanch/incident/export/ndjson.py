"""The journal itself: every entry in its one spelling, and the signed head last, so that it can be checked elsewhere."""

import orjson

from stanch.incident.export.model import Export
from stanch.incident.journal import entry_bytes


def render_ndjson(export: Export) -> bytes:
    lines = [entry_bytes(entry) for entry in export.entries]
    return b"\n".join([*lines, orjson.dumps({"signed_head": export.note}), b""])
