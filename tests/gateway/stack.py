"""A raw origin, a gateway in front of it, and a client that sees every byte."""

import socket
import threading
from contextlib import contextmanager

from stanch.contain.parse import parse_policy
from stanch.gateway.config import Address, Settings, Timeouts
from stanch.gateway.embedded import Embedded

HEAD = "schema: stanch.policy/1\npolicy: p\nrev: 1\non_error: block\nrules:\n"


def policy(rules, head=HEAD):
    return parse_policy((head + rules).encode(), name="policy.yaml")


class Origin:
    """A raw server on loopback: for each request it runs ``script(request, connection)``; a script may answer, stall, cut or reset."""

    def __init__(self, script):
        self.script = script
        self.requests = []
        self.n_connections = 0
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._socket.getsockname()[1]
        self._open = []
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def _accept(self):
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.n_connections += 1
            self._open.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        buffer = b""
        try:
            while True:
                while b"\r\n\r\n" not in buffer:
                    data = connection.recv(65536)
                    if not data:
                        return
                    buffer += data
                head, _, buffer = buffer.partition(b"\r\n\r\n")
                request, buffer = read_body(connection, head, buffer)
                self.requests.append(request)
                if self.script(request, connection) == "close":
                    return
        except OSError:
            return
        finally:
            connection.close()

    def close(self):
        self._socket.close()
        for connection in self._open:
            connection.close()


class Request:
    def __init__(self, head, body):
        line, *fields = head.decode("latin-1").split("\r\n")
        self.method, self.target, self.version = line.split(" ")
        self.fields = [(name.lower(), value.strip()) for name, _, value in (field.partition(":") for field in fields)]
        self.body = body

    def value(self, name):
        return next((value for key, value in self.fields if key == name), None)


def read_body(connection, head, buffer):
    request = Request(head, b"")
    if request.value("transfer-encoding") == "chunked":
        while not buffer.endswith(b"0\r\n\r\n"):
            buffer += connection.recv(65536)
        rest, body = buffer, b""
        while rest:
            size, _, rest = rest.partition(b"\r\n")
            body, rest = body + rest[: int(size, 16)], rest[int(size, 16) + 2 :]
        request.body = body
        return request, b""
    n_bytes = int(request.value("content-length") or 0)
    while len(buffer) < n_bytes:
        buffer += connection.recv(65536)
    request.body, rest = buffer[:n_bytes], buffer[n_bytes:]
    return request, rest


def answer(body, *, status="200 OK", fields=(("Content-Type", "application/json"),), length=True):
    head = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in fields)]
    if length:
        head.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*head, "", ""]).encode("latin-1") + body


def reading(sock):
    """Read to the end of what the peer sends before it closes."""
    sock.settimeout(20)
    pieces = []
    try:
        while piece := sock.recv(1 << 20):
            pieces.append(piece)
    except ConnectionResetError:
        pass
    return b"".join(pieces)


def ask(address, raw):
    """Send raw bytes and read until the gateway closes."""
    with socket.create_connection((address.host, address.port), timeout=20) as sock:
        sock.sendall(raw)
        return reading(sock)


def get(target="/a", *, method="GET", fields=(), version="1.1", body=b""):
    head = [f"{method} {target} HTTP/{version}", "Host: api.example.org", "Connection: close", *(f"{n}: {v}" for n, v in fields)]
    return "\r\n".join([*head, "", ""]).encode("latin-1") + body


class Answer:
    """A response read off the wire, de-chunked."""

    def __init__(self, raw):
        self.raw = raw
        head, _, body = raw.partition(b"\r\n\r\n")
        while head.startswith(b"HTTP/1.1 100"):
            head, _, body = body.partition(b"\r\n\r\n")
        line, *fields = head.decode("latin-1").split("\r\n")
        self.status = int(line.split(" ")[1]) if line else 0
        self.fields = [(name.lower(), value.strip()) for name, _, value in (field.partition(":") for field in fields)]
        self.complete = bool(line)
        self.body = body
        if self.value("transfer-encoding") == "chunked":
            self._unchunk(body)
        elif self.value("content-length") is not None:
            self.complete = len(body) >= int(self.value("content-length"))

    def _unchunk(self, rest):
        out, self.complete = b"", False
        while rest:
            size, _, rest = rest.partition(b"\r\n")
            n_bytes = int(size, 16)
            if n_bytes == 0:
                self.complete = rest == b"\r\n"
                break
            out, rest = out + rest[:n_bytes], rest[n_bytes + 2 :]
        self.body = out

    def value(self, name):
        return next((value for key, value in self.fields if key == name), None)


@contextmanager
def running(script, rules="", **settings):
    """Run an origin and a gateway in front of it, under these rules."""
    origin = Origin(script)
    options = {"key": b"k" * 32, "timeouts": Timeouts(response_s=2, connect_s=2, drain_s=5), **settings}
    with Embedded(Settings(upstream=Address(host="127.0.0.1", port=origin.port), **options)) as gateway:
        gateway.origin = origin
        if rules:
            gateway.apply(policy(rules))
        try:
            yield gateway
        finally:
            origin.close()
