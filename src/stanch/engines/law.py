"""Where rules files come from: those in the package, and an organisation's own."""

from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from stanch.errors import InputError
from stanch.law.document.template import Library, load_library
from stanch.law.pack import Pack, load_own, load_pack


@lru_cache(maxsize=1)
def packaged() -> Pack:
    """Read the rules that come with stanch."""
    folder = files("stanch.law") / "rules"
    return load_pack((entry.name, entry.read_bytes()) for entry in folder.iterdir() if entry.name.endswith(".yaml"))


def rules_pack(own: tuple[str, ...] = ()) -> Pack:
    """Give the packaged rules with an organisation's own files on top.

    Raises: InputError with file and line.
    """
    pack = packaged()
    return load_own(pack, [source for path in own for source in read_sources(path)]) if own else pack


def read_sources(path: str) -> list[tuple[str, bytes]]:
    """Read a rules file, or all in a folder."""
    given = Path(path)
    found = sorted(given.glob("*.yaml")) if given.is_dir() else [given]
    if not found:
        raise InputError("holds no rules files", where=path, hint="rules files end in .yaml")
    try:
        return [(str(each), each.read_bytes()) for each in found]
    except OSError as error:
        raise InputError(f"can't be read: {error.strerror}", where=path) from error


@lru_cache(maxsize=1)
def library() -> Library:
    """Read the templates and words that come with stanch."""
    folder = files("stanch.law") / "text"
    found = [(f"{language.name}/{entry.name}", entry) for language in folder.iterdir() if language.is_dir() for entry in language.iterdir()]
    return load_library((name, entry.read_bytes()) for name, entry in sorted(found) if name.endswith(".yaml"))
