"""A small run of the synthetic bench: what it measures must not fall, and the generator must give the same bytes again."""

import sys
from pathlib import Path
from statistics import median

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench" / "fields"))

from generate import bodies, corpus, fingerprint
from synthetic import labels, score

SEED, N_ENDPOINTS, N_BODIES = 4, 60, 200


@pytest.fixture(scope="module")
def endpoints():
    return corpus(SEED, N_ENDPOINTS)


def test_personal_data_are_found_and_decoys_left_alone(endpoints):
    truth = {(e.template, path): kind for e in endpoints for path, kind in e.truth.items()}
    table, _ = score(truth, labels(endpoints, SEED, N_BODIES))
    decoys = table.pop("decoys")
    found, missed, false = (sum(row[key] for row in table.values()) for key in ("found", "missed", "false"))
    assert found + missed > 100
    assert found / (found + missed) >= 0.95
    assert found / (found + false) >= 0.97
    assert decoys["wrong"] / decoys["fields"] <= 0.01


def test_the_same_seed_gives_the_same_bytes(endpoints):
    assert fingerprint(endpoints, SEED, 40) == fingerprint(corpus(SEED, N_ENDPOINTS), SEED, 40)
    assert fingerprint(endpoints, SEED, 40) != fingerprint(corpus(SEED + 1, N_ENDPOINTS), SEED, 40)


def test_bodies_have_the_sizes_of_real_ones(endpoints):
    sizes = sorted(len(body) for _, body in bodies(endpoints, SEED, 500))
    assert 1_200 <= median(sizes) <= 2_600
    assert 14_000 <= sizes[int(0.95 * len(sizes))] <= 40_000
