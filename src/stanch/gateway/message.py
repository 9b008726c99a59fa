"""Small things that a message says: its status line, a field's first value, the client's address, whether a body is one document."""

from ipaddress import IPv4Network, IPv6Network

from stanch.contain.compile import within
from stanch.gateway.head import RequestHead, ResponseHead

REASONS = {
    400: "Bad Request", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 409: "Conflict", 413: "Content Too Large",
    422: "Unprocessable Content", 429: "Too Many Requests", 431: "Request Header Fields Too Large", 500: "Internal Server Error",
    501: "Not Implemented", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout",
}  # fmt: skip


def real_ip(peer: str, head: RequestHead, trusted: tuple[IPv4Network | IPv6Network, ...]) -> str:
    """Give the client's address: the last in ``X-Forwarded-For`` that is not a trusted proxy's, where the peer is one."""
    if not trusted or not within(peer, trusted):
        return peer
    hops = [hop.strip().decode("latin-1") for value in head.values(b"x-forwarded-for") for hop in value.split(b",")]
    return next((hop for hop in reversed(hops) if not within(hop, trusted)), peer)


def status_line(status: int) -> bytes:
    return f"HTTP/1.1 {status} {REASONS.get(status, 'OK' if status < 300 else 'Answer')}\r\n".encode()


def first(head: ResponseHead, name: bytes) -> str:
    return next((value.decode("latin-1") for value in head.values(name)), "")


def looks_like_one(gathered: list[bytes]) -> bool:
    """Tell whether a body begins as one JSON document, not behind a prefix or as one of several lines."""
    head = b"".join(gathered[:2])[:256].removeprefix(b"\xef\xbb\xbf").lstrip()
    return head[:1] in {b"{", b"["}
