"""Counter-evidence: the endpoint is the caller's own record."""

from stanch.judge.evidence import Context, Evidence
from stanch.judge.reason import Reason


def weigh(evidence: Evidence, context: Context) -> Reason | None:
    """Weigh that people see their own data here, unless others' data come too."""
    relation = evidence.picture.relation
    if not evidence.is_self_endpoint or relation.other > relation.own:
        return None
    return Reason(signal="own_record", weight=-3.0, says="the endpoint answers with the caller's own record")
