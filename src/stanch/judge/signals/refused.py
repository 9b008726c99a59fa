"""Counter-evidence: others were turned away."""

from stanch.judge.evidence import Context, Evidence
from stanch.judge.kinds import never
from stanch.judge.reason import Said


def weigh(evidence: Evidence, context: Context) -> Said | None:
    """Weigh that signed-in callers were refused here: someone decides who may see this."""
    endpoint = evidence.picture.endpoint
    turned_away = {caller for caller, n in endpoint.refused.items() if caller and n}
    if not turned_away or evidence.picture.n_to_anonymous or never(evidence.label.datatype):
        return None
    if turned_away & {caller for caller, n in endpoint.callers.items() if n > endpoint.refused[caller]} and "{" not in endpoint.template:
        return None
    return Said(signal="refused", says=f"{len(turned_away)} signed-in callers were refused at this endpoint: someone decides who may see this")
