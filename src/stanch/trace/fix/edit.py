"""Edits of a source text at the places that its syntax tree gives; everything else stays as it is, byte by byte."""

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import unified_diff


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    path: str
    start: int
    end: int
    """Character offsets; equal where text is only put in."""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    edits: tuple[Edit, ...]
    safe: bool
    why: str


def offset(source: str, line: int, column: int) -> int:
    """Turn a position of a syntax tree (line from 1, column in UTF-8 bytes) into a character offset."""
    lines = source.splitlines(keepends=True)
    head = lines[line - 1].encode()[:column].decode(errors="ignore") if line <= len(lines) else ""
    return sum(map(len, lines[: line - 1])) + len(head)


def span(source: str, node: ast.expr | ast.stmt) -> tuple[int, int]:
    return offset(source, node.lineno, node.col_offset), offset(source, node.end_lineno or node.lineno, node.end_col_offset or 0)


def replaced(path: str, source: str, node: ast.expr, text: str) -> Edit:
    return Edit(path, *span(source, node), text)


def after(path: str, source: str, node: ast.stmt, text: str) -> Edit:
    """Put text in after the last line of a statement."""
    end = offset(source, (node.end_lineno or node.lineno), node.end_col_offset or 0)
    newline = source.find("\n", end)
    at = len(source) if newline < 0 else newline + 1
    return Edit(path, at, at, text if newline >= 0 else f"\n{text}")


def whole_line(path: str, source: str, node: ast.expr | ast.stmt) -> Edit:
    """Take out the lines that a statement, or one element on lines of its own, stands on."""
    start, end = span(source, node)
    begin = source.rfind("\n", 0, start) + 1
    newline = source.find("\n", end)
    return Edit(path, begin, len(source) if newline < 0 else newline + 1, "")


def applied(sources: Mapping[str, str], edits: Iterable[Edit]) -> dict[str, str]:
    """Give the changed files with all edits made, each once.

    Raises: ValueError where two edits overlap.
    """
    by_path: dict[str, list[Edit]] = {}
    for edit in sorted(set(edits)):
        by_path.setdefault(edit.path, []).append(edit)
    return {path: changed(sources[path], found) for path, found in by_path.items()}


def changed(source: str, edits: list[Edit]) -> str:
    out: list[str] = []
    at = 0
    for edit in edits:
        if edit.start < at:
            raise ValueError("edits overlap")
        out += [source[at : edit.start], edit.text]
        at = edit.end
    return "".join([*out, source[at:]])


def diff(sources: Mapping[str, str], new: Mapping[str, str]) -> str:
    """Write a unified diff that ``git apply`` and ``patch -p1`` take from the source folder."""
    parts: list[str] = []
    for path in sorted(new):
        lines = unified_diff(sources[path].splitlines(keepends=True), new[path].splitlines(keepends=True), f"a/{path}", f"b/{path}")
        parts += [line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines]
    return "".join(parts)


def indent_of(source: str, node: ast.ClassDef) -> str:
    """Give the indentation of a class's body, as the file has it."""
    first = node.body[0]
    line = source.splitlines()[first.lineno - 1]
    return line[: len(line) - len(line.lstrip())] if first.lineno != node.lineno else " " * (node.col_offset + 4)


def quoted(names: Iterable[str]) -> str:
    """Write a tuple of names."""
    listed = [f'"{n}"' for n in names]
    return f"({', '.join(listed)}{',' if len(listed) == 1 else ''})"
