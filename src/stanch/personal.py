"""A wrapper for personal values that refuses to leave the process by accident."""

from typing import Generic, NoReturn, TypeVar

T = TypeVar("T")


class Personal(Generic[T]):
    """Hold a personal value that does not print, format, pickle or serialise itself.

    Only ``reveal`` gives the value; the modules that may call it are listed in ``tests/setup``.
    """

    __slots__ = ("_value",)

    def __init__(self, value: T) -> None:
        self._value = value

    def reveal(self) -> T:
        return self._value

    def __repr__(self) -> str:
        """Show that something is here, not what."""
        return "Personal(…)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        """Ignore the format: there is nothing to show."""
        return repr(self)

    def __reduce__(self) -> NoReturn:
        """Refuse to pickle."""
        raise TypeError("a personal value can't be pickled")

    def __eq__(self, other: object) -> bool:
        """Compare by value."""
        return isinstance(other, Personal) and self._value == other._value

    def __hash__(self) -> int:
        """Hash by value."""
        return hash(self._value)
