"""Counter-evidence: an endpoint for administrators."""

from stanch.judge.evidence import Context, Evidence
from stanch.judge.reason import Reason


def weigh(evidence: Evidence, context: Context) -> Reason | None:
    """Weigh that only staff is meant to come here, unless anonymous callers do."""
    picture = evidence.picture
    if picture.n_to_anonymous or not (evidence.is_admin or (picture.n_to_admins and picture.n_to_admins >= evidence.n_values)):
        return None
    if evidence.label.datatype.startswith(("credential.password", "credential.otp", "finance.card_cvv")):
        return None
    return Reason(signal="admin_audience", weight=-3.5, says="an administrators' endpoint, never answered to anonymous callers")
