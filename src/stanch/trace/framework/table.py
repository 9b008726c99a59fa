"""Route tables of a project's own: pairs of a path and a handler in a literal list, whatever reads them."""

import ast
from collections.abc import Iterator

from stanch.trace.gather import Gathered
from stanch.trace.summary import RawRoute
from stanch.trace.syntax import dotted, text_of, texts_of

VERBS = {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"}


def collect(found: Gathered) -> Iterator[RawRoute]:
    for target, value in found.lists:
        for row in rows(value):
            yield from of_row(row, target)


def rows(value: ast.expr) -> Iterator[list[ast.expr]]:
    """Give the cells of every tuple in a list (or of a sum of lists), and the pairs of a dict."""
    match value:
        case ast.List(elts=items) | ast.Tuple(elts=items):
            for item in items:
                if isinstance(item, (ast.Tuple, ast.List)):
                    yield item.elts
        case ast.Dict(keys=keys, values=values):
            for key, item in zip(keys, values, strict=True):
                if key is not None:
                    yield [key, item]
        case ast.BinOp(left=left, right=right):
            yield from rows(left)
            yield from rows(right)


def of_row(cells: list[ast.expr], target: str) -> Iterator[RawRoute]:
    """Read one row: the cell that begins with a slash is the path, the one that is a name is the handler, verbs are verbs."""
    path = next((t for t in map(text_of, cells) if t and (t.startswith(("/", "^/", "r/")))), None)
    handler = next((name for cell in cells if isinstance(cell, (ast.Name, ast.Attribute, ast.Call)) and (name := dotted(cell))), "")
    if path is None or not handler:
        return
    methods = tuple(m for cell in cells for m in texts_of(cell) if m in VERBS)
    yield RawRoute(
        methods=methods,
        path=path.lstrip("^"),
        owner=f"table:{target}",
        handler=handler.removesuffix(".as_view"),
        line=cells[0].lineno,
        framework="table",
    )
