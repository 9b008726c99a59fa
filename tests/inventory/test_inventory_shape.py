from hypothesis import given
from hypothesis import strategies as st

from stanch.inventory.shape import alike, signature
from stanch.traffic.document import Pairs

TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.binary(max_size=3),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=5),
    max_leaves=20,
)


def test_values_do_not_matter():
    assert signature({"id": 1, "name": "Ann"}) == signature({"id": 2, "name": None})


def test_member_names_matter():
    assert not alike(signature({"id": 1, "name": "Ann"}), signature({"code": 2, "total": 3}))


def test_the_number_of_elements_does_not_matter():
    assert signature([{"id": 1}]) == signature([{"id": 1}, {"id": 2}])


def test_keys_that_are_data_do_not_matter():
    assert signature({"17": {"a": 1}}) == signature({"18": {"a": 1}, "19": {"a": 2}})


def test_an_empty_list_is_like_a_full_one():
    assert alike(signature({"total": 0, "items": []}), signature({"total": 1, "items": [{"id": 1, "name": "Ann"}]}))


def test_one_optional_member_of_ten_keeps_the_likeness():
    full = {f"member_{n}": n for n in range(10)}
    liked = sum(alike(signature(full), signature({k: v for k, v in full.items() if k != gone})) for gone in full)
    assert liked >= 8


def test_the_number_is_the_same_in_every_run():
    assert signature({"id": 1, "owner": {"name": "Ann"}}) == 16037619461056207531


@given(TREES)
def test_pairs_and_dicts_have_one_signature(tree):
    assert signature(tree) == signature(as_pairs(tree))
    assert 0 < signature(tree) < 1 << 64


def as_pairs(tree: object) -> object:
    if isinstance(tree, dict):
        return Pairs((key, as_pairs(value)) for key, value in reversed(tree.items()))
    return [as_pairs(item) for item in tree] if isinstance(tree, list) else tree
