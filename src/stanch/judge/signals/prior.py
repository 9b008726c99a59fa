"""How often data of this kind is too much when it is about someone else."""

from stanch.judge.evidence import Context, Evidence
from stanch.judge.reason import Reason


def weigh(evidence: Evidence, context: Context) -> Reason | None:
    """Start from the kind of data: public by nature, ordinary, or sensitive."""
    datatype = evidence.datatype
    if datatype.public_by_nature:
        return Reason(signal="public_by_nature", weight=-4.0, says=f"{datatype.title} is what people show to others by design")
    weight = round(4.0 * datatype.sensitivity - 2.2, 2)
    return Reason(signal="prior", weight=weight, says=f"{datatype.title}: sensitivity {datatype.sensitivity:.1f} of 1")
