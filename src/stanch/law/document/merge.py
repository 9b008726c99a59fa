"""The last step: a person's own fields take their places in an approved document.

Reveals personal values into the one message that is theirs, and nowhere else.
"""

from dataclasses import dataclass, field, replace

from stanch.law.document.model import Block, Document, Span
from stanch.law.document.template import Words
from stanch.law.document.wording import datatype, joined
from stanch.personal import Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """One person, as the customer's own user store has them when the message goes out."""

    reference: str
    """The store's key or case number of the person; it stands in the letter."""
    name: Personal[str]
    email: Personal[str] | None = None
    address: Personal[str] | None = None
    language: str = "en"
    datatypes: frozenset[str] = field(default_factory=frozenset)
    """What of this person leaked."""


def merged(document: Document, person: Recipient, words: Words) -> Document:
    """Put a person's fields into a document; everything else stays as approved."""
    values = _values(person, words)
    return replace(document, blocks=tuple(_block(block, values) for block in document.blocks))


def _values(person: Recipient, words: Words) -> dict[str, str]:
    name = person.name.reveal()
    return {
        "name": name,
        "salutation": words.greeting.replace("{name}", name),
        "reference": person.reference,
        "address": person.address.reveal() if person.address else "",
        "data_types": joined(dict.fromkeys(datatype(each, words) for each in sorted(person.datatypes)), words),
    }


def _block(block: Block, values: dict[str, str]) -> Block:
    if not any(span.merge for span in block.spans):
        return block
    return replace(block, spans=tuple(Span(text=values[span.merge], merge=span.merge) if span.merge else span for span in block.spans))


def plain(document: Document) -> str:
    """Write a document as the plain text of a message."""
    marks = {"item": "- ", "heading": "\n", "title": ""}
    parts = []
    for block in document.blocks:
        label = f"{block.label}: " if block.label else ""
        parts.append(f"{marks.get(block.kind, '')}{label}{block.text}" + ("" if block.kind in {"item", "field"} else "\n"))
    return "\n".join(parts)
