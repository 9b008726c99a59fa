"""Counter-evidence: the value is masked already."""

from stanch.classify.column import FieldSummary
from stanch.judge.evidence import Context, Evidence
from stanch.judge.reason import Said


def weigh(evidence: Evidence, context: Context) -> Said | None:
    """Weigh that no value under a card's name is a whole number: what is left of it is meant to be seen."""
    if evidence.label.datatype != "finance.card" or not evidence.n_values or whole_numbers(evidence.picture.summary):
        return None
    return Said(signal="masked", says="none of the values is a whole card number")


def whole_numbers(summary: FieldSummary) -> float:
    """Give the share of values that are digits throughout, in groups or not."""
    grouped = min(summary.share("shape.code"), summary.share("shape.spaced"))
    numbers = summary.types["int"] / summary.n_values if summary.n_values else 0.0
    return max(summary.share("finance.card"), summary.share("shape.digits"), grouped, numbers)
