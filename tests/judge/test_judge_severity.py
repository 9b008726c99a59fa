from types import SimpleNamespace

import pytest

from stanch.classify.taxonomy import TAXONOMY
from stanch.judge.severity import severity, severity_points


def evidence(datatype, *, n_others=1, n_recipients=1, anonymous=0):
    picture = SimpleNamespace(others=set(range(n_others)), recipients=set(range(n_recipients)), n_to_anonymous=anonymous)
    return SimpleNamespace(picture=picture, datatype=TAXONOMY[datatype])


@pytest.mark.parametrize(
    ("datatype", "reach", "level"),
    [
        ("person.name", {}, "low"),
        ("contact.email", {}, "medium"),
        ("contact.email", {"n_others": 1000, "n_recipients": 1000, "anonymous": 5}, "high"),
        ("credential.password", {"n_others": 20, "n_recipients": 5, "anonymous": 1}, "critical"),
    ],
)
def test_severity_follows_the_kind_of_data_its_reach_and_who_received_it(datatype, reach, level):
    assert severity(evidence(datatype, **reach)) == level


def test_more_people_and_receivers_never_make_it_less_severe():
    points = [severity_points(evidence("contact.phone", n_others=n, n_recipients=m)) for n in (1, 10, 100) for m in (1, 10, 100)]
    assert min(points) == points[0]
    assert max(points) == points[-1]


def test_what_anyone_received_is_more_severe_than_what_users_received():
    assert severity_points(evidence("contact.phone", anonymous=1)) > severity_points(evidence("contact.phone"))
