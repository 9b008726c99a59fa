"""YAML and JSON as a tree that remembers where everything stands, so that a mistake is shown by line and column.

Refuses anchors and aliases (a small text could stand for an enormous one), duplicate keys, and texts over the limits.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import yaml

from stanch.errors import InputError

MAX_BYTES = 4 * 1024 * 1024
_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A value of the document and where it stands."""

    name: str
    """Of the file."""
    path: str
    """Such as ``rules[0].mask[1].path``; empty for the whole."""
    node: yaml.Node

    def wrong(self, what: str, hint: str = "") -> InputError:
        """Make the error that says where; ``what`` must not quote the value."""
        mark = self.node.start_mark
        spot = f"{self.name}, line {mark.line + 1}, column {mark.column + 1}"
        return InputError(f"{self.path} {what}" if self.path else what, where=spot, hint=hint)

    def members(self, *, required: Iterable[str] = (), optional: Iterable[str] = ()) -> dict[str, "Spot"]:
        """Read a mapping of known members.

        Raises: InputError for an unknown, doubled or missing one.
        """
        found: dict[str, Spot] = {}
        known = (*required, *optional)
        for key, spot in self.pairs():
            if key.text() not in known:
                raise key.wrong("is not known here", f"known are {', '.join(known)}")
            if key.text() in found:
                raise key.wrong("stands here twice")
            found[key.text()] = spot
        if missing := [name for name in required if name not in found]:
            raise self.wrong(f"needs '{missing[0]}'")
        return found

    def pairs(self) -> Iterator[tuple["Spot", "Spot"]]:
        if not isinstance(self.node, yaml.MappingNode):
            raise self.wrong("must be a mapping of names to values")
        for key, value in self.node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise self.wrong("has a name that is no plain text")
            path = f"{self.path}.{key.value}" if self.path else key.value
            yield Spot(name=self.name, path=path, node=key), Spot(name=self.name, path=path, node=value)

    def items(self) -> list["Spot"]:
        if not isinstance(self.node, yaml.SequenceNode):
            raise self.wrong("must be a list")
        return [Spot(name=self.name, path=f"{self.path}[{number}]", node=node) for number, node in enumerate(self.node.value)]

    def one_or_more(self) -> list["Spot"]:
        return self.items() if isinstance(self.node, yaml.SequenceNode) else [self]

    def text(self) -> str:
        if not isinstance(self.node, yaml.ScalarNode) or self.node.tag == "tag:yaml.org,2002:null":
            raise self.wrong("must be a text")
        return str(self.node.value)

    def is_mapping(self) -> bool:
        return isinstance(self.node, yaml.MappingNode)

    def filled(self, limit: int = 200) -> str:
        if not 0 < len(text := self.text()) <= limit:
            raise self.wrong(f"must have 1 to {limit} characters")
        return text

    def choice(self, *known: str) -> str:
        if (text := self.text()) not in known:
            raise self.wrong(f"must be one of {', '.join(known)}")
        return text

    def whole(self, low: int, high: int) -> int:
        text = self.text()
        if not text.isascii() or not text.isdecimal() or len(text) > 12 or not low <= int(text) <= high:
            raise self.wrong(f"must be a whole number from {low} to {high}")
        return int(text)

    def share(self) -> float:
        """Read ``5%`` or ``0.05``."""
        text = self.text().strip()
        try:
            value = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
        except ValueError:
            raise self.wrong("must be a share such as 5% or 0.05") from None
        if not 0 <= value <= 1:
            raise self.wrong("must be a share from 0 to 100%")
        return value

    def flag(self) -> bool:
        if not isinstance(self.node, yaml.ScalarNode) or self.node.tag != "tag:yaml.org,2002:bool":
            raise self.wrong("must be true or false")
        return self.node.value.lower() in {"true", "yes", "on"}


def read_document(data: bytes, *, name: str) -> Spot:
    """Read YAML or JSON.

    Raises: InputError with line and column where it is neither.
    """
    if len(data) > MAX_BYTES:
        raise InputError(f"has more than {MAX_BYTES} bytes", where=name)
    try:
        text = data.decode("utf-8-sig")
        refuse_aliases(text, name)
        node = yaml.compose(text, Loader=_Loader)
    except UnicodeDecodeError as error:
        raise InputError("is no UTF-8 text", where=f"{name}, byte {error.start + 1}") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        spot = f"{name}, line {mark.line + 1}, column {mark.column + 1}" if mark else name
        raise InputError("is neither YAML nor JSON", where=spot) from None
    except RecursionError:
        raise InputError("is nested too deeply", where=name) from None
    if node is None:
        raise InputError("is empty", where=name)
    return Spot(name=name, path="", node=node)


def refuse_aliases(text: str, name: str) -> None:
    if "*" not in text and "&" not in text:
        return
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            mark = event.start_mark
            spot = f"{name}, line {mark.line + 1}, column {mark.column + 1}" if mark else name
            raise InputError("anchors and aliases are not allowed", where=spot, hint="write the value out; put text with * or & in quotes")
