"""The one tree of errors, split by who is wrong.

::

    StanchError
    ├── InputError        the caller's mistake: unreadable or malformed input, wrong usage   exit 2
    └── OutsideError      an outside thing failed: a gateway, a database, a mail server      exit 3

Anything else that escapes is a fault of ours (exit 70).
A message says what, where and what to do; it gives the position of an offence, never its content,
because content is personal data.
"""


class StanchError(Exception):
    """Base of all errors that stanch raises on purpose."""

    exit_code = 70

    def __init__(self, what: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        """Give the one line that an operator reads."""
        line = f"{self.where}: {self.what}" if self.where else self.what
        return f"{line} ({self.hint})" if self.hint else line


class InputError(StanchError):
    """The caller gave something that can't be used."""

    exit_code = 2


class OutsideError(StanchError):
    """Something outside failed; ``permanent`` says whether trying again can help."""

    exit_code = 3

    def __init__(self, what: str, *, where: str = "", hint: str = "", permanent: bool = False) -> None:
        super().__init__(what, where=where, hint=hint)
        self.permanent = permanent
