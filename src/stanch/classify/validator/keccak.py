"""The Keccak-256 hash as Ethereum uses it: SHA-3 before its padding was changed, so hashlib does not have it."""

_LANES = 25
_RATE = 136
_MASK = (1 << 64) - 1


def _round_constants() -> tuple[int, ...]:
    """Run the linear feedback shift register of the specification."""
    constants, register = [], 1
    for _ in range(24):
        constant = 0
        for power in range(7):
            constant |= (register & 1) << ((1 << power) - 1)
            register = (register << 1) ^ (0x171 if register & 0x80 else 0)
        constants.append(constant)
    return tuple(constants)


def _rotations() -> tuple[tuple[int, int], ...]:
    """Walk the lanes: for each step of rho and pi the lane to write and the bits to turn."""
    x, y, steps = 1, 0, []
    for step in range(24):
        x, y = y, (2 * x + 3 * y) % 5
        steps.append((x + 5 * y, (step + 1) * (step + 2) // 2 % 64))
    return tuple(steps)


_CONSTANTS = _round_constants()
_ROTATIONS = _rotations()


def _turn(lane: int, bits: int) -> int:
    return (lane << bits | lane >> (64 - bits)) & _MASK


def _permute(lanes: list[int]) -> list[int]:
    for constant in _CONSTANTS:
        columns = [lanes[x] ^ lanes[x + 5] ^ lanes[x + 10] ^ lanes[x + 15] ^ lanes[x + 20] for x in range(5)]
        lanes = [lane ^ columns[(place + 4) % 5] ^ _turn(columns[(place + 1) % 5], 1) for place, lane in enumerate(lanes)]
        moving = lanes[1]
        for place, bits in _ROTATIONS:
            lanes[place], moving = _turn(moving, bits), lanes[place]
        lanes = [
            lane ^ ~lanes[place - place % 5 + (place + 1) % 5] & lanes[place - place % 5 + (place + 2) % 5] & _MASK
            for place, lane in enumerate(lanes)
        ]
        lanes[0] ^= constant
    return lanes


def keccak_256(message: bytes) -> bytes:
    """Hash a message.

    Source: Bertoni, Daemen, Peeters, Van Assche, The Keccak reference, version 3.0, 2011.
    """
    padded = bytearray(message + b"\x01" + b"\0" * (-(len(message) + 1) % _RATE))
    padded[-1] |= 0x80
    lanes = [0] * _LANES
    for start in range(0, len(padded), _RATE):
        for place in range(_RATE // 8):
            lanes[place] ^= int.from_bytes(padded[start + 8 * place : start + 8 * place + 8], "little")
        lanes = _permute(lanes)
    return b"".join(lane.to_bytes(8, "little") for lane in lanes[:4])
