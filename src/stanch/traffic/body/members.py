"""Objects from lists of members.

Decides when an object must keep its order and duplicates (``Pairs``) and when a ``dict`` says it all.
"""

from collections.abc import Iterable, Sequence

from stanch.traffic.document import Pairs


def members(pairs: Sequence[tuple[str, object]]) -> dict[str, object] | Pairs:
    """Make a ``dict``, or ``Pairs`` where a key stands twice."""
    tree = dict(pairs)
    return tree if len(tree) == len(pairs) else Pairs(pairs)


def items(tree: object) -> Iterable[tuple[str, object]]:
    """Give the members of an object of either form; nothing for anything else."""
    if isinstance(tree, dict):
        return tree.items()
    return tree if isinstance(tree, Pairs) else ()


def member(tree: object, key: str) -> object:
    """Give the first member of that name, or ``None``."""
    if isinstance(tree, dict):
        return tree.get(key)
    return next((value for name, value in items(tree) if name == key), None)
