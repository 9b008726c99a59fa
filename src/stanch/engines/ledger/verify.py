"""Check a ledger: that everything that counts is whole and readable, and that everything destroyed is gone and proven."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from stanch.engines.ledger.extra import load
from stanch.engines.ledger.files import file_digest, read_table
from stanch.engines.ledger.proof import problems_of, public_key_of
from stanch.engines.ledger.store import Store
from stanch.errors import InputError
from stanch.ledger.batch import TABLES, FileEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    n_batches: int
    n_files: int
    n_rows: int
    n_deletions: int
    public_key: str
    """By which others can check the proofs of deletion."""
    problems: tuple[str, ...]


def verify(store: Store) -> Verified:
    """Read and check everything."""
    files, deletions = store.files(), store.deletions()
    public_key = public_key_of(store.keyring.sign)
    problems = [*(problem for file in files for problem in file_problems(store, file)), *problems_of(deletions, public_key), *leftovers(store)]
    return Verified(
        n_batches=len(store.entries()), n_files=len(files), n_rows=sum(f.n_rows for f in files if f.table == "disclosures"),
        n_deletions=len(deletions),
        public_key=public_key, problems=tuple(problems),
    )  # fmt: skip


def file_problems(store: Store, file: FileEntry) -> Iterator[str]:
    path = store.root / file.name
    if not path.is_file():
        yield f"{file.name}: the file is missing"
        return
    if file_digest(path) != file.sha256:
        yield f"{file.name}: the file was changed"
        return
    try:
        table = read_table(path, store.day_keys.get(file.part))
    except (InputError, OSError, load("pyarrow").ArrowInvalid):
        yield f"{file.name}: the file can't be decrypted"
        return
    if len(table) != file.n_rows:
        yield f"{file.name}: {len(table)} rows where the batch says {file.n_rows}"


def leftovers(store: Store) -> Iterator[str]:
    """Find what should be gone: destroyed files and keys, and files that no batch names."""
    for deletion in store.deletions():
        for name in deletion.names:
            if (store.root / name).exists():
                yield f"{name}: was to be destroyed and is still there"
        path = store.day_keys.path(deletion.part)
        if path.exists() and sha256(path.read_bytes()).hexdigest() == deletion.wrapped_key:
            yield f"{deletion.part}: its key was to be destroyed and is still there"
    named = {file.name for file in store.files()}
    for table in TABLES:
        for path in sorted((store.root / table).rglob("*.parquet")):
            name = path.relative_to(store.root).as_posix()
            if name not in named and not path.name.startswith("."):
                yield f"{name}: no batch names this file; the next writer removes it"
