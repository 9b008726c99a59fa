"""Counter-evidence: firms, venues and sites publish their own contact."""

from stanch.judge.evidence import Context, Evidence
from stanch.judge.kinds import PUBLISHED
from stanch.judge.reason import Said
from stanch.judge.words import BUSINESS, BUSINESS_MEMBERS


def weigh(evidence: Evidence, context: Context) -> Said | None:
    """Weigh that the object is a place or a firm: by its members or by its noun, and by no account holder being its subject."""
    picture = evidence.picture
    if not evidence.label.datatype.startswith(PUBLISHED) or evidence.is_about_accounts or picture.relation.own:
        return None
    marks = sorted((evidence.siblings | evidence.around) & BUSINESS_MEMBERS)
    nouns = [part for part in (*evidence.literals, *evidence.names[-2:]) if BUSINESS.match(part)]
    if not marks and not nouns:
        return None
    named = nouns[-1] if nouns else ", ".join(marks[:3])
    return Said(signal="published", says=f"the contact of a firm or place ({named}), about nobody who signs in here")
