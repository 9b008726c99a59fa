"""Where a middleware's policy comes from: a value, or a file that is looked at again as it changes."""

import os
import time
from dataclasses import dataclass
from pathlib import Path

from stanch.contain.parse import parse_policy
from stanch.contain.plan_for import Maskers
from stanch.contain.policy import Policy
from stanch.errors import InputError, StanchError
from stanch.gateway.ruling import Ruling
from stanch.kernel import Engine

LOOK_EVERY_S = 0.25
Given = Policy | str | os.PathLike[str] | None
"""A policy, the path of one's file, or nothing yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What tells a file from its next version."""

    inode: int
    n_bytes: int
    modified_ns: int


def stamp(path: Path) -> Stamp | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return Stamp(inode=found.st_ino, n_bytes=found.st_size, modified_ns=found.st_mtime_ns)


def read_policy(path: Path) -> Policy:
    """Read a policy file.

    Raises: InputError where it can't be read or is none.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"can't be read: {error.strerror}", where=str(path), hint="check the path and its permissions") from None
    return parse_policy(data, name=path.name)


class PolicySource:
    """Gives the ruling in force. A file that breaks or vanishes changes nothing: what held last still holds."""

    def __init__(self, policy: Given = None, *, key: bytes | None = None, engine: Engine = "auto") -> None:
        self._maskers = Maskers(key=key or os.urandom(32), engine=engine)
        self._path = None if policy is None or isinstance(policy, Policy) else Path(policy)
        self.problem = ""
        self._stamp: Stamp | None = None
        self._looked_s = time.monotonic()
        if self._path is not None:
            self._stamp = stamp(self._path)
            self._ruling = Ruling(read_policy(self._path), self._maskers)
        else:
            self._ruling = Ruling(policy if isinstance(policy, Policy) else None, self._maskers)

    def put_in_force(self, policy: Policy | None) -> None:
        """Replace the policy; what is used up of limits stays so."""
        self._ruling = Ruling(policy, self._maskers, buckets=self._ruling.buckets)

    @property
    def ruling(self) -> Ruling:
        if self._path is not None and time.monotonic() - self._looked_s >= LOOK_EVERY_S:
            self._look(self._path)
        return self._ruling

    def _look(self, path: Path) -> None:
        self._looked_s = time.monotonic()
        found = stamp(path)
        if found is None or found == self._stamp:
            return
        self._stamp = found
        try:
            self.put_in_force(read_policy(path))
            self.problem = ""
        except StanchError as error:
            self.problem = str(error)
