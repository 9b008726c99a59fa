"""Paths of a policy, compiled into a tree that a walk over JSON follows step by step.

Accepts ``$.a.b``, ``[*]`` for every array element, ``[~]`` for every member of a map, ``['odd name']``, and ``@json`` for JSON
held in a string. Knows nothing of what is done at a path.

An origin that leaks may also change its mind about shapes, so a path reaches its member all the same when
- an array stands where the path has a name: ``$.author.email`` reaches into ``{"author": [{"email": …}]}``;
- a single value stands where the path has ``[*]``: ``$.authors[*].email`` reaches into ``{"authors": {"email": …}}``;
- both a name and ``[~]`` lead on: ``$.a.email`` beside ``$[~].phone`` reaches ``$.a.phone`` too.
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
        """Follow a member; what the wildcard says was added to every name of its own."""
        return self.members.get(name) or self.any_member

    def single(self) -> "Node":
        """Give the node for a value that is no array, though the path may expect one."""
        node = self
        while node.element is not None:
            node = node.element
        return node

    def inner(self) -> "Node | None":
        """Give the node for the elements of an array, though the path may expect none."""
        return self.element or (self if self.action is None else None)


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
        node.action = stronger(node.action, action)
    settle(root)
    return root


def stronger(one: str | None, other: str | None) -> str | None:
    return "drop" if "drop" in {one, other} else other or one


def settle(node: Node) -> None:
    """Let what a wildcard says hold for names beside it, and what names say hold for elements beside them."""
    if node.any_member is not None:
        node.members = {name: merged(named, node.any_member) for name, named in node.members.items()}
    if node.element is not None:
        node.element = merged(node.element, Node(members=node.members, any_member=node.any_member, in_string=node.in_string))
    below = (*node.members.values(), node.any_member, node.element, node.in_string)
    for child in filter(None, below):
        settle(child)


def merged(one: Node | None, other: Node | None) -> Node:
    """Make a node that does what either does; neither is changed."""
    a, b = one or Node(), other or Node()
    return Node(
        action=stronger(a.action, b.action),
        members={name: merged(a.members.get(name), b.members.get(name)) for name in {**a.members, **b.members}},
        element=merged(a.element, b.element) if a.element or b.element else None,
        any_member=merged(a.any_member, b.any_member) if a.any_member or b.any_member else None,
        in_string=merged(a.in_string, b.in_string) if a.in_string or b.in_string else None,
    )


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
