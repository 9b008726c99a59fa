"""Write the compiled masks of one route as text, for ``libstanch``: gateways that are not Python read it (``native/core/src/written.rs``).

Decides the form only; one line a node, so that a change of policy is a change of lines.
"""

from stanch.contain.masker import Row, rows
from stanch.contain.path import Node


def written(root: Node, key: bytes) -> bytes:
    """Give the text; the key of the hashes stands in it, so it is as secret as the key."""
    return "\n".join(["stanch-mask 1", f"key {key[:64].hex()}", *map(line, rows(root))]).encode()


def line(row: Row) -> str:
    action, members, element, any_member, in_string = row
    numbers = ("-" if number is None else str(number) for number in (element, any_member, in_string))
    return " ".join(["node", action or "-", *numbers, *(f"{name.hex()}={number}" for name, number in members)])
