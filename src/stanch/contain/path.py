"""Paths of a policy, compiled into a tree that a walk over JSON follows step by step.

Accepts ``$.a.b``, ``[*]`` for every array element, ``[~]`` for every member of a map, ``['odd name']``, and ``@json`` for JSON
held in a string. Knows nothing of what is done at a path.
"""

import re
from dataclasses import dataclass, field

from stanch.errors import InputError

ELEMENT = "[*]"
ANY_MEMBER = "[~]"
IN_STRING = "@json"

_STEP = re.compile(r"\.([^.\[\]@'\"]+)|(\[\*\])|(\[~\])|\['((?:[^'\\]|\\.)*)'\]|(@json)")


@dataclass(slots=True)
class Node:
    """A place in the tree of paths: what is done here, and where the steps from here lead."""

    action: str | None = None
    """``drop`` or the name of a mask; ``None`` where the path goes on."""
    members: dict[str, "Node"] = field(default_factory=dict)
    element: "Node | None" = None
    any_member: "Node | None" = None
    in_string: "Node | None" = None

    def member(self, name: str) -> "Node | None":
        """Follow a member; a name of its own goes before the wildcard."""
        return self.members.get(name) or self.any_member


def parse_path(text: str) -> tuple[str, ...]:
    """Split a path into steps.

    Shape: a name as it stands, or one of the step constants with a leading NUL so that no name can equal it.
    Raises: InputError with the position of the first character that can't be read.
    """
    if not text.startswith("$"):
        raise InputError("a path starts with $", where=f"path, character 1 of {len(text)}")
    steps: list[str] = []
    position = 1
    while position < len(text):
        match = _STEP.match(text, position)
        if match is None:
            raise InputError(
                "a path can't be read",
                where=f"path, character {position + 1} of {len(text)}",
                hint="write $.a.b, [*], [~], ['odd name'] or @json",
            )
        name, element, any_member, quoted, _ = match.groups()
        steps.append(name or (re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else "\0" + (element or any_member or IN_STRING)))
        position = match.end()
    return tuple(steps)


def compile_paths(actions: dict[str, str]) -> Node:
    """Build the tree for a map of path to action; where two paths meet, ``drop`` wins over a mask."""
    root = Node()
    for path, action in sorted(actions.items()):
        node = root
        for step in parse_path(path):
            node = advance(node, step)
        node.action = "drop" if "drop" in {node.action, action} else action
    return root


def advance(node: Node, step: str) -> Node:
    match step:
        case "\0[*]":
            node.element = node.element or Node()
            return node.element
        case "\0[~]":
            node.any_member = node.any_member or Node()
            return node.any_member
        case "\0@json":
            node.in_string = node.in_string or Node()
            return node.in_string
        case _:
            return node.members.setdefault(step, Node())
