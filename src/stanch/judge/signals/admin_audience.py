"""Counter-evidence: an endpoint for administrators."""

from stanch.judge.evidence import Context, Evidence
from stanch.judge.kinds import never
from stanch.judge.reason import Said


def weigh(evidence: Evidence, context: Context) -> Said | None:
    """Weigh that only staff is meant to come here, unless anonymous callers do; secrets are no staff's business either."""
    picture = evidence.picture
    if picture.n_to_anonymous or never(evidence.label.datatype) or not evidence.n_values:
        return None
    only_admins = picture.n_to_admins >= evidence.n_values
    if not evidence.is_admin and not only_admins:
        return None
    strength = 1.0 if evidence.is_admin or context.has_admins_and_others else 0.6
    return Said(signal="admin_audience", strength=strength, says="an administrators' endpoint, never answered to anonymous callers")
