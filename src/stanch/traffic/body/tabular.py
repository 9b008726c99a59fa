"""CSV and tab-separated text.

Decides the rows: a list of objects by the header row, every value a string.
Refuses to guess whether the first row is a header: it is.

Source: RFC 4180.
"""

import csv
import io

from stanch.traffic.body.limits import BodyError, Limits, Notes, Parsed
from stanch.traffic.body.members import members
from stanch.traffic.body.text import decode_text


def read_csv(data: bytes, charset: str | None, limits: Limits, notes: Notes) -> Parsed:
    """Read rows; cells beyond the header are named by their position, such as ``#4``.

    Raises: BodyError for a cell over 128 KiB.
    """
    del limits
    text = decode_text(data, charset, notes)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        rows = [row for row in reader if row]
    except csv.Error:
        raise BodyError(f"CSV is malformed at line {reader.line_num}") from None
    if not rows:
        return Parsed(tree=[])
    return Parsed(tree=[_row(rows[0], row) for row in rows[1:]] or [rows[0]])


def _delimiter(text: str) -> str:
    first = text.lstrip("\r\n").partition("\n")[0]
    return max(",;\t|", key=first.count)


def _row(header: list[str], row: list[str]) -> object:
    names = [header[at] if at < len(header) else f"#{at + 1}" for at in range(len(row))]
    return members(list(zip(names, row, strict=True)))
