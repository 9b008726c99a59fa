"""What a gateway needs to know before it starts, read from addresses and options."""

import ssl
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network
from urllib.parse import urlsplit

from stanch.errors import InputError
from stanch.kernel import Engine


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    host: str
    port: int

    def __str__(self) -> str:
        """Write it as in a URL."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """All in seconds."""

    connect_s: float = 5.0
    head_s: float = 30.0
    """For a client to send its head."""
    response_s: float = 60.0
    """For the origin to send anything while a response is due."""
    idle_s: float = 75.0
    """For a connection without a request."""
    drain_s: float = 30.0
    """For requests under way when the gateway stops."""
    grace_s: float = 2.0
    """For a response that was already leaving when its route was contained; a stream or a WebSocket would go on for hours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    upstream: Address
    upstream_tls: ssl.SSLContext | None = None
    upstream_name: str = ""
    """For TLS; the host of the upstream's URL."""
    tls: ssl.SSLContext | None = None
    engine: Engine = "auto"
    key: bytes = b""
    """For keyed hashes; at least 16 random bytes."""
    max_contained_bytes: int = 64 * 1024 * 1024
    """Of a response that has to be gathered whole before it can be masked."""
    stream_above_bytes: int = 1024 * 1024
    """From here on a contained response is masked as it flows: what follows can no longer become a clean 502, only an abort."""
    max_request_bytes: int = 1024 * 1024
    """Of a request that has to be read before it can be decided on (GraphQL)."""
    max_idle_upstream: int = 128
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    """Peers whose ``X-Forwarded-For`` is believed."""
    routes: tuple[str, ...] = ()
    """Templates to name requests by in the access log."""
    other_hosts: tuple[str, ...] = ()
    timeouts: Timeouts = field(default_factory=Timeouts)


def parse_listen(text: str) -> Address:
    """Read ``HOST:PORT``.

    Raises: InputError.
    """
    host, colon, port = text.rpartition(":")
    if not colon or not host or not port.isascii() or not port.isdecimal() or int(port) > 65535:
        raise InputError("this is no HOST:PORT", where="--listen", hint="such as 127.0.0.1:8080; port 0 takes a free one")
    return Address(host=host.strip("[]"), port=int(port))


def parse_upstream(text: str) -> tuple[Address, bool]:
    """Read the origin's URL; give its address and whether it speaks TLS.

    Raises: InputError.
    """
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/") or parts.query or parts.username:
        raise InputError("this is no origin", where="--upstream", hint="such as http://127.0.0.1:9000, without path")
    return Address(host=parts.hostname, port=port or (443 if parts.scheme == "https" else 80)), parts.scheme == "https"
