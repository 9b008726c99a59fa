"""The customer's user store, read when the message goes out: CSV or NDJSON, a person a line.

An error names the line and never what stands in it.
"""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from stanch.errors import InputError
from stanch.law.document.merge import Recipient
from stanch.personal import Personal

COLUMNS = ("reference", "name", "email", "address", "language", "data_types")


def people(path: str) -> Iterator[Recipient]:
    """Read people one by one.

    Raises: InputError with the line of the first that can't be used.
    """
    try:
        with Path(path).open(encoding="utf-8", newline="") as file:
            rows = _ndjson(path, file) if path.endswith((".ndjson", ".jsonl")) else _csv(path, file)
            for number, row in rows:
                yield _person(f"{path}:{number}", row)
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("can't be read as UTF-8 text", where=path) from error


def _csv(path: str, file: Any) -> Iterator[tuple[int, dict[str, Any]]]:  # noqa: ANN401 -- an open text file
    reader = csv.DictReader(file)
    if not {"reference", "name", "data_types"} <= set(reader.fieldnames or ()):
        raise InputError("needs the columns reference, name and data_types", where=f"{path}:1", hint=f"known: {', '.join(COLUMNS)}")
    for row in reader:
        yield reader.line_num, row


def _ndjson(path: str, file: Any) -> Iterator[tuple[int, dict[str, Any]]]:  # noqa: ANN401 -- an open text file
    for number, line in enumerate(file, 1):
        try:
            row = json.loads(line)
        except ValueError as error:
            raise InputError("is not JSON", where=f"{path}:{number}") from error
        if not isinstance(row, dict):
            raise InputError("is not an object", where=f"{path}:{number}")
        yield number, row


def _person(where: str, row: dict[str, Any]) -> Recipient:
    reference, name, kinds = (row.get(key) or "" for key in ("reference", "name", "data_types"))
    if not reference or not name or not kinds:
        raise InputError("reference, name and data_types must be there", where=where)
    email, address = row.get("email") or "", row.get("address") or ""
    if email and (email.count("@") != 1 or any(c.isspace() or not c.isprintable() for c in email)):
        raise InputError("the e-mail address can't be used", where=where)
    return Recipient(
        reference=str(reference),
        name=Personal(" ".join(str(name).split())),
        email=Personal(str(email)) if email else None,
        address=Personal(str(address)) if address else None,
        language=str(row.get("language") or "en"),
        datatypes=frozenset(kinds if isinstance(kinds, list) else str(kinds).replace(";", " ").split()),
    )
