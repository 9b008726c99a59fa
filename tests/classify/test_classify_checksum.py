from hypothesis import given
from hypothesis import strategies as st

from stanch.classify.checksum import BIT, SAMPLE_SIZE, keep, n_passing, passed, ranked, spread, weight
from stanch.classify.column import FieldSummary
from stanch.classify.validator import VALIDATORS

CPF, CARD = VALIDATORS["gov_id.br.cpf"], VALIDATORS["finance.card"]


def cpf(n: int) -> str:
    stem = f"{n:09}"
    first = -sum(int(d) * w for d, w in zip(stem, range(10, 1, -1), strict=True)) % 11 % 10
    second = -sum(int(d) * w for d, w in zip(f"{stem}{first}", range(11, 1, -1), strict=True)) % 11 % 10
    return f"{stem}{first}{second}"


def sample_of(texts) -> dict[int, int]:
    sample: dict[int, int] = {}
    for text in texts:
        keep(sample, digest_of(text), text)
    return sample


def digest_of(text: str) -> int:
    return spread(hash(text) & (2**64 - 1), text)


def test_every_validator_knows_its_own_example():
    assert all(passed(v.example) & BIT[v.datatype] for v in VALIDATORS.values())


def test_numbers_with_check_digits_weigh_for_their_kind_and_random_ones_against():
    numbers = [cpf(100_000_001 + 7919 * n) for n in range(40)]
    wrong = [f"{int(number) + 1:011}" for number in numbers]
    assert weight(sample_of(numbers), CPF) > 100
    assert weight(sample_of(wrong), CPF) < -50
    assert ranked(sample_of(numbers))[0][1] is CPF


def test_a_value_seen_a_thousand_times_counts_once():
    summary = FieldSummary()
    for _ in range(1000):
        summary.add("4111111111111111", 17)
    assert n_passing(summary.checked, "finance.card") == 1
    assert weight(summary.checked, CARD) < 5


@given(st.lists(st.integers(10**6, 10**14), max_size=200), st.randoms(use_true_random=False))
def test_the_sample_is_the_same_in_whatever_order_and_shares(numbers, random):
    whole = sample_of(map(str, numbers))
    shuffled = numbers[:]
    random.shuffle(shuffled)
    left, right = FieldSummary(), FieldSummary()
    for place, number in enumerate(shuffled):
        (left, right)[place % 2].add(number, hash(str(number)) & (2**64 - 1))
    left.merge(right)
    assert left.checked == whole == sample_of(map(str, shuffled))
    assert len(whole) <= SAMPLE_SIZE
