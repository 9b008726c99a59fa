"""The tree is that of RFC 9162: its known values, and every proof for every size."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stanch.incident.tree import (
    EMPTY,
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)

# Test data of the certificate transparency project: eight leaves and the roots of the first n.
LEAVES = [bytes.fromhex(text) for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
hashes = st.lists(st.binary(max_size=8), min_size=1, max_size=70).map(lambda items: [leaf_hash(item) for item in items])


@pytest.mark.parametrize("n", range(1, 9))
def test_the_roots_are_those_of_the_known_vectors(n):
    assert root_of([leaf_hash(leaf) for leaf in LEAVES[:n]]).hex() == ROOTS[n - 1]


def test_an_empty_tree_is_the_hash_of_nothing():
    assert root_of([]) == EMPTY == Frontier().root()


@given(hashes)
def test_appending_one_by_one_gives_the_same_root(leaves):
    frontier = Frontier()
    for leaf in leaves:
        frontier = frontier.append(leaf)
    assert (frontier.root(), frontier.size) == (root_of(leaves), len(leaves))
    assert len(frontier.peaks) == len(leaves).bit_count()


@given(hashes, st.data())
def test_every_leaf_can_be_proven_and_no_other_in_its_place(leaves, data):
    index = data.draw(st.integers(0, len(leaves) - 1))
    proof, root = inclusion_proof(leaves, index), root_of(leaves)
    assert verify_inclusion(leaves[index], index, len(leaves), proof, root)
    assert not verify_inclusion(leaf_hash(b"another leaf"), index, len(leaves), proof, root)
    assert not verify_inclusion(leaves[index], index + 1, len(leaves), proof, root) or leaves[index] in leaves[index + 1 :]
    assert not verify_inclusion(leaves[index], index, len(leaves), (*proof, root), root)


def test_every_earlier_size_is_consistent_with_every_later_one():
    leaves = [leaf_hash(bytes([n])) for n in range(33)]
    for size in range(1, 34):
        root = root_of(leaves[:size])
        for old in range(1, size + 1):
            proof = consistency_proof(leaves[:size], old)
            assert verify_consistency(old, size, root_of(leaves[:old]), root, proof), (old, size)
            assert not verify_consistency(old, size, leaf_hash(b"other"), root, proof)
            assert not verify_consistency(old, size, root_of(leaves[:old]), leaf_hash(b"other"), proof)


@given(hashes, st.data())
def test_a_changed_past_has_no_consistency_proof(leaves, data):
    old = data.draw(st.integers(1, len(leaves)))
    changed = data.draw(st.integers(0, old - 1))
    before = root_of([*leaves[:changed], leaf_hash(b"what was there before"), *leaves[changed + 1 : old]])
    assert not verify_consistency(old, len(leaves), before, root_of(leaves), consistency_proof(leaves, old))


@pytest.mark.parametrize("place", [-1, 3])
def test_asking_for_what_is_not_there_is_refused(place):
    with pytest.raises(IndexError):
        inclusion_proof([leaf_hash(b"")] * 3, place)
    with pytest.raises(IndexError):
        consistency_proof([leaf_hash(b"")] * 3, 4 if place == 3 else 0)
