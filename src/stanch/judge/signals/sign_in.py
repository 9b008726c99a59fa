"""Counter-evidence: signing in and registering answer with what was just typed or issued."""

from stanch.judge.evidence import Context, Evidence
from stanch.judge.reason import Reason


def weigh(evidence: Evidence, context: Context) -> Reason | None:
    """Weigh that credentials are issued here, and that the account is the caller's."""
    if not evidence.is_sign_in or evidence.picture.relation.other > evidence.picture.relation.own:
        issued = evidence.label.datatype in {"credential.token", "credential.api_key"} and not evidence.in_list and evidence.is_self_endpoint
        return Reason(signal="own_credential", weight=-3.0, says="the caller's own record carries the caller's own token") if issued else None
    if evidence.label.datatype.startswith("credential.password"):
        return None
    return Reason(signal="sign_in", weight=-4.0, says="sign-in or registration: the caller receives what was just issued or typed")
