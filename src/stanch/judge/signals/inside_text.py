"""Someone else's address inside a text that the application wrote."""

import re

from stanch.identity.person import snake
from stanch.judge.evidence import Context, Evidence
from stanch.judge.reason import Said

WRITTEN_BY_PEOPLE = frozenset(
    ["body", "content", "message", "comment", "description", "bio", "note", "notes", "html", "markdown", "texto", "nachricht"]
)

MESSAGE = re.compile(r"(^|_)(messages?|comments?|posts?|repl(y|ies)|reviews?|chats?|feedbacks?|nachrichten?|mensajes?|commentaires?)$")
"""Nouns of what people write to each other."""


def weigh(evidence: Evidence, context: Context) -> Said | None:
    """Weigh addresses of account holders within texts, unless people wrote the text themselves."""
    picture = evidence.picture
    if not picture.summary.candidates["packed.email"]:
        return None
    if snake(picture.name) in WRITTEN_BY_PEOPLE or any(MESSAGE.search(name) for name in evidence.names[-2:]):
        return Said(signal="written_by_people", says="the addresses stand in texts that people wrote")
    if not picture.others_with_account:
        return None
    return Said(signal="inside_text", says=f"texts name the addresses of {len(picture.others_with_account)} other account holders")
