"""One masker, two engines: the native kernel where it was built, the reference (``mask``) where not. Same bytes, same refusals.

Decides which engine a policy's paths run on; the paths and masks themselves are given.
"""

from collections.abc import Mapping
from typing import Protocol

from stanch.contain.mask import Masked, MaskError, mask_json
from stanch.contain.path import Node
from stanch.contain.replace import Replacement, masks
from stanch.kernel import Engine, kernel

Row = tuple[str | None, list[tuple[bytes, int]], int | None, int | None, int | None]
"""A node for the kernel: action, members, and the numbers of the nodes for elements, any member and JSON in a string."""


class Outcome(Protocol):
    """What masking gave; either engine's form of ``mask.Masked``."""

    @property
    def body(self) -> bytes: ...
    @property
    def n_masked(self) -> int: ...
    @property
    def n_dropped(self) -> int: ...


class Stream(Protocol):
    """One body on its way through in chunks; any call may raise MaskError, and then so does every later one."""

    def feed(self, chunk: bytes) -> bytes:
        """Take a chunk; give the bytes that are decided."""

    def finish(self) -> Outcome:
        """End the body: the rest of it, and what was done in all."""


class Masker(Protocol):
    """The paths and masks of one route, ready to run. May be used by several threads at once."""

    def mask(self, body: bytes) -> Outcome:
        """Mask one JSON document.

        Raises: MaskError where it can't be masked with certainty.
        """

    def stream(self) -> Stream:
        """Start a document that comes in chunks."""


def masker(root: Node, key: bytes, *, engine: Engine = "auto") -> Masker:
    """Make the masker for compiled paths and the key of their hashes.

    Raises: InputError where the kernel is asked for by name and was not built.
    """
    native = kernel(engine)
    if native is None:
        return ReferenceMasker(root, masks(key))
    compiled: Masker = native.Policy(rows(root), key, MaskError)
    return compiled


class ReferenceMasker:
    """Masks with the reference; a stream is masked whole at its end."""

    __slots__ = ("_masks", "_root")

    def __init__(self, root: Node, replacements: Mapping[str, Replacement]) -> None:
        self._root = root
        self._masks = replacements

    def mask(self, body: bytes) -> Masked:
        return mask_json(body, self._root, self._masks)

    def stream(self) -> Stream:
        return _Gathered(self)


class _Gathered:
    """A stream without the kernel: nothing comes out before the end."""

    def __init__(self, masker: ReferenceMasker) -> None:
        self._masker = masker
        self._chunks: list[bytes] = []

    def feed(self, chunk: bytes) -> bytes:
        self._chunks.append(chunk)
        return b""

    def finish(self) -> Masked:
        return self._masker.mask(b"".join(self._chunks))


def rows(root: Node) -> list[Row]:
    """Number the nodes of a tree of paths, the root first, and write each as a row."""
    numbers = {id(root): 0}
    nodes = [root]
    for node in nodes:
        for below in (*node.members.values(), node.element, node.any_member, node.in_string):
            if below is not None and id(below) not in numbers:
                numbers[id(below)] = len(nodes)
                nodes.append(below)
    return [row(node, numbers) for node in nodes]


def row(node: Node, numbers: Mapping[int, int]) -> Row:
    def number(below: Node | None) -> int | None:
        return None if below is None else numbers[id(below)]

    members = [(name.encode("utf-8", "surrogatepass"), numbers[id(below)]) for name, below in node.members.items()]
    return node.action, members, number(node.element), number(node.any_member), number(node.in_string)
