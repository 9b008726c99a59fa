"""Counter-evidence: signing in and registering answer with what was just typed or issued."""

import re

from stanch.judge.evidence import Context, Evidence
from stanch.judge.kinds import never, secret
from stanch.judge.reason import Said

ISSUES = re.compile(
    r"(^|/)(apps|applications|clients|api-?keys|keys|tokens|credentials|accounts|users|webhooks|invite|invites|invitations)/?$", re.IGNORECASE
)


def weigh(evidence: Evidence, context: Context) -> Said | None:
    """Weigh that credentials are issued here, and that the account is the caller's."""
    picture, name = evidence.picture, evidence.label.datatype
    if picture.where == "response.header":
        return Said(signal="own_cookie", says="a header or cookie that the caller's own client is given to keep") if secret(name) else None
    if never(name):
        return None
    if issues_credential(evidence) or (secret(name) and evidence.is_sign_in and not evidence.in_list):
        return Said(signal="issued", says="the endpoint issues this credential to the one who asked for it")
    if evidence.is_sign_in and not evidence.in_list and picture.relation.other <= picture.relation.own:
        return Said(signal="sign_in", says="sign-in or registration: the caller receives what was just issued or typed")
    if secret(name) and evidence.is_self_endpoint and not evidence.in_list:
        return Said(signal="own_credential", says="the caller's own record carries the caller's own token")
    return None


def issues_credential(evidence: Evidence) -> bool:
    """Tell whether a POST creates the credential that it answers with: a new application, key, or account."""
    endpoint = evidence.picture.endpoint
    return secret(evidence.label.datatype) and endpoint.method == "POST" and not evidence.in_list and ISSUES.search(endpoint.template) is not None
