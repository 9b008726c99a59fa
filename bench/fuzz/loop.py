"""The bounded loop that every fuzzer here runs in: atheris where it is installed, else seeded mutations of its seeds."""

import random
import sys
import time


def mutated(rng: random.Random, seeds) -> bytes:
    data = bytearray(rng.choice(seeds))
    for _ in range(rng.randrange(8)):
        at = rng.randrange(len(data) + 1)
        match rng.randrange(4):
            case 0:
                data[at:at] = rng.randbytes(rng.randrange(1, 5))
            case 1:
                del data[at : at + rng.randrange(1, 6)]
            case 2:
                data[at:at] = rng.choice(seeds)[: rng.randrange(1, 30)]
            case _:
                data[at : at + 1] = bytes([rng.randrange(256)])
    return rng.randbytes(3) + bytes(data)


def random_loop(one_input, seeds, seconds: float, seed: int) -> int:
    rng = random.Random(seed)
    end = time.monotonic() + seconds
    n_inputs = 0
    while time.monotonic() < end:
        data = mutated(rng, seeds)
        try:
            one_input(data)
        except BaseException:
            print(data.hex(), file=sys.stderr)
            raise
        n_inputs += 1
    return n_inputs


def run(one_input, seeds) -> None:
    """Read seconds and seed from the command line; end with exit code 1 and the offending input if anything escapes."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 20.0
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    try:
        import atheris
    except ImportError:
        print(f"{random_loop(one_input, seeds, seconds, seed)} inputs, nothing escaped")
        return
    atheris.instrument_all()
    atheris.Setup([sys.argv[0], f"-max_total_time={int(seconds)}", f"-seed={seed}"], one_input)
    atheris.Fuzz()
