"""The form of a rule pack."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    name: str
    suffixes: tuple[str, ...]
    marks: re.Pattern[str]
    """A file without it declares no routes of this framework."""
    calls: tuple[tuple[str, str], ...] = ()
    """ast-grep pattern of a route declared by call, with ``$PATH`` and ``$$$REST``, and its method; ``$VERB`` in the pattern gives the method itself."""
    mounts: tuple[str, ...] = ()
    """Patterns of ``$PATH`` and ``$$$REST`` that hang one file's routes below a path."""
    marker: re.Pattern[str] | None = None
    """A decorator, annotation or attribute that declares a route: groups ``verb`` and ``path``."""
    prefix: re.Pattern[str] | None = None
    """The same on the class: group ``path``."""
    resources: re.Pattern[str] | None = None
    """A line that declares the usual routes of a resource: groups ``name`` and, where given, ``handler``."""
    lines: re.Pattern[str] | None = None
    """A line that declares one route: groups ``verb``, ``path``, ``handler``."""
    fetches: re.Pattern[str] | None = None
    """Fetching more than is needed: joins and includes of whole entities, unlimited columns."""
    returns: re.Pattern[str] | None = None
    """An entity handed to the encoder as it is."""


def verb_pattern(*shapes: str) -> tuple[tuple[str, str], ...]:
    return tuple((shape.replace("VERB", verb), verb.upper()) for shape in shapes for verb in ("get", "post", "put", "patch", "delete"))
