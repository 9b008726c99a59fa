"""Points in time from which an incident's clocks run. Each is set with who and why; a later setting adds, it never overwrites."""

from typing import Literal, get_args

AnchorName = Literal["occurred", "suspected", "aware", "determined", "contained", "eradicated", "recovered", "told_regulator", "told_people"]
ANCHORS: tuple[AnchorName, ...] = get_args(AnchorName)

MEANS: dict[AnchorName, str] = {
    "occurred": "The leak began: the first response that gave data away.",
    "suspected": "Somebody first thought that something could be wrong.",
    "aware": "Reasonably certain that personal data got out: where the law's hours begin.",
    "determined": "What got out, of whom and to whom was established.",
    "contained": "The last leaking response is in the past, as measured.",
    "eradicated": "The cause is out of the code and out of every sibling.",
    "recovered": "Service is back without the stopgap.",
    "told_regulator": "The first notice reached a supervisory authority.",
    "told_people": "The first letter reached an affected person.",
}
