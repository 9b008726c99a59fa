"""Nobody signed in and the data went out all the same."""

from stanch.judge.evidence import Context, Evidence
from stanch.judge.reason import Said


def weigh(evidence: Evidence, context: Context) -> Said | None:
    """Weigh values about account holders that went to callers without any credential."""
    n, relation = evidence.picture.n_to_anonymous, evidence.picture.relation
    if not n or not relation.other + relation.unknown or evidence.datatype.public_by_nature or evidence.is_sign_in:
        return None
    if not evidence.is_person and not evidence.picture.others_with_account:
        return None
    return Said(signal="anonymous", says=f"{n} values went to callers who had not signed in")
