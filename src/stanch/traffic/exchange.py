"""One request and its response, as recorded.

Knows nothing of what the data mean. Everything in it may be personal, so it does not show itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

Headers = tuple[tuple[str, str], ...]
"""Header fields in wire order; names as they stood, compared case-insensitively."""

METHODS = frozenset(
    """
    ACL BIND CHECKIN CHECKOUT CONNECT COPY DELETE GET HEAD LABEL LINK LOCK MERGE MKACTIVITY MKCALENDAR MKCOL MKWORKSPACE
    MOVE OPTIONS ORDERPATCH PATCH POST PROPFIND PROPPATCH PURGE PUT QUERY REBIND REPORT SEARCH TRACE UNBIND UNCHECKOUT UNLINK UNLOCK UPDATE
    VERSION-CONTROL WEBSOCKET
    """.split()  # noqa: SIM905 -- a table of words reads best as text
)
"""What stands in reports as it is; any other method may be anything and is called OTHER. Source: IANA, HTTP Method Registry."""


def method_of(text: str) -> str:
    """Give the method as it may be shown."""
    method = text.upper()
    return method if method in METHODS else "OTHER"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Exchange:
    where: str
    """Where in the capture it stands, such as ``traffic.har#entries[12]``; safe to show."""
    method: str
    """Upper case, one of ``METHODS`` or ``OTHER``."""
    url: str
    """Absolute, with query; personal."""
    request_headers: Headers = ()
    request_body: bytes = b""
    status: int = 0
    """0 where no response was recorded."""
    response_headers: Headers = ()
    response_body: bytes = b""
    """As it came over the wire unless ``decoded`` is set."""
    decoded: bool = False
    """True when the capture format already undid the content coding (HAR does), so ``Content-Encoding`` must be ignored."""
    started_at: datetime | None = None
    """Aware, UTC."""
    client_ip: str | None = None
    problems: tuple[str, ...] = ()
    """What the reader could not recover of this exchange, in words without values."""

    def __repr__(self) -> str:
        """Say where it stands; never what it says."""
        return f"Exchange({self.where})"

    @property
    def host(self) -> str:
        return (urlsplit(self.url).hostname or "").lower()

    @property
    def path(self) -> str:
        return urlsplit(self.url).path or "/"

    @property
    def query(self) -> str:
        return urlsplit(self.url).query

    def request_header(self, name: str) -> str | None:
        return next(header_values(self.request_headers, name), None)

    def response_header(self, name: str) -> str | None:
        return next(header_values(self.response_headers, name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """An entry of a capture that could not be read, or a body that could not be decoded."""

    where: str
    """Such as ``traffic.har#entries[12]`` or ``traffic.har#entries[12].response.body``."""
    reason: str
    """In words, without any value from the traffic."""


def header_values(headers: Headers, name: str) -> Iterator[str]:
    wanted = name.lower()
    return (value for key, value in headers if key.lower() == wanted)
