"""Row-level excess: other people's keys in a list, for the client to filter."""

from stanch.judge.evidence import Context, Evidence
from stanch.judge.kinds import secret
from stanch.judge.reason import Said

MIN_VALUES = 3


def weigh(evidence: Evidence, context: Context) -> Said | None:
    """Weigh secrets that differ from thing to thing and that several people receive alike. Source: OWASP API3:2019, scenario 2."""
    receivers = evidence.picture.receivers
    if not secret(evidence.label.datatype) or len(receivers) < MIN_VALUES or evidence.is_admin:
        return None
    n_shared = sum(len(who) > 1 for who in receivers.values())
    if 2 * n_shared < len(receivers):
        return None
    strength = round(n_shared / len(receivers), 3)
    return Said(signal="shared_secret", strength=strength, says=f"{n_shared} of {len(receivers)} secrets went to several people each")
