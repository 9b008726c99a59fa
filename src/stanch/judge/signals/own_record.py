"""Counter-evidence: the endpoint is the caller's own record."""

from stanch.judge.evidence import Context, Evidence
from stanch.judge.kinds import card, never
from stanch.judge.reason import Said


def weigh(evidence: Evidence, context: Context) -> Said | None:
    """Weigh that people see their own data here, unless others' data come too or the data belong to nobody."""
    relation = evidence.picture.relation
    if not evidence.is_self_endpoint or relation.other > relation.own or never(evidence.label.datatype) or card(evidence.label.datatype):
        return None
    return Said(signal="own_record", says="the endpoint answers with the caller's own record")
