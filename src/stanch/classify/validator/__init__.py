"""Validators: whether a text may be a certain number, judged by structure and check digits.

Every country, standard and device has its function in a module of its family or region; this module only gathers them.
A pass is evidence of weight ``-log(chance)``, not proof: one random number in ten passes Luhn.
"""

from collections import defaultdict
from collections.abc import Mapping
from types import MappingProxyType

from stanch.classify.validator import (
    africa_middle_east,
    asia_pacific,
    crypto,
    device,
    europe_east,
    europe_north,
    europe_south,
    europe_west,
    finance,
    health,
    north_america,
    product,
    south_america,
    travel,
)
from stanch.classify.validator.model import Validator, significant

__all__ = ["VALIDATORS", "Validator", "by_length", "significant"]

_MODULES = (
    north_america,
    south_america,
    europe_west,
    europe_north,
    europe_south,
    europe_east,
    asia_pacific,
    africa_middle_east,
    health,
    finance,
    crypto,
    device,
    travel,
    product,
)

VALIDATORS: Mapping[str, Validator] = MappingProxyType({validator.datatype: validator for module in _MODULES for validator in module.VALIDATORS})
"""Every validator by its datatype."""


def _by_length() -> Mapping[int, tuple[Validator, ...]]:
    rows: defaultdict[int, list[Validator]] = defaultdict(list)
    for validator in VALIDATORS.values():
        for length in validator.lengths:
            rows[length].append(validator)
    return MappingProxyType({length: tuple(rows[length]) for length in sorted(rows)})


_BY_LENGTH = _by_length()


def by_length() -> Mapping[int, tuple[Validator, ...]]:
    """Give the validators by the number of significant characters of a text, those of a length in the order of ``VALIDATORS``."""
    return _BY_LENGTH
