"""A whole object poured out: internal columns travel along."""

from stanch.judge.evidence import Context, Evidence
from stanch.judge.reason import Said
from stanch.judge.words import INTERNAL


def weigh(evidence: Evidence, context: Context) -> Said | None:
    """Weigh members beside the field that no client needs, the mark of a generic serialiser."""
    internal = sorted(name for name in evidence.siblings if INTERNAL.match(name) and name != evidence.picture.name)
    if not internal or evidence.is_self_endpoint or evidence.datatype.public_by_nature or evidence.is_sign_in:
        return None
    named = ", ".join(internal[:4])
    says = f"the same object carries internal columns ({named}): the mark of a generic serialiser"
    return Said(signal="whole_object", strength=min(1.0, 0.35 + 0.25 * len(internal)), says=says)
