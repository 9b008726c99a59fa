"""What happens on the wire: framing, keeping alive, leaving, stalling, and requests that two readers would read differently."""

import socket
import ssl
import subprocess
import threading
import time

import pytest
from hazards import MASKED, PLAIN, ROUTE, RULES, leaks
from stack import Answer, Origin, answer, ask, get, policy, reading, running

from stanch.gateway.config import Address, Settings, Timeouts
from stanch.gateway.embedded import Embedded


def plain(_request, connection):
    connection.sendall(answer(PLAIN))


HOST = b"Host: api.example.org\r\n"
AMBIGUOUS = {
    "two lengths": b"POST /b HTTP/1.1\r\n" + HOST + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
    "two equal lengths": b"POST /b HTTP/1.1\r\n" + HOST + b"Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
    "a list of lengths": b"POST /b HTTP/1.1\r\n" + HOST + b"Content-Length: 3, 3\r\n\r\nabc",
    "a length with a sign": b"POST /b HTTP/1.1\r\n" + HOST + b"Content-Length: +3\r\n\r\nabc",
    "a length and chunks": b"POST /b HTTP/1.1\r\n" + HOST + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "an odd transfer coding": b"POST /b HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "chunked twice": b"POST /b HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
    "chunks in HTTP/1.0": b"POST /b HTTP/1.0\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a space before the colon": b"GET /b HTTP/1.1\r\n" + HOST + b"Content-Length : 3\r\n\r\nabc",
    "a folded line": b"GET /b HTTP/1.1\r\n" + HOST + b"X: a\r\n b\r\n\r\n",
    "a bare line feed": b"GET /b HTTP/1.1\nHost: a\n\n",
    "a bare carriage return": b"GET /b HTTP/1.1\r\n" + HOST + b"X: a\rTransfer-Encoding: chunked\r\n\r\n",
    "a NUL": b"GET /b HTTP/1.1\r\n" + HOST + b"X: a\0b\r\n\r\n",
    "no Host": b"GET /b HTTP/1.1\r\n\r\n",
    "two Hosts": b"GET /b HTTP/1.1\r\n" + HOST + b"Host: other.example.org\r\n\r\n",
    "a space in the target": b"GET /b c HTTP/1.1\r\n" + HOST + b"\r\n",
    "HTTP/2 in words": b"GET /b HTTP/2.0\r\n" + HOST + b"\r\n",
    "no version": b"GET /b\r\n" + HOST + b"\r\n",
    "a chunk size that is none": b"POST /b HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n",
    "a chunk longer than it says": b"POST /b HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n",
    "a chunk size with a line feed": b"POST /b HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n3\nabc\r\n0\r\n\r\n",
    "CONNECT": b"CONNECT api.example.org:443 HTTP/1.1\r\n" + HOST + b"\r\n",
    "an odd scheme": b"GET ftp://api.example.org/b HTTP/1.1\r\n" + HOST + b"\r\n",
}


@pytest.fixture(scope="module")
def gateway():
    with running(plain, RULES) as found:
        yield found


@pytest.mark.parametrize("raw", AMBIGUOUS.values(), ids=AMBIGUOUS.keys())
def test_a_request_that_can_be_read_two_ways_goes_no_further(gateway, raw):
    seen = len(gateway.origin.requests)
    found = Answer(ask(gateway.address, raw))
    assert found.status in {400, 405, 501, 502}
    whole = [request for request in gateway.origin.requests[seen:] if request.method != "POST"]
    assert whole == []


def test_a_head_without_end_is_refused_in_time(gateway):
    assert Answer(ask(gateway.address, b"GET /b HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 70_000 + b"\r\n\r\n")).status == 431


def test_what_is_not_contained_passes_byte_for_byte(gateway):
    found = Answer(ask(gateway.address, get("/other", fields=[("X-One", "1"), ("Range", "bytes=0-1"), ("If-None-Match", '"x"')])))
    assert (found.status, found.body) == (200, PLAIN)
    request = gateway.origin.requests[-1]
    assert [request.value(name) for name in ("x-one", "range", "if-none-match", "host")] == ["1", "bytes=0-1", '"x"', "api.example.org"]
    assert request.value("x-forwarded-for") == "127.0.0.1"
    assert request.value("connection") is None


def test_an_absolute_target_becomes_the_origins_own(gateway):
    found = Answer(ask(gateway.address, get("http://other.example.org/b?x=1")))
    assert found.status == 200
    assert (gateway.origin.requests[-1].target, gateway.origin.requests[-1].value("host")) == ("/b?x=1", "other.example.org")


def test_connections_are_kept_on_both_sides_and_pipelined_requests_are_answered_in_order(gateway):
    before = gateway.origin.n_connections
    one = b"GET /n%d HTTP/1.1\r\nHost: api.example.org\r\n\r\n"
    with socket.create_connection((gateway.address.host, gateway.address.port)) as sock:
        sock.sendall(b"".join(one % n for n in range(20)) + get("/last"))
        raw = reading(sock)
    assert raw.count(b"HTTP/1.1 200") == 21
    assert [request.target for request in gateway.origin.requests[-21:]] == [*(f"/n{n}" for n in range(20)), "/last"]
    assert gateway.origin.n_connections - before <= 1


@pytest.mark.parametrize("size", [0, 10, 70_000, 3_000_000])
def test_request_bodies_arrive_whole_however_they_are_framed(gateway, size):
    body = b"x" * size
    ask(gateway.address, get("/b", method="POST", fields=[("Content-Length", str(size))], body=body))
    assert gateway.origin.requests[-1].body == body
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in (body[n : n + 50_000] for n in range(0, size, 50_000))) + b"0\r\n\r\n"
    ask(gateway.address, get("/b", method="POST", fields=[("Transfer-Encoding", "chunked")], body=chunks))
    assert gateway.origin.requests[-1].body == body


def scripted(gateway_rules=RULES, **settings):
    def run(script):
        return running(script, gateway_rules, **settings)

    return run


def once(data, then="close"):
    def script(_request, connection):
        connection.sendall(data)
        return then

    return script


BROKEN = {
    "closed without an answer": b"",
    "closed within the head": b"HTTP/1.1 200 OK\r\nContent-Le",
    "closed within the body": answer(PLAIN)[:-20],
    "closed within a chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n" % len(PLAIN) + PLAIN[:40],
    "closed before the last chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n" % len(PLAIN) + PLAIN + b"\r\n",
    "no HTTP at all": b"ann.7731@example.org\r\n\r\n",
    "a length and chunks": b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + PLAIN,
    "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 88\r\n\r\n" + PLAIN,
    "a switch of protocols": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n" + PLAIN,
    "a chunk size that is none": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n" + PLAIN,
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_origin_leaks_nothing_on_a_contained_route(data):
    with running(once(data), RULES) as gateway:
        raw = ask(gateway.address, get(ROUTE))
    assert not leaks(raw)
    assert Answer(raw).status == 502


WIRE = {
    "HTTP/1.0 without length": b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n" + PLAIN,
    "chunks with extensions and trailers": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Email\r\n\r\n%x;a=b\r\n" % len(PLAIN)
    + PLAIN
    + b"\r\n0\r\nX-Email: ann.7731@example.org\r\n\r\n",
    "early hints before": b"HTTP/1.1 103 Early Hints\r\nLink: </ann.7731>\r\n\r\n" + answer(PLAIN),
    "a continue before": b"HTTP/1.1 100 Continue\r\n\r\n" + answer(PLAIN),
    "bytes after the end": answer(PLAIN) + PLAIN,
}


@pytest.mark.parametrize("data", WIRE.values(), ids=WIRE.keys())
def test_odd_framing_on_a_contained_route_is_masked_and_framed_anew(data):
    with running(once(data), RULES) as gateway:
        raw = ask(gateway.address, get(ROUTE))
    assert not leaks(raw)
    found = Answer(raw)
    assert (found.status, found.body, found.complete) == (200, MASKED, True)


def test_bytes_that_nobody_asked_for_never_become_the_next_answer():
    def script(request, connection):
        connection.sendall(answer(b"{}") + (answer(PLAIN) if request.target == "/first" else b""))

    with running(script) as gateway:
        assert Answer(ask(gateway.address, get("/first"))).body == b"{}"
        assert Answer(ask(gateway.address, get("/second"))).body == b"{}"


def test_an_http_1_0_client_gets_a_body_that_ends_with_the_connection():
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
    with running(once(chunked, None)) as gateway:
        raw = ask(gateway.address, b"GET /b HTTP/1.0\r\n\r\n")
    assert raw.endswith(b"\r\n\r\n{}")
    assert b"chunked" not in raw


def test_a_kept_connection_that_died_is_replaced_without_the_client_noticing():
    def script(_request, connection):
        connection.sendall(answer(b"{}"))
        return "close"

    with running(script) as gateway:
        for _ in range(5):
            assert Answer(ask(gateway.address, get("/b"))).status == 200
            time.sleep(0.01)


def test_a_stalling_origin_is_given_up():
    def script(_request, connection):
        connection.sendall(answer(PLAIN)[:-30])
        time.sleep(4)

    with running(script, RULES, timeouts=Timeouts(response_s=0.5)) as gateway:
        raw = ask(gateway.address, get(ROUTE))
    assert not leaks(raw)
    assert Answer(raw).status == 504


def test_an_origin_that_can_not_be_reached_is_said_so():
    with Embedded(Settings(upstream=Address(host="127.0.0.1", port=1), key=b"k" * 32)) as gateway:
        assert Answer(ask(gateway.address, get("/b"))).status == 502


def test_a_response_cut_short_is_cut_short_for_the_client_too():
    with running(once(answer(b"x" * 1000)[:-10])) as gateway:
        assert not Answer(ask(gateway.address, get("/b"))).complete


def test_a_client_that_leaves_takes_its_request_with_it():
    arrived, gone = threading.Event(), threading.Event()

    def script(_request, connection):
        arrived.set()
        connection.settimeout(5)
        if connection.recv(1) == b"":
            gone.set()
        return "close"

    with running(script) as gateway:
        with socket.create_connection((gateway.address.host, gateway.address.port)) as sock:
            sock.sendall(get("/slow"))
            assert arrived.wait(5)
        assert gone.wait(5)


def test_a_large_response_passes_without_being_gathered():
    piece, n_pieces = b"x" * 65536, 400

    def script(_request, connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (len(piece) * n_pieces))
        for _ in range(n_pieces):
            connection.sendall(piece)

    with running(script, RULES) as gateway, socket.create_connection((gateway.address.host, gateway.address.port)) as sock:
        sock.sendall(get("/big"))
        time.sleep(0.2)
        assert len(Answer(reading(sock)).body) == len(piece) * n_pieces


def test_events_flow_while_they_happen_and_are_masked():
    go = threading.Event()

    def script(_request, connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: " + PLAIN + b"\n\n")
        go.wait(5)
        connection.sendall(b"data: " + PLAIN + b"\n\n")
        return "close"

    with running(script, RULES) as gateway, socket.create_connection((gateway.address.host, gateway.address.port), timeout=5) as sock:
        sock.sendall(get(ROUTE))
        first = b""
        while MASKED not in first:
            first += sock.recv(65536)
        go.set()
        raw = first + reading(sock)
    assert not leaks(raw)
    assert raw.count(MASKED) == 2


def test_a_stream_that_breaks_half_way_is_cut_off_before_the_secret():
    body = b'{"items":[' + b",".join([b'{"s":"%b"}' % (b"x" * 1000)] * 2000) + b'],"author":{"email":"ann.7731@example.org"'

    with running(once(answer(body)), RULES) as gateway:
        raw = ask(gateway.address, get(ROUTE))
    assert not leaks(raw)
    assert not Answer(raw).complete or Answer(raw).status == 502


def websocket(_request, connection):
    connection.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nhello")
    connection.sendall(connection.recv(100).upper())
    return "close"


UPGRADE = b"GET %b HTTP/1.1\r\nHost: api.example.org\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\n\r\n"


def test_a_websocket_passes_where_nothing_is_contained():
    with running(websocket, RULES) as gateway, socket.create_connection((gateway.address.host, gateway.address.port), timeout=5) as sock:
        sock.sendall(UPGRADE % b"/chat")
        got = b""
        while not got.endswith(b"hello"):
            got += sock.recv(1000)
        sock.sendall(b"again")
        assert reading(sock) == b"AGAIN"


def test_a_websocket_on_a_contained_route_is_refused():
    with running(websocket, RULES) as gateway:
        assert Answer(ask(gateway.address, UPGRADE % ROUTE.encode() + b"")).status == 403


def test_a_policy_that_comes_while_the_origin_thinks_holds_for_its_answer():
    asked, go = threading.Event(), threading.Event()

    def script(_request, connection):
        asked.set()
        go.wait(5)
        connection.sendall(answer(PLAIN))

    with running(script) as gateway, socket.create_connection((gateway.address.host, gateway.address.port), timeout=5) as sock:
        sock.sendall(get(ROUTE))
        assert asked.wait(5)
        gateway.apply(policy(RULES))
        go.set()
        assert not leaks(reading(sock))


def test_a_stream_and_a_websocket_that_began_before_the_policy_end_with_it():
    go = threading.Event()

    def script(request, connection):
        if request.value("upgrade"):
            connection.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nhello")
        else:
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: {}\n\n")
        go.wait(10)
        connection.sendall(b"data: {}\n\n")
        return "close"

    with running(script, timeouts=Timeouts(grace_s=0.2)) as gateway:
        with (
            socket.create_connection((gateway.address.host, gateway.address.port), timeout=5) as stream,
            socket.create_connection((gateway.address.host, gateway.address.port), timeout=5) as chat,
            socket.create_connection((gateway.address.host, gateway.address.port), timeout=5) as other,
        ):
            stream.sendall(get(ROUTE))
            chat.sendall(UPGRADE % ROUTE.encode())
            other.sendall(get("/other"))
            for sock, sign in ((stream, b"data: {}"), (chat, b"hello"), (other, b"data: {}")):
                got = b""
                while sign not in got:
                    got += sock.recv(4096)
            gateway.apply(policy(RULES))
            reading(stream)
            reading(chat)
            assert not go.is_set()
            other.settimeout(0.3)
            with pytest.raises(TimeoutError):
                other.recv(4096)
            go.set()
            assert other.recv(4096)
        go.set()


def test_flipping_the_policy_under_load_fails_no_request_and_leaks_nothing_while_it_holds():
    with running(plain) as gateway:
        stop, problems = threading.Event(), []

        def client():
            with socket.create_connection((gateway.address.host, gateway.address.port), timeout=10) as sock:
                while not stop.is_set():
                    sock.sendall(b"GET " + ROUTE.encode() + b" HTTP/1.1\r\nHost: api.example.org\r\n\r\n")
                    raw = b""
                    while b"\r\n\r\n" not in raw or not Answer(raw).complete:
                        piece = sock.recv(65536)
                        if not piece:
                            problems.append("closed")
                            return
                        raw += piece
                    if Answer(raw).body not in {PLAIN, MASKED}:
                        problems.append("odd")

        threads = [threading.Thread(target=client) for _ in range(3)]
        for thread in threads:
            thread.start()
        for n in range(20):
            gateway.apply(policy(RULES) if n % 2 == 0 else None)
            if n % 2 == 0:
                assert not leaks(ask(gateway.address, get(ROUTE)))
        stop.set()
        for thread in threads:
            thread.join()
    assert problems == []


def test_draining_finishes_what_is_under_way():
    asked, go = threading.Event(), threading.Event()

    def script(_request, connection):
        asked.set()
        go.wait(5)
        connection.sendall(answer(b"{}"))

    with running(script) as gateway, socket.create_connection((gateway.address.host, gateway.address.port), timeout=5) as sock:
        sock.sendall(b"GET /b HTTP/1.1\r\nHost: a\r\n\r\n")
        assert asked.wait(5)
        result = []
        thread = threading.Thread(target=lambda: result.append(gateway.drain()))
        thread.start()
        time.sleep(0.1)
        with pytest.raises(OSError, match="refused"):
            socket.create_connection((gateway.address.host, gateway.address.port), timeout=1)
        go.set()
        raw = reading(sock)
        thread.join()
    assert Answer(raw).body == b"{}"
    assert b"Connection: close" in raw
    assert result == [True]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(pem)
    return folder / "cert.pem", folder / "key.pem"


def test_tls_on_both_sides(certificate):
    cert, key = map(str, certificate)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(cert, key)
    client = ssl.create_default_context(cafile=cert)
    origin = TlsOrigin(plain, server)
    settings = Settings(
        upstream=Address(host="127.0.0.1", port=origin.port),
        upstream_tls=ssl.create_default_context(cafile=cert),
        upstream_name="localhost",
        tls=server,
        key=b"k" * 32,
    )
    with Embedded(settings) as gateway:
        gateway.apply(policy(RULES))
        raw_socket = socket.create_connection((gateway.address.host, gateway.address.port), timeout=5)
        with client.wrap_socket(raw_socket, server_hostname="localhost") as sock:
            sock.sendall(get(ROUTE))
            raw = reading(sock)
    origin.close()
    assert Answer(raw).body == MASKED


class TlsOrigin(Origin):
    def __init__(self, script, context):
        self.context = context
        super().__init__(script)

    def _serve(self, connection):
        with self.context.wrap_socket(connection, server_side=True) as sock:
            super()._serve(sock)


def test_the_reference_list_of_what_curl_sees(gateway):
    """A real client, where there is one, sees whole and valid responses."""
    try:
        found = subprocess.run(["curl", "-s", "-m", "5", f"{gateway.url}{ROUTE}"], capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("curl is not installed")
    assert found.stdout == MASKED
