import pytest
from hypothesis import given
from hypothesis import strategies as st

from stanch.inventory.mapkey import is_data_key, is_map
from stanch.traffic.document import Pairs

PEOPLE = ("ann", "bob", "carol", "dan", "eve", "frank", "grace", "heidi")


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({name: {"email": "x", "age": 7} for name in PEOPLE}, True),
        ({name: {"email": "x", "age": 7} for name in PEOPLE[:7]}, False),
        ({name: {"email": "x", "age": 7} | ({"note": "x"} if name == "eve" else {}) for name in PEOPLE}, True),
        ({name: {name: 1} for name in PEOPLE}, False),
        ({name: {} for name in PEOPLE}, False),
        (dict.fromkeys(PEOPLE, 1), False),
        ({f"{name}-{n}": n for n in range(25) for name in PEOPLE}, True),
        ({f"{name}-{n}": (n or "x") for n in range(25) for name in PEOPLE}, False),
        ({f"{name}-{n}": None for n in range(25) for name in PEOPLE}, False),
        ({**{name: {"email": "x"} for name in PEOPLE}, "total": 8}, False),
        ({}, False),
    ],
)
def test_many_members_of_one_kind_make_a_map(members, expected):
    assert is_map(tuple(members.items())) is expected
    assert is_map(tuple((key, Pairs(value.items()) if isinstance(value, dict) else value) for key, value in members.items())) is expected


@pytest.mark.parametrize("key", ["17", "ann@example.org", "+12025550143", "2024-01-02", "203.0.113.7", "usr_1a2b3c4d5e6f", "1e4b3f2a9c8d7e6f"])
def test_a_key_with_the_form_of_a_value_is_data(key):
    assert is_data_key(key)


@pytest.mark.parametrize("key", ["email", "name_2", "\u0661\u0662", "v1", "", "address_line_1"])
def test_a_key_with_the_form_of_a_name_is_none(key):
    assert not is_data_key(key)


@given(st.lists(st.tuples(st.text(), st.none() | st.integers() | st.dictionaries(st.text(), st.integers())), max_size=20))
def test_the_order_of_members_does_not_matter(members):
    assert is_map(tuple(members)) == is_map(tuple(reversed(members)))
