"""Counter-evidence: what goes out is kept to the one whom it concerns."""

from stanch.judge.evidence import Context, Evidence
from stanch.judge.kinds import CONTACT, card, never
from stanch.judge.reason import Missing, Said

FULL = 8
"""Repeated values from which the signal has its full strength."""

MIN_RECEIVERS = 3


def weigh(evidence: Evidence, context: Context) -> Said | Missing | None:
    """Weigh that every value, or the thing that it hangs on, only ever went to one caller."""
    if never(evidence.label.datatype) or card(evidence.label.datatype) or not evidence.n_values or evidence.picture.n_to_anonymous:
        return None
    if evidence.picture.relation.own == evidence.n_values:
        return None
    if context.n_callers < 2 or len(evidence.picture.received) < 2:
        return Missing(signal="kept_to_one", why="only one caller received it")
    scope = evidence.scope
    if scope.is_kept:
        strength = min(1.0, scope.n_repeated / FULL)
        return Said(
            signal="kept_to_one", strength=strength, says=f"{scope.n_exclusive} of {scope.n_repeated} values given repeatedly went to one caller each"
        )
    n = same_question_own_answer(evidence)
    if n >= MIN_RECEIVERS:
        says = f"{n} callers asked the same and each received values that no one else did"
        return Said(signal="kept_to_one", strength=min(1.0, n / FULL + 0.3), says=says)
    thing = context.scopes.of_thing(evidence.picture)
    if thing.is_kept and evidence.label.datatype.startswith(CONTACT):
        strength = 0.8 * min(1.0, thing.n_repeated / FULL)
        return Said(
            signal="kept_to_one",
            strength=strength,
            says=f"{thing.n_exclusive} of {thing.n_repeated} of the things that it hangs on were given to one caller each",
        )
    return None


def same_question_own_answer(evidence: Evidence) -> int:
    """Count the callers of a path without parameters where no value went to two of them; 0 where the values are account holders'."""
    picture = evidence.picture
    if "{" in picture.endpoint.template or evidence.is_about_accounts or any(len(who) > 1 for who in picture.receivers.values()):
        return 0
    return len(picture.received)
