"""Data that no client ever needs back."""

from stanch.judge.evidence import Context, Evidence
from stanch.judge.kinds import card, never
from stanch.judge.reason import Said


def weigh(evidence: Evidence, context: Context) -> Said | None:
    """Apply the floor: credential material goes to nobody, full card data to nobody but, at most, their holder."""
    name, relation, n = evidence.label.datatype, evidence.picture.relation, evidence.n_values
    if n == 0:
        return None
    if never(name):
        return Said(signal="never", says=f"{evidence.datatype.title} belongs in no response")
    if card(name):
        strength = 1.0 if relation.own < n else 0.4
        return Said(signal="never", strength=strength, says=f"{evidence.datatype.title}: a payment card is shown by its last digits at most")
    return None
