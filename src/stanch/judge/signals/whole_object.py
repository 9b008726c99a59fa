"""A whole object poured out: internal columns travel along."""

from stanch.judge.evidence import INTERNAL, Context, Evidence
from stanch.judge.reason import Reason


def weigh(evidence: Evidence, context: Context) -> Reason | None:
    """Weigh members beside the field that no client needs, the mark of a generic serialiser."""
    internal = sorted(name for name in evidence.siblings if INTERNAL.match(name))
    if not internal or evidence.is_self_endpoint or evidence.datatype.public_by_nature:
        return None
    named = ", ".join(internal[:4])
    return Reason(
        signal="whole_object",
        weight=min(2.0, 0.7 + 0.5 * len(internal)),
        says=f"the same object carries internal columns ({named}): the mark of a generic serialiser",
    )
