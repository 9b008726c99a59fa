"""Counter-evidence: kinds of data that do little harm by themselves."""

from stanch.judge.evidence import Context, Evidence
from stanch.judge.kinds import MILD
from stanch.judge.reason import Said

FLAG = 2.5
"""A mere yes or no says the less."""


def weigh(evidence: Evidence, context: Context) -> Said | None:
    """Weigh that reasonable reviewers differ about this kind: a country, a role, a flag."""
    if not evidence.label.datatype.startswith(MILD) or evidence.datatype.public_by_nature:
        return None
    strength = FLAG if set(evidence.picture.summary.types) <= {"bool"} else 1.0
    return Said(signal="mild", strength=strength, says=f"{evidence.datatype.title} alone does little harm")
