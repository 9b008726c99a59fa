"""Read a source tree, and remember what its modules declare by the hash of each file.

The cache holds names, route templates and line numbers; no text of the source.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import msgspec

from stanch import __version__
from stanch.errors import InputError
from stanch.trace.project import Project, renamed, summarise
from stanch.trace.summary import Summary

SUFFIXES = (
    ".py",
    ".js",
    ".ts",
    ".mjs",
    ".cjs",
    ".jsx",
    ".tsx",
    ".rb",
    ".php",
    ".java",
    ".kt",
    ".cs",
    ".go",
    ".yaml",
    ".yml",
    ".json",
    ".graphql",
    ".prisma",
)
SPECIFICATION_BYTES = 4 * 1024 * 1024
SKIPPED = {"node_modules", "site-packages", "__pycache__", "dist", "build", "vendor", "venv", "env", "migrations", "alembic"}
MAX_FILE_BYTES = 2 * 1024 * 1024
MAX_FILES = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    root: str
    files: dict[str, str]
    """Relative path with slashes to text."""


def read_tree(folder: str) -> Tree:
    """Read a folder's source files; dependencies, builds and hidden folders are left out.

    Raises: InputError where there is no such folder, or nothing in it to read.
    """
    root = Path(folder)
    if not root.is_dir():
        raise InputError("there is no such folder", where=folder, hint="give the folder that holds the backend's source")
    files: dict[str, str] = {}
    for path in walk(root):
        if len(files) >= MAX_FILES:
            raise InputError(f"more than {MAX_FILES} source files", where=folder, hint="give the folder of one application")
        text = read(path)
        if text is not None:
            files[path.relative_to(root).as_posix()] = text
    if not files:
        raise InputError(
            "no source files are in this folder", where=folder, hint="stanch reads Python, JavaScript, TypeScript, Ruby, PHP, Java, C# and Go"
        )
    return Tree(root=root.resolve().name, files=files)


def walk(root: Path) -> Iterator[Path]:
    for folder, inside, names in os.walk(root):
        inside[:] = sorted(d for d in inside if d not in SKIPPED and not d.startswith("."))
        yield from (Path(folder, name) for name in sorted(names) if name.endswith(SUFFIXES))


def read(path: Path) -> str | None:
    """Read one file; what is too large, or a link out of the tree, is not source."""
    if path.is_symlink() or path.stat().st_size > MAX_FILE_BYTES:
        return None
    try:
        return path.read_bytes().decode("utf-8", errors="replace").replace("\r\n", "\n").removeprefix("\ufeff")
    except OSError as error:
        raise InputError(f"can't be read: {error.strerror}", where=str(path), hint="check the file's permissions") from error


def project_of(tree: Tree, cache: Path | None) -> Project:
    """Index the Python part of a tree; modules that the cache knows by their hash are not read again."""
    known, digests = recalled(tree, cache)
    project = Project.read(tree.files, root=tree.root, known=known)
    if cache is not None and len(known) < len(digests):
        remember(project, digests, cache / name_of(tree))
    return project


def recalled(tree: Tree, cache: Path | None) -> tuple[dict[str, Summary], dict[str, str]]:
    python = {path: text for path, text in tree.files.items() if path.endswith(".py")}
    if cache is None:
        return {}, dict.fromkeys(python, "")
    digests = {path: blake2b(text.encode(), digest_size=16).hexdigest() for path, text in python.items()}
    try:
        stored = msgspec.msgpack.decode((cache / name_of(tree)).read_bytes(), type=dict[str, Summary])
    except (OSError, msgspec.MsgspecError):
        return {}, digests
    found = ((path, stored.get(f"{path} {digest}")) for path, digest in digests.items())
    return {path: renamed(summary, path) for path, summary in found if summary is not None}, digests


def name_of(tree: Tree) -> str:
    return f"{blake2b(f'{__version__} {tree.root}'.encode(), digest_size=8).hexdigest()}.index"


def remember(project: Project, digests: dict[str, str], file: Path) -> None:
    """Write the index next to its place and move it there; a cache that can't be written is no reason to fail."""
    stored = {f"{s.path} {digests[s.path]}": s for s in project.summaries.values()}
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        temporary = file.with_suffix(f".{os.getpid()}.tmp")
        temporary.write_bytes(msgspec.msgpack.encode(stored))
        temporary.chmod(0o600)
        temporary.replace(file)
    except OSError:
        return


def cache_folder(given: str | None) -> Path:
    if given:
        return Path(given)
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "stanch" / "trace"


__all__ = ["Tree", "cache_folder", "project_of", "read_tree", "summarise"]
