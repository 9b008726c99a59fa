"""A gateway's options as plain values that travel to worker processes, and what is made of them there."""

import os
import ssl
import sys
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

from stanch.errors import InputError
from stanch.gateway.accesslog import Write
from stanch.gateway.config import Settings, Timeouts, parse_upstream
from stanch.gateway.tap import Tap
from stanch.gateway.worker import Worker
from stanch.kernel import Engine

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """Everything that ``stanch gateway`` was told; calling it makes the worker of a number."""

    upstream: str
    upstream_ca: str | None = None
    tls_cert: str | None = None
    tls_key: str | None = None
    engine: Engine = "auto"
    key: bytes = b""
    trusted_proxies: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    other_hosts: tuple[str, ...] = ()
    access_log: str | None = None
    """A path, or ``-`` for standard output."""
    tap: str | None = None
    tap_sealed: bool = True
    tap_max_bytes: int = 1024 * MEGABYTE
    n_workers: int = 1
    drain_s: float = 30.0

    def __call__(self, number: int) -> Worker:
        """Make a worker; runs in the worker's own process."""
        return Worker(self.settings(), log=log_writer(self.access_log), tap=self.make_tap(number))

    def settings(self) -> Settings:
        """Read what can be wrong.

        Raises: InputError.
        """
        address, is_tls = parse_upstream(self.upstream)
        return Settings(
            upstream=address,
            upstream_tls=client_tls(self.upstream_ca) if is_tls else None,
            upstream_name=address.host,
            tls=server_tls(self.tls_cert, self.tls_key),
            engine=self.engine,
            key=self.key or os.urandom(32),
            trusted_proxies=tuple(network(text) for text in self.trusted_proxies),
            routes=self.routes,
            other_hosts=self.other_hosts,
            timeouts=Timeouts(drain_s=self.drain_s),
        )

    def make_tap(self, number: int) -> Tap | None:
        if self.tap is None:
            return None
        path = Path(self.tap if self.n_workers == 1 else f"{self.tap}.{number}")
        return Tap(path, sealed=self.tap_sealed, max_bytes=self.tap_max_bytes // self.n_workers)


def log_writer(path: str | None) -> Write | None:
    """Open an access log; lines of several workers don't mix, since each write is one append."""
    if path is None:
        return None
    if path == "-":
        return _Descriptor(sys.stdout.fileno())
    try:
        return _Descriptor(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640))
    except OSError as error:
        raise InputError(f"can't be written: {error.strerror}", where=path) from None


class _Descriptor:
    """Writes to a file descriptor; a full disk loses log lines, never requests."""

    def __init__(self, number: int) -> None:
        self._number = number

    def __call__(self, data: bytes) -> None:
        try:
            os.write(self._number, data)
        except OSError:
            return


def network(text: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(text, strict=False)
    except ValueError:
        raise InputError("this is no address or range", where="--trust-proxy", hint="such as 10.0.0.0/8") from None


def client_tls(ca: str | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca)
    except (OSError, ssl.SSLError):
        raise InputError("the certificates can't be read", where="--upstream-ca", hint="give a PEM file") from None


def server_tls(cert: str | None, key: str | None) -> ssl.SSLContext | None:
    if cert is None and key is None:
        return None
    if cert is None or key is None:
        raise InputError("TLS needs a certificate and its key", where="--tls-cert, --tls-key")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    try:
        context.load_cert_chain(cert, key)
    except (OSError, ssl.SSLError):
        raise InputError("the certificate and key can't be read or don't belong together", where="--tls-cert, --tls-key") from None
    return context
