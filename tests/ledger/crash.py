"""Kill a writer at its n-th step to the disk and look at what it left behind: python crash.py WORK STEPS CAPTURE...

STEPS are numbers, comma-separated. The writer builds a ledger of the captures one by one, compacts, rotates its keys and deletes a day. Every durable
step (flush of a file or folder, move into place, removal) is counted; at the given one the process is killed by SIGKILL. Prints one JSON line a step.
"""

import json
import os
import shutil
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path


def counting(stop_at):
    """Count durable steps by wrapping the system calls that make them, and die at one."""
    state = {"n": 0}

    def step(function):
        def wrapped(*args, **kwargs):
            state["n"] += 1
            if state["n"] == stop_at:
                os.kill(os.getpid(), signal.SIGKILL)
            return function(*args, **kwargs)

        return wrapped

    os.fsync = step(os.fsync)
    os.replace = step(os.replace)
    os.unlink = step(os.unlink)
    Path.replace = step(Path.replace)
    Path.unlink = step(Path.unlink)
    return state


def write(folder, captures, say):
    from stanch.engines.ledger.build import build_ledger
    from stanch.engines.ledger.keys import make_keyring
    from stanch.engines.ledger.retain import destroy, plan_day
    from stanch.engines.ledger.rewrite import compact, rotate
    from stanch.engines.ledger.store import create_store
    from stanch.engines.local import sources

    key = folder / "book.key"
    store = create_store(folder / "book", make_keyring(key))
    for capture in captures:
        build_ledger(store, sources([capture]), acknowledge=lambda name: say(f"took {name}"))
    compact(store)
    say("compacted")
    store = rotate(store, key)
    say("rotated")
    days = sorted({file.day for file in store.files()})
    if days:
        destroy(store, plan_day(store.files(), days[0], "test"), datetime(2026, 11, 1, tzinfo=UTC))
    say("destroyed")


def look(folder, captures):
    """Read what counts: rows by source, and whether the next writer mends everything."""
    from stanch.engines.ledger.build import build_ledger
    from stanch.engines.ledger.keys import load_keyring
    from stanch.engines.ledger.store import open_store
    from stanch.engines.ledger.verify import verify
    from stanch.engines.local import sources

    key = folder / "book.key"
    if not key.exists() or not (folder / "book" / "ledger.json").exists():
        return {"sources": 0, "rows": 0, "problems": [], "deletions": 0}
    store = open_store(folder / "book", load_keyring(key))
    seen = {
        "sources": len(store.sources()),
        "rows": sum(f.n_rows for f in store.files() if f.table == "disclosures"),
        "deletions": len(store.deletions()),
    }
    build_ledger(store, sources(captures))
    checked = verify(store)
    return {**seen, "problems": list(checked.problems), "rows_after": checked.n_rows}


def in_child(work):
    """Run in a fork, so that every step starts from the same loaded program; give what it printed."""
    read_end, write_end = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(read_end)
        try:
            work(lambda text: os.write(write_end, f"{text}\n".encode()))
        finally:
            os._exit(0)
    os.close(write_end)
    with os.fdopen(read_end) as stream:
        lines = stream.read().splitlines()
    _, status = os.waitpid(pid, 0)
    return lines, os.WIFSIGNALED(status)


def main():
    work, steps, *captures = sys.argv[1:]
    import cryptography.hazmat.primitives.keywrap  # noqa: F401 -- loaded once, before the forks
    import pyarrow.parquet.encryption  # noqa: F401

    import stanch.engines.ledger.build
    import stanch.engines.ledger.retain
    import stanch.engines.ledger.rewrite
    import stanch.engines.ledger.verify  # noqa: F401

    for number in map(int, steps.split(",")):
        folder = Path(work) / f"{number}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)

        def killed(say, number=number, folder=folder):
            state = counting(number)
            write(folder, captures, say)
            say(f"steps {state['n']}")

        said, was_killed = in_child(killed)
        found, _ = in_child(lambda say, folder=folder: say(json.dumps(look(folder, captures))))
        after = json.loads(found[0]) if found else {"problems": ["could not be read"]}
        sys.stdout.write(json.dumps({"step": number, "killed": was_killed, "said": said, **after}) + "\n")
        shutil.rmtree(folder)


main()
