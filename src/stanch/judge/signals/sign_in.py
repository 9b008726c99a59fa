"""Counter-evidence: signing in and registering answer with what was just typed or issued."""

import re

from stanch.judge.evidence import Context, Evidence
from stanch.judge.reason import Reason

ISSUES = re.compile(r"(^|/)(apps|applications|clients|api-?keys|keys|tokens|credentials|accounts|users|webhooks)/?$", re.IGNORECASE)


def weigh(evidence: Evidence, context: Context) -> Reason | None:
    """Weigh that credentials are issued here, and that the account is the caller's."""
    if evidence.picture.where == "response.header" and "set-cookie" in evidence.picture.parents:
        return Reason(signal="own_cookie", weight=-8.0, says="a cookie that the caller's own client is given to keep")
    if issues_credential(evidence):
        return Reason(signal="issued", weight=-6.0, says="the endpoint issues this credential to the one who asked for it")
    if not evidence.is_sign_in or evidence.picture.relation.other > evidence.picture.relation.own:
        issued = evidence.label.datatype in {"credential.token", "credential.api_key"} and not evidence.in_list and evidence.is_self_endpoint
        return Reason(signal="own_credential", weight=-3.0, says="the caller's own record carries the caller's own token") if issued else None
    if evidence.label.datatype.startswith("credential.password"):
        return None
    return Reason(signal="sign_in", weight=-4.0, says="sign-in or registration: the caller receives what was just issued or typed")


def issues_credential(evidence: Evidence) -> bool:
    """Tell whether a POST creates the credential that it answers with: a new application, key, or account."""
    picture = evidence.picture
    is_credential = evidence.label.datatype in {
        "credential.secret",
        "credential.token",
        "credential.api_key",
        "credential.refresh_token",
    }
    return is_credential and picture.endpoint.method == "POST" and not evidence.in_list and ISSUES.search(picture.endpoint.template) is not None
