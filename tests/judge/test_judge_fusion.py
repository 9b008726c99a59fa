from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stanch.judge.fusion import verdict
from stanch.judge.reason import Missing, Outcome, Reason


def reason(weight: float) -> Reason:
    return Reason(signal="s", weight=weight, says="words")


@pytest.mark.parametrize(("score", "outcome"), [(3.0, Outcome.EXCESSIVE), (0.0, Outcome.UNKNOWN), (-3.0, Outcome.NEEDED)])
def test_the_middle_is_unknown(score, outcome):
    assert verdict(score, [], []).outcome is outcome


def test_the_strongest_reason_comes_first():
    assert [r.weight for r in verdict(0.0, [reason(0.5), reason(-3.0), reason(2.0)], []).reasons] == [-3.0, 2.0, 0.5]


@given(st.floats(-1e6, 1e6, allow_nan=False))
def test_confidence_is_a_probability_of_the_named_outcome(score):
    result = verdict(score, [], [])
    assert 0.0 <= result.confidence <= 1.0
    assert result.outcome is Outcome.UNKNOWN or result.confidence >= 0.6


def test_missing_signals_change_nothing_but_are_listed():
    missing = [Missing(signal="client", why="none given")]
    assert verdict(9.9, [], []).confidence == 0.99
    assert verdict(1.0, [], missing).confidence == verdict(1.0, [], []).confidence == round(1 / (1 + exp(-1)), 3)
    assert verdict(1.0, [], missing).missing == tuple(missing)
