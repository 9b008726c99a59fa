"""A document: blocks of spans, each span either template text, a fact, or a field merged for one person."""

from dataclasses import dataclass
from typing import Literal

BlockKind = Literal["title", "heading", "paragraph", "item", "field"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    text: str
    fact: str = ""
    """Key of the fact whose value the text is."""
    merge: str = ""
    """Name of the personal field that takes this place when the document is sent."""
    missing: bool = False
    """The fact is not known yet; the text says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    kind: BlockKind
    spans: tuple[Span, ...]
    label: str = ""
    """What a field is called."""

    @property
    def text(self) -> str:
        return "".join(span.text for span in self.spans)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    kind: str
    language: str
    audience: str
    rules: tuple[str, ...]
    """Rules whose contents it must keep to."""
    blocks: tuple[Block, ...]
    provides: frozenset[str]
    """Contents that it holds, in the rules' words."""
    used: frozenset[str]
    """Facts that it rests on, those that decided what it shows among them."""
    missing: frozenset[str]
    """Facts that it needs and that are not known."""
    foreign: frozenset[str] = frozenset()
    """Texts that were stated in another language only."""
    phased: bool = False
    """May go out with facts still missing."""
    max_grade: float | None = None
    max_words: int | None = None
    exercise: bool = False

    @property
    def title(self) -> str:
        return next((block.text for block in self.blocks if block.kind == "title"), self.kind)

    @property
    def merges(self) -> frozenset[str]:
        return frozenset(span.merge for block in self.blocks for span in block.spans if span.merge)

    @property
    def text(self) -> str:
        """All words, a block a line; what the linter reads."""
        return "\n".join(f"{block.label} {block.text}".strip() for block in self.blocks)
