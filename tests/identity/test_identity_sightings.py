import pickle
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from stanch.identity.sightings import Sighting, Sightings

seen = st.lists(
    st.tuples(st.sampled_from(["a", "b", "c"]), st.builds(Sighting, st.integers(0, 2**64 - 1), st.integers(0, 50), st.just(()))), max_size=300
)


def store(items, limit):
    found = Sightings(limit)
    for key, sighting in items:
        found.add(key, sighting)
    return found


def content(found):
    found.finish()
    return {key: dict(counts) for key, counts in found.items()}, {key: found.total(key) for key in found}, found.width


@given(seen)
def test_nothing_is_dropped_below_the_limit(items):
    kept, totals, _ = content(store(items, 10_000))
    assert kept == {key: dict(Counter(s for k, s in items if k == key)) for key, _ in items}
    assert totals == dict(Counter(key for key, _ in items))


@given(seen, st.randoms(use_true_random=False), st.integers(0, 300))
def test_what_is_kept_depends_neither_on_order_nor_on_sharding(items, random, cut):
    shuffled = list(items)
    random.shuffle(shuffled)
    whole, parts = store(items, 40), store(shuffled[:cut], 40)
    parts.merge(store(shuffled[cut:], 40))
    assert content(whole) == content(parts)


def test_dropped_sightings_are_made_up_for_and_owned_up_to():
    found = store([("a", Sighting(caller, 7, ())) for caller in range(1000)], 100)
    found.finish()
    assert found["a"].total() < 1000 == found.total("a")
    assert abs(found["a"].total() * found.scale("a") - 1000) < 1e-6


def test_a_store_survives_the_way_to_a_worker():
    found = store([("a", Sighting(1, 2, (("uid", 3),)))], 10)
    assert content(pickle.loads(pickle.dumps(found))) == content(found)
