"""What the ledger needs beyond stanch's core: loaded when first used, with one clear line where it is missing."""

from importlib import import_module
from types import ModuleType

from stanch.errors import InputError

_NAMES = {
    "duckdb": "duckdb",
    "pyarrow": "pyarrow",
    "pyarrow.parquet": "pyarrow",
    "pyarrow.parquet.encryption": "pyarrow",
    "cryptography": "cryptography",
}


def load(name: str) -> ModuleType:
    """Import a module of the ``ledger`` extra.

    Raises: InputError where it is not installed.
    """
    try:
        return import_module(name)
    except ImportError as error:
        package = _NAMES.get(name, name.partition(".")[0])
        raise InputError(f"the ledger needs {package}, which is not installed", hint="install it with: pip install 'stanch[ledger]'") from error
