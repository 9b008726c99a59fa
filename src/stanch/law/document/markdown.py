"""A document as Markdown: the canonical text that people approve, byte for byte."""

import re
from collections.abc import Iterable
from hashlib import sha256

from stanch.law.document.model import Block, Document, Span

_BREAK = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_SPECIAL = re.compile(r"([\\`*_\[\]<>#|])")


def markdown(document: Document) -> str:
    """Write a document; text from facts can't become markup."""
    parts: list[str] = []
    for block, before in zip(document.blocks, [None, *document.blocks], strict=False):
        tight = before is not None and block.kind == before.kind and block.kind in {"item", "field"}
        parts += ([] if tight or not parts else [""]) + [_line(block)]
    return "\n".join([*parts, ""])


def _line(block: Block) -> str:
    text = "".join(map(_span, block.spans))
    match block.kind:
        case "title":
            return f"# {text}"
        case "heading":
            return f"## {text}"
        case "item":
            return f"- {text}"
        case "field":
            return f"- **{escaped(block.label)}:** {text}"
        case _:
            return text


def _span(span: Span) -> str:
    return span.text if span.merge else escaped(span.text)


def escaped(text: str) -> str:
    """Write text so that Markdown shows it as it is, on one line."""
    return _SPECIAL.sub(r"\\\1", _BREAK.sub(" ", text))


def digest(document: Document) -> str:
    """Give the SHA-256 of what is approved: kind, language and canonical text."""
    head = f"{document.kind}\n{document.language}\n{document.audience}\n"
    return sha256((head + markdown(document)).encode()).hexdigest()


def diff_lines(old: str, new: str) -> Iterable[str]:
    """Give a unified diff between what was approved and what stands now."""
    from difflib import unified_diff  # noqa: PLC0415 -- only needed when someone looks

    return unified_diff(old.splitlines(), new.splitlines(), "approved", "now", lineterm="")
