"""Rules of the house that import-linter can't see."""

import ast
from pathlib import Path

import grimp
import pytest

SRC = Path(__file__).resolve().parents[2] / "src" / "stanch"
PURE = ("traffic", "inventory", "classify", "identity", "judge", "finding", "contain", "ledger", "trace", "law", "incident")
MODULES = sorted(p for folder in PURE for p in (SRC / folder).rglob("*.py"))
FORBIDDEN_CALLS = {"open", "print", "input", "exec", "eval"}
FORBIDDEN_ATTRIBUTES = {("datetime", "now"), ("datetime", "utcnow"), ("date", "today"), ("uuid", "uuid4"), ("uuid", "uuid1")}


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(SRC).as_posix())
def test_a_pure_module_touches_no_world_and_catches_narrowly(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in FORBIDDEN_CALLS
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            assert (node.value.id, node.attr) not in FORBIDDEN_ATTRIBUTES
        if isinstance(node, ast.ExceptHandler):
            assert node.type is not None
            assert getattr(node.type, "id", "") not in {"Exception", "BaseException"}


def test_every_module_says_what_it_is_for():
    for path in SRC.rglob("*.py"):
        assert ast.get_docstring(ast.parse(path.read_text())), path


REVEALERS = {"personal.py", "engines/law_mail.py", "engines/ledger/inquiry.py", "cli/ledger_ask.py", "law/document/merge.py"}
"""Modules at the last step, where a personal value leaves its wrapper on purpose: the mail, the letter, the answer to one person."""
WRITES = {"save", "create", "bulk_create", "update", "bulk_update", "delete", "get_or_create", "update_or_create"}


def test_only_a_listed_few_reveal_a_personal_value():
    found = {path.relative_to(SRC).as_posix() for path in SRC.rglob("*.py") if ".reveal(" in path.read_text()}
    assert found <= REVEALERS


@pytest.mark.parametrize("path", sorted([*(SRC / "console" / "views").rglob("*.py"), SRC / "console" / "api.py"]), ids=lambda p: p.name)
def test_what_the_console_shows_never_writes_a_row(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
            assert ".objects" not in ast.unparse(node.func.value), f"line {node.lineno} belongs into an action"


def test_no_modules_import_each_other_in_a_circle():
    """Counts imports in functions and under TYPE_CHECKING too."""
    graph = grimp.build_graph("stanch", cache_dir=None)
    left = {name: set(graph.find_modules_directly_imported_by(name)) - {name} for name in graph.modules}
    while leaves := [name for name, below in left.items() if not below]:
        for name in leaves:
            del left[name]
        for below in left.values():
            below.difference_update(leaves)
    assert left == {}, "what remains is in a circle or leads to one"
