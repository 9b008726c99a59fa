"""Data that no other person's client ever needs."""

from stanch.judge.evidence import Context, Evidence
from stanch.judge.reason import Reason

NEVER = (
    "credential.password",
    "credential.password_hash",
    "credential.otp",
    "finance.card",
    "credential.private_key",
    "credential.security_answer",
)
OF_OTHERS = ("gov_id.", "finance.iban", "finance.account", "finance.salary", "health.", "special.")


def weigh(evidence: Evidence, context: Context) -> Reason | None:
    """Apply the floor: credential material and card data go to nobody, government ids and health data to no stranger."""
    name, relation = evidence.label.datatype, evidence.picture.relation
    if evidence.n_values == 0:
        return None
    stranger = relation.own < evidence.n_values
    if name.startswith(NEVER) and (stranger or name.startswith("credential.password")):
        return Reason(signal="hard_rule", weight=4.5, says=f"{evidence.datatype.title} belongs in no response")
    if name.startswith(OF_OTHERS) and relation.other:
        return Reason(
            signal="hard_rule",
            weight=2.5,
            says=f"{evidence.datatype.title} of other people is never part of a public record",
        )
    return None
