"""Counter-evidence: a firm's staff and the people whom the firm keeps records of."""

from stanch.judge.evidence import Context, Evidence
from stanch.judge.kinds import never
from stanch.judge.reason import Said


def weigh(evidence: Evidence, context: Context) -> Said | None:
    """Weigh that the endpoint is about people none of whom ever signs in, and that only signed-in callers come here."""
    noun = next((part for part in evidence.literals if part in context.record_nouns), None)
    if noun is None or never(evidence.label.datatype) or evidence.picture.n_to_anonymous:
        return None
    return Said(signal="records", says=f"'{noun}' are people none of whom signs in here: the callers are their firm's staff")
