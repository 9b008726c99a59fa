"""A policy file that a gateway or a middleware watches. Nobody acknowledges a file: verify with a probe."""

import os
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from stanch.contain.policy import Policy
from stanch.contain.text import to_yaml
from stanch.errors import OutsideError
from stanch.gateway.source import read_policy
from stanch.gateway.targets.interface import Enforced, Shortfall

NOTHING = Policy(name="lifted", rev=0, on_error="block", rules=())


class FileTarget:
    """A file."""

    def __init__(self, path: str) -> None:
        self._path = Path(path)
        self.name = f"file={path}"

    def shortfalls(self, policy: Policy) -> tuple[Shortfall, ...]:
        del policy  # whoever watches the file enforces all of it
        return ()

    def running(self) -> Policy | None:
        if not self._path.exists():
            return None
        policy = read_policy(self._path)
        return policy if policy.rules else None

    def put(self, policy: Policy | None, *, rollback: bool = False) -> Enforced:
        del rollback  # a file takes any revision
        started_s = time.perf_counter()
        wanted = policy or NOTHING
        try:
            with tempfile.NamedTemporaryFile("w", dir=self._path.parent, prefix=f".{self._path.name}.", delete=False) as fresh:
                fresh.write(to_yaml(wanted))
                fresh.flush()
                os.fsync(fresh.fileno())
            Path(fresh.name).replace(self._path)
        except OSError as error:
            raise OutsideError(f"can't be written: {error.strerror}", where=self.name) from None
        took_ms = (time.perf_counter() - started_s) * 1000
        return Enforced(rev=wanted.rev, digest=wanted.digest, at=datetime.now(UTC).isoformat(), n_nodes=1, n_acknowledged=1, took_ms=took_ms)
