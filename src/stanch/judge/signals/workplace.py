"""Counter-evidence: colleagues in one organisation's tool see each other's work contacts."""

from stanch.judge.evidence import Context, Evidence
from stanch.judge.kinds import WORK
from stanch.judge.reason import Said


def weigh(evidence: Evidence, context: Context) -> Said | None:
    """Weigh work contacts in a tool that is closed to the public; a telephone number may be a private one."""
    if not context.workplace or not evidence.label.datatype.startswith(WORK):
        return None
    strength = 0.7 if evidence.label.datatype.startswith("contact.phone") else 1.0
    says = "members of one organisation see each other's work contacts by design; nothing goes to anonymous callers"
    return Said(signal="workplace", strength=strength, says=says)
