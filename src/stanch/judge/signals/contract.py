"""What the declared contract says of the field."""

from stanch.inventory.contract import Declared
from stanch.judge.evidence import Context, Evidence
from stanch.judge.reason import Missing, Said


def weigh(evidence: Evidence, context: Context) -> Said | Missing | None:
    """Weigh an undeclared field heavily, a declared one lightly: contracts are generated from the same flawed code."""
    if context.contract is None:
        return Missing(signal="contract", why="no OpenAPI description was given")
    picture = evidence.picture
    declared = context.contract.declares(picture.endpoint.method, picture.endpoint.template, picture.status, picture.path)
    if declared == Declared.NO:
        return Said(signal="not_in_contract", says="the API description does not declare this field")
    if declared == Declared.YES:
        return Said(signal="in_contract", says="the API description declares this field")
    return Missing(signal="contract", why="the API description leaves this response open")
