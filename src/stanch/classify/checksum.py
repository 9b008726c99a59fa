"""What the validators say of a column: each tried on a fair sample of the distinct values, never on the hot path.

The sample is the values with the smallest pseudonyms, so it is the same in whatever order and shares the values came, and a
value that came a thousand times counts once. Of each only the validators that it passed are kept, as the bits of a number.
"""

from collections.abc import Iterable, Mapping
from math import log
from zlib import crc32

from stanch.classify.validator import VALIDATORS, Validator, by_length, significant

SAMPLE_SIZE = 64
"""Distinct values tried per column."""
BIT: Mapping[str, int] = {name: 1 << place for place, name in enumerate(VALIDATORS)}
TRUE_PASS = 0.97
"""Share of a column that passes where it is what the validator is for: typing errors, and examples made up."""


def passed(text: str) -> int:
    """Try the validators whose numbers have the text's length; give the bits of those that it passes."""
    tried = by_length().get(len(significant(text)), ())
    return sum(BIT[validator.datatype] for validator in tried if validator.check(text))


def spread(digest: int, text: str) -> int:
    """Tell apart the ways of writing a value that have one pseudonym, so that each is tried whichever comes first."""
    return (digest + crc32(text.encode("utf-8", "surrogatepass")) * 0x9E3779B97F4A7C15) & (1 << 64) - 1


def keep(sample: dict[int, int], digest: int, text: str) -> None:
    """Try a value unless it was tried or the sample is full of smaller pseudonyms."""
    if digest in sample:
        return
    if len(sample) >= SAMPLE_SIZE:
        greatest = max(sample)
        if digest > greatest:
            return
        del sample[greatest]
    sample[digest] = passed(text)


def trim(sample: dict[int, int]) -> None:
    for digest in sorted(sample)[SAMPLE_SIZE:]:
        del sample[digest]


def n_passing(sample: Mapping[int, int], datatype: str) -> int:
    bit = BIT[datatype]
    return sum(1 for bits in sample.values() if bits & bit)


def weight(sample: Mapping[int, int], validator: Validator) -> float:
    """Weigh by how much likelier the passes are if the column is such numbers than if it is any of their form.

    Units: natural logarithm of the likelihood ratio; 0 for a validator that random numbers pass as well.
    """
    n, n_pass = len(sample), n_passing(sample, validator.datatype)
    chance = min(validator.chance, TRUE_PASS)
    return n_pass * log(TRUE_PASS / chance) + (n - n_pass) * log((1 - TRUE_PASS) / max(1 - chance, 1 - TRUE_PASS))


def ranked(sample: Mapping[int, int]) -> list[tuple[float, Validator]]:
    """List the validators that anything passed, weightiest first."""
    return sorted(_weighed(sample), key=lambda row: (-row[0], row[1].datatype))


def _weighed(sample: Mapping[int, int]) -> Iterable[tuple[float, Validator]]:
    seen = 0
    for bits in sample.values():
        seen |= bits
    return ((weight(sample, validator), validator) for name, validator in VALIDATORS.items() if seen & BIT[name])
