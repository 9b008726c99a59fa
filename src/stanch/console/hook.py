"""Webhooks out: signed, and never into the machine's own network.

Source: Standard Webhooks (headers and signature). The name is resolved once, checked, and that very address is connected to, so that a name
which answers differently the second time leads nowhere; redirects are not followed.
"""

import hmac
import http.client
import json
import socket
import ssl
from base64 import b64encode
from hashlib import sha256
from ipaddress import IPv6Address, ip_address
from time import time
from typing import Any
from urllib.parse import urlsplit

from stanch.errors import InputError, OutsideError

TIMEOUT_S = 10
PORTS = frozenset({80, 443, 8080, 8443})


class HookError(OutsideError):
    """The webhook did not take it."""


def check_url(url: str, *, allow_private: bool) -> None:
    """Refuse what can't be a webhook.

    Raises: InputError.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise InputError("this is no address of a webhook") from None
    if parts.scheme not in ({"https", "http"} if allow_private else {"https"}) or not parts.hostname:
        raise InputError("a webhook needs an https address")
    if parts.username or parts.password or parts.fragment:
        raise InputError("a webhook's address holds no credentials or fragment")
    if not allow_private and port not in {None, *PORTS}:
        raise InputError("a webhook can't go to this port")
    try:
        literal = ip_address(parts.hostname)
    except ValueError:
        return
    if not allow_private and not is_public(str(literal)):
        raise InputError("a webhook can't go to a private address")


def is_public(address: str) -> bool:
    found = ip_address(address)
    inner = (found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)) if isinstance(found, IPv6Address) else None
    found = inner or found
    return found.is_global and not (found.is_multicast or found.is_reserved)


def resolve(host: str, port: int, *, allow_private: bool) -> str:
    """Give one address of a host, if every one of them is public."""
    try:
        found = [str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        raise HookError("the webhook's host can't be found") from error
    if not allow_private and not all(is_public(address) for address in found):
        raise HookError("the webhook's host leads to a private address", permanent=True)
    return found[0]


def signature(secret: bytes, key: str, at: int, body: bytes) -> str:
    """Sign as Standard Webhooks says: HMAC-SHA256 over id, time and body."""
    mac = hmac.new(secret, f"{key}.{at}.".encode() + body, sha256).digest()
    return f"v1,{b64encode(mac).decode()}"


def post(url: str, secret: bytes, key: str, payload: dict[str, Any], *, allow_private: bool) -> None:
    """Post one event.

    Raises: HookError, which says whether trying again can help.
    """
    try:
        check_url(url, allow_private=allow_private)
    except InputError as error:
        raise HookError(error.what, permanent=True) from None
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    host, port = str(parts.hostname), parts.port or (443 if secure else 80)
    address = resolve(host, port, allow_private=allow_private)
    body, at, name = json.dumps(payload, separators=(",", ":")).encode(), int(time()), f"msg_{sha256(key.encode()).hexdigest()[:32]}"
    headers = {
        "Host": parts.netloc, "Content-Type": "application/json", "User-Agent": "stanch", "webhook-id": name, "webhook-timestamp": str(at),
        "webhook-signature": signature(secret, name, at, body),
    }  # fmt: skip
    try:
        connection = connect(host, address, port, secure=secure)
        connection.request("POST", parts.path + (f"?{parts.query}" if parts.query else "") or "/", body, headers)
        status = connection.getresponse().status
        connection.close()
    except (OSError, http.client.HTTPException) as error:
        raise HookError(f"the webhook can't be reached: {type(error).__name__}") from error
    if not 200 <= status < 300:
        raise HookError(f"the webhook answered {status}", permanent=status in {400, 401, 403, 404, 410})


def connect(host: str, address: str, port: int, *, secure: bool) -> http.client.HTTPConnection:
    """Connect to the address that was checked, while the certificate must still be the name's."""
    plain = socket.create_connection((address, port), TIMEOUT_S)
    if secure:
        connection: http.client.HTTPConnection = http.client.HTTPSConnection(host, port, timeout=TIMEOUT_S)
        connection.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=host)
    else:
        connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT_S)
        connection.sock = plain
    return connection
