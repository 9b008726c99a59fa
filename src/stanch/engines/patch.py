"""Write fixes into a source tree: only onto a clean git working tree, so that a person can look at the change and take it back."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

from stanch.errors import InputError, OutsideError

TIMEOUT_S = 30


def apply(root: Path, files: Mapping[str, str]) -> list[str]:
    """Write changed files; give their names.

    Raises: InputError where the folder is no clean git working tree.
    """
    if not files:
        return []
    check_clean(root)
    for name, text in files.items():
        target = root / name
        if not target.resolve().is_relative_to(root.resolve()):
            raise InputError("the fix lies outside of the source folder", where=name)
        temporary = target.with_name(f".{target.name}.stanch")
        temporary.write_text(text, encoding="utf-8", newline="")
        temporary.chmod(target.stat().st_mode)
        temporary.replace(target)
    return sorted(files)


def check_clean(root: Path) -> None:
    try:
        done = subprocess.run(["git", "status", "--porcelain", "--", "."], cwd=root, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)  # noqa: S607 -- the caller's own git
    except (OSError, subprocess.TimeoutExpired) as error:
        raise OutsideError("git can't be run", where=str(root), hint="fixes are only written where git can take them back") from error
    if done.returncode != 0:
        raise InputError(
            "this is no git working tree", where=str(root), hint="fixes are only written where git can take them back; or apply the diff yourself"
        )
    if done.stdout.strip():
        raise InputError(
            "the working tree has changes that are not committed", where=str(root), hint="commit or stash them first, then run --apply again"
        )
