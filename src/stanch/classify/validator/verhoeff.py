"""The Verhoeff sum over the dihedral group of order ten: catches every wrong digit and every swapped pair of neighbours."""


def _product(left: int, right: int) -> int:
    turned = (left + right) % 5 if left < 5 else (left - right) % 5
    return turned + 5 * ((left < 5) != (right < 5))


_PRODUCT = tuple(tuple(_product(left, right) for right in range(10)) for left in range(10))
_STEP = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)


def _permutations() -> tuple[tuple[int, ...], ...]:
    rows = [tuple(range(10))]
    for _ in range(7):
        rows.append(tuple(_STEP[digit] for digit in rows[-1]))
    return tuple(rows)


_PERMUTED = _permutations()


def verhoeff(text: str) -> bool:
    """Check digits whose last one is the check digit.

    Source: J. Verhoeff, Error Detecting Decimal Codes, Mathematical Centre Tracts 29, 1969.
    """
    state = 0
    for position, digit in enumerate(map(int, reversed(text))):
        state = _PRODUCT[state][_PERMUTED[position % 8][digit]]
    return state == 0
