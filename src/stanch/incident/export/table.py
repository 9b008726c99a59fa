"""The timeline as CSV. A cell that a spreadsheet would run as a formula is made text.

Source: OWASP CSV injection: cells that begin with = + - @, tab or carriage return.
"""

import csv
from io import StringIO

import orjson

from stanch.incident.export.model import Export
from stanch.incident.journal import instant

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe(cell: str) -> str:
    """Put an apostrophe before what a spreadsheet would run, also behind spaces and quotes."""
    return f"'{cell}" if cell.startswith(DANGEROUS) or cell.lstrip(" \"'\u00a0\ufeff").startswith(DANGEROUS) else cell


def render_csv(export: Export) -> bytes:
    out = StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(["n", "recorded_at", "who", "what", "body"])
    for entry in export.entries:
        body = orjson.dumps(entry.body, option=orjson.OPT_SORT_KEYS).decode()
        writer.writerow(map(safe, [str(entry.n), instant(entry.at), export.names.get(entry.by, entry.by), entry.tag, body]))
    return out.getvalue().encode()
