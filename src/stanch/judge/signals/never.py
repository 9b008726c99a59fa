"""Data that no client ever needs back."""

from stanch.judge.evidence import Context, Evidence
from stanch.judge.kinds import OWN_ONLY, card, never
from stanch.judge.reason import Said
from stanch.judge.signals.masked import whole_numbers

WHOLE = 0.3
"""Share of whole numbers from which a column holds card numbers rather than masked ones."""


def weigh(evidence: Evidence, context: Context) -> Said | None:
    """Apply the floor: credential material goes to nobody, full card data to nobody but, at most, their holder."""
    name, picture = evidence.label.datatype, evidence.picture
    if evidence.n_values == 0:
        return None
    if never(name):
        return Said(signal="never", says=f"{evidence.datatype.title} belongs in no response")
    if name.startswith(OWN_ONLY):
        return Said(signal="never", says=f"{evidence.datatype.title} of others belongs in no response") if picture.relation.other else None
    if card(name) and whole_numbers(picture.summary) >= WHOLE:
        strength = 1.0 if picture.relation.own < evidence.n_values else 0.4
        return Said(signal="never", strength=strength, says=f"{evidence.datatype.title}: a payment card is shown by its last digits at most")
    return None
