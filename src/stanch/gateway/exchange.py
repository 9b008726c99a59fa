"""One request on its way to the origin and its response on its way back.

Decides when to ask the policy, what of it to do at which byte, and that on any doubt on a contained route nothing leaves. Knows sockets
only as something with ``write``: the client's side is ``Client``, the origin's ``Upstream``. Long, because it is one state machine whose
order (head, decision, begin, flow, end) reads best in one place.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol

from stanch.contain.decide import Contain, Decision, Refuse
from stanch.contain.formats import EventMasker, Framer, LineMasker, is_event_stream
from stanch.contain.header import mask_headers
from stanch.contain.mask import MaskError
from stanch.contain.masker import Masker, Stream
from stanch.contain.plan_for import actions_of, fits, header_actions_of
from stanch.contain.policy import Rule
from stanch.contain.request import Headers
from stanch.contain.respond import Outcome, Response, asked, following_removed, refusal, respond
from stanch.gateway.context import Context
from stanch.gateway.framing import LAST_CHUNK, Body, Chunked, FramingError, UntilClose, body_of, chunk
from stanch.gateway.head import HeadError, RequestHead, ResponseHead, end_to_end, origin_form, parse_response, request_framing, response_framing, wire
from stanch.gateway.message import first, looks_like_one, real_ip, status_line
from stanch.gateway.ruling import Ruling
from stanch.gateway.upstream import Upstream
from stanch.traffic.body.coding import coding_names
from stanch.traffic.exchange import Exchange as Recorded

SAFE_TO_REPEAT = frozenset({b"GET", b"HEAD", b"OPTIONS", b"PUT", b"DELETE"})
_PER_CONNECTION = frozenset({
    "connection", "keep-alive", "proxy-connection", "proxy-authenticate", "te", "trailer", "upgrade", "transfer-encoding", "content-length",
})  # fmt: skip
MAX_TAPPED_BYTES = 1024 * 1024


class Client(Protocol):
    """The client's side of an exchange."""

    ip: str

    def write(self, data: bytes) -> None: ...

    def pause(self, *, paused: bool) -> None: ...

    def exchange_done(self, *, keep_alive: bool) -> None: ...

    def abort(self) -> None: ...

    def tunnel(self, upstream: Upstream, first: bytes, allowed: Callable[[], bool]) -> None: ...


class Exchange:
    """One request and its response."""

    __slots__ = (
        "_begun", "_buffer", "_client", "_coming", "_connecting", "_context", "_decision", "_did", "_fitting", "_gathered", "_head", "_host", "_ip",
        "_is_1_1", "_keep_alive", "_may_stream", "_method", "_n_gathered", "_n_sent", "_outgoing", "_request_body", "_request_chunked", "_response",
        "_response_body", "_ruling", "_started_s", "_status", "_stream", "_tap_in", "_tap_out", "_target", "_to_origin", "_upgrade",
        "_upstream", "_waiting_body", "done", "last_s", "request_done",
    )  # fmt: skip

    def __init__(self, context: Context, client: Client, head: RequestHead) -> None:
        self._context = context
        self._client = client
        self._ip = real_ip(client.ip, head, context.settings.trusted_proxies)
        self._head = head
        self._method = head.method
        self._is_1_1 = head.minor == 1
        self._keep_alive = not head.wants_close
        self._started_s = self.last_s = time.monotonic()
        self._upstream: Upstream | None = None
        self._connecting = False
        self._to_origin: list[bytes] = []
        """Bytes for the origin until there is a connection."""
        self._buffer = b""
        self._response: ResponseHead | None = None
        self._response_body: Body | None = None
        self._gathered: list[bytes] | None = None
        """The response's payload while it is contained whole."""
        self._n_gathered = 0
        self._stream: Stream | Framer | None = None
        self._waiting_body: list[bytes] | None = None
        """The request's payload while the decision waits for it."""
        self._coming: Headers = ()
        """The response's fields, in lower case."""
        self._outgoing = b""
        """A head on its way out, kept for a moment so that it leaves together with the body's beginning."""
        self._status = 0
        self._n_sent = 0
        self._did = "passed"
        self._tap_in: list[bytes] = []
        self._tap_out: list[bytes] = []
        self._upgrade = False
        self._fitting: tuple[Rule, ...] = ()
        """The rules that mean this response."""
        self._may_stream = False
        self._begun = False
        """Whether anything of the response has been written to the client."""
        self.request_done = False
        self.done = False

    # --- the request

    def start(self) -> None:
        """Take the head: decide, refuse or send on.

        Raises: HeadError.
        """
        head = self._head
        framing = request_framing(head)
        self._request_chunked = framing == "chunked"
        self._request_body: Body = body_of(framing)
        self.request_done = self._request_body.done
        self._target, authority = origin_form(head.target)
        if self._method == b"CONNECT":
            raise HeadError("no tunnels", 405)
        self._host = authority or next(iter(head.values(b"host")), b"")
        self._ruling: Ruling = self._context.ruling
        if not self.request_done and self._ruling.may_need_body(head, self._target, self._host, self._ip):
            self._waiting_body = []
            if b"\nexpect:" in head.low:
                self._client.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            return
        self._act(None)

    def _act(self, body: bytes | None) -> None:
        self._decision: Decision = self._ruling.decide(self._head, self._target, self._host, self._ip, body)
        if isinstance(self._decision, Refuse):
            self._refuse(self._decision)
            return
        contained = isinstance(self._decision, Contain)
        self._upgrade = b"websocket" in self._head.tokens(b"upgrade") if b"\nupgrade:" in self._head.low else False
        if contained and self._upgrade:
            self._answer(refusal(403, "no upgrade on a contained route"), did="refused")
            return
        self._send(self._request_head(contained=contained))
        if body:
            self._send_body(body)
        if body is not None and self._request_chunked:
            self._send(LAST_CHUNK)

    def _refuse(self, decision: Refuse) -> None:
        self._context.metrics.add("stanch_refused_total", rule=decision.rule_id, why=decision.why)
        self._answer(refusal(decision.status, decision.message, retry_after_s=decision.retry_after_s), did="refused")

    def _request_head(self, *, contained: bool) -> bytes:
        head = self._head
        if contained:
            fields = wire(asked(tuple((name, value) for name, value in head.pairs() if name not in _PER_CONNECTION or name == "content-length")))
        else:
            fields = end_to_end(head, keep=frozenset({b"upgrade", b"connection"}) if self._upgrade else frozenset())
        if self._host and head.target != self._target:
            fields = b"Host: " + self._host + b"\r\n" + b"".join(
                line + b"\r\n" for line in fields.split(b"\r\n") if line and not line.lower().startswith(b"host:")
            )  # fmt: skip
        framing = b"Transfer-Encoding: chunked\r\n" if self._request_chunked else b""
        return b"%b %b HTTP/1.1\r\n%b%bX-Forwarded-For: %b\r\n\r\n" % (self._method, self._target, fields, framing, self._ip.encode())

    def request_data(self, data: bytes) -> bytes:
        """Take more of the request's body; give what comes after its end.

        Raises: FramingError.
        """
        self.last_s = time.monotonic()
        payload, rest = self._request_body.feed(data)
        self.request_done = self._request_body.done
        if self._context.tap and payload and sum(map(len, self._tap_in)) < MAX_TAPPED_BYTES:
            self._tap_in.append(payload)
        if self._waiting_body is not None:
            self._gather_request(payload)
            return rest
        self._send_body(payload)
        if self.request_done and self._request_chunked:
            self._send(LAST_CHUNK)
        return rest

    def _gather_request(self, payload: bytes) -> None:
        waiting = self._waiting_body or []
        waiting.append(payload)
        if sum(map(len, waiting)) > self._context.settings.max_request_bytes:
            self._waiting_body = None
            self._answer(refusal(413, "too large to be decided on"), did="refused")
        elif self.request_done:
            self._waiting_body = None
            self._act(b"".join(waiting))

    def _send_body(self, payload: bytes) -> None:
        if payload:
            self._send(chunk(payload) if self._request_chunked else payload)

    def _send(self, data: bytes) -> None:
        if self.done:
            return
        if self._upstream is not None:
            self._upstream.write(data)
            return
        self._to_origin.append(data)
        if not self._connecting:
            self._connect()

    def _connect(self) -> None:
        found = self._context.pool.take()
        if found is not None:
            self._opened(found)
        else:
            self._connecting = True
            self._context.pool.connect(self._opened)

    def _opened(self, upstream: Upstream | None) -> None:
        self._connecting = False
        self.last_s = time.monotonic()
        if self.done:
            if upstream is not None:
                self._context.pool.give_back(upstream)
            return
        if upstream is None:
            self._fail(502, "connect")
            return
        self._upstream = upstream
        upstream.listener = self
        upstream.write(b"".join(self._to_origin))
        if self._can_repeat:
            return
        self._to_origin = []

    @property
    def _can_repeat(self) -> bool:
        """Whether the request may be sent again when a kept-alive connection turns out to be dead."""
        return self._method in SAFE_TO_REPEAT and self.request_done and not self._request_chunked

    def upstream_paused(self, *, paused: bool) -> None:
        self._client.pause(paused=paused)

    def client_paused(self, *, paused: bool) -> None:
        if self._upstream is not None and self._upstream.transport is not None:
            (self._upstream.transport.pause_reading if paused else self._upstream.transport.resume_reading)()

    # --- the response

    def upstream_data(self, data: bytes) -> None:
        self.last_s = time.monotonic()
        try:
            if self._response is None:
                self._buffer += data
                self._read_head()
            else:
                self._read_body(data)
        except (HeadError, FramingError):
            self._fail(502, "malformed")
        except MaskError as error:
            self._withhold_stream(str(error))

    def _read_head(self) -> None:
        while self._response is None and (found := parse_response(self._buffer)) is not None:
            head, end = found
            rest, self._buffer = self._buffer[end:], self._buffer[end:]
            if head.status == 101:
                self._switch(head, rest)
                return
            if head.status < 200:
                if head.status == 100 and self._is_1_1:
                    self._client.write(head.line + b"\r\n")
                continue
            self._response, self._buffer = head, b""
            self._status = head.status
            self._begin(head)
            if rest or (self._response_body is not None and self._response_body.done):
                self._read_body(rest)
            elif self._outgoing:
                out, self._outgoing = self._outgoing, b""
                self._write(out)

    def _switch(self, head: ResponseHead, rest: bytes) -> None:
        """Become a tunnel, which only a request for a WebSocket on a route that is not contained may."""
        if not self._upgrade or self._upstream is None or isinstance(self._current_decision(), Contain):
            self._fail(502, "malformed")
            return
        self.done = True
        self._status = 101
        upstream, self._upstream = self._upstream, None
        self._client.write(head.line + head.block + b"\r\n")
        self._context.finished(self._method, self._target, (101, 0), self._started_s, "passed")
        self._client.tunnel(upstream, rest, self.tunnel_allowed)

    def _current_decision(self) -> Decision:
        """Decide again where the policy has changed since the request came: what is under way is contained too.

        A request's body is gone by now, so of GraphQL every operation is taken to be meant, under its plain names.
        """
        if self._context.ruling is not self._ruling:
            self._ruling = self._context.ruling
            again = self._ruling.decide(self._head, self._target, self._host, self._ip)
            self._decision = self._decision if isinstance(again, Refuse) else again
        return self._decision

    def _begin(self, head: ResponseHead) -> None:
        framing = response_framing(head, method=self._method)
        self._response_body = body_of(framing)
        decision = self._current_decision()
        if isinstance(decision, Contain):
            self._fitting = tuple(rule for rule in decision.rules if fits(rule, head.status, first(head, b"content-type")))
            if self._fitting:
                self._begin_contained(decision, head)
                return
            self._did = "unmatched"
        fields = end_to_end(head)
        chunked = framing in {"chunked", "close"} and self._is_1_1
        if framing in {"chunked", "close"} and not self._is_1_1:
            self._keep_alive = False
        if chunked:
            fields += b"Transfer-Encoding: chunked\r\n"
            self._response_body = body_of(framing)
        self._coming = head.pairs() if self._context.tap else ()
        self._outgoing = b"HTTP/1.1 " + head.line[9:] + fields + self._closing()

    def _closing(self) -> bytes:
        keep = self._keep_alive and self.request_done and not self._context.draining
        self._keep_alive = keep
        return (b"\r\n" if self._is_1_1 else b"Connection: keep-alive\r\n\r\n") if keep else b"Connection: close\r\n\r\n"

    def _begin_contained(self, decision: Contain, head: ResponseHead) -> None:
        self._did = "contained"
        self._outgoing = b""
        self._gathered = []
        self._coming = tuple((name, value) for name, value in head.pairs() if name not in _PER_CONNECTION)
        given = dict(self._coming)
        content_type = given.get("content-type", "").lower()
        self._may_stream = self._may_leave_early(decision, given)
        if not self._may_stream:
            if int(next(iter(head.values(b"content-length")), b"0")) > self._context.settings.max_contained_bytes:
                raise MaskError("larger than may be gathered", 0)
        elif is_event_stream(content_type, b""):
            self._start_stream(EventMasker(self._masker(decision)))
        elif "ndjson" in content_type:
            self._start_stream(LineMasker(self._masker(decision)))

    def _masker(self, decision: Contain) -> Masker:
        return self._ruling.maskers.get(actions_of(self._fitting, decision.operations))

    def _may_leave_early(self, decision: Contain, given: dict[str, str]) -> bool:
        """Tell whether parts may leave before the end is seen: never where the whole has to be looked at once more."""
        whole = decision.unsure or decision.released_by or decision.on_error == "pass" or any(rule.tripwire for rule in self._fitting)
        partial = self._status == 206 or "content-range" in given
        return not whole and not partial and self._method != b"HEAD" and not coding_names(given.get("content-encoding"))

    def _start_stream(self, stream: Stream | Framer) -> None:
        headers, _ = mask_headers(following_removed(self._coming), header_actions_of(self._fitting), self._ruling.maskers.key)
        self._stream = stream
        if not self._is_1_1:
            self._keep_alive = False
        framing = b"Transfer-Encoding: chunked\r\n" if self._is_1_1 else b""
        self._write(status_line(self._status) + wire(headers) + framing + self._closing())

    def _read_body(self, data: bytes) -> None:
        body = self._response_body
        if body is None:
            return
        payload, rest = body.feed(data)
        if rest:
            # bytes after the end belong to nobody: the connection can't be trusted any more
            self._drop_upstream()
        if self._gathered is not None:
            self._contain(payload, ended=body.done)
        else:
            self._pass(payload, ended=body.done)

    def _pass(self, payload: bytes, *, ended: bool) -> None:
        out = self._outgoing
        self._outgoing = b""
        if payload:
            self._n_sent += len(payload)
            out += chunk(payload) if self._chunks_out else payload
            if self._context.tap and sum(map(len, self._tap_out)) < MAX_TAPPED_BYTES:
                self._tap_out.append(payload)
        if ended and self._chunks_out:
            out += LAST_CHUNK
        if out:
            self._write(out)
        if ended:
            self._finish()

    @property
    def _chunks_out(self) -> bool:
        return self._is_1_1 and isinstance(self._response_body, Chunked | UntilClose)

    def _contain(self, payload: bytes, *, ended: bool) -> None:
        if self._stream is not None:
            self._flow(payload, ended=ended)
            return
        gathered = self._gathered if self._gathered is not None else []
        gathered.append(payload)
        self._n_gathered += len(payload)
        if ended:
            self._respond(b"".join(gathered))
            return
        settings = self._context.settings
        decision = self._decision
        if self._n_gathered > settings.stream_above_bytes and isinstance(decision, Contain) and self._may_stream and looks_like_one(gathered):
            self._gathered = []
            self._start_stream(self._masker(decision).stream())
            self._flow(b"".join(gathered), ended=False)
        elif self._n_gathered > settings.max_contained_bytes:
            raise MaskError("larger than may be gathered", 0)

    def _flow(self, payload: bytes, *, ended: bool) -> None:
        stream = self._stream
        if stream is None:
            return
        fed = stream.feed(payload) if payload else b""
        out = fed if isinstance(fed, bytes) else fed.body
        n_masked = 0 if isinstance(fed, bytes) else fed.n_masked
        n_dropped = 0 if isinstance(fed, bytes) else fed.n_dropped
        if ended:
            last = stream.finish()
            out += last.body
            n_masked, n_dropped = n_masked + last.n_masked, n_dropped + last.n_dropped
        self._n_sent += len(out)
        outcome = Outcome(
            response=Response(status=self._status, headers=(), body=b""), n_masked=n_masked, n_dropped=n_dropped, rule_ids=self._rule_ids()
        )
        self._context.note_outcome(outcome)
        framed = (chunk(out) + (LAST_CHUNK if ended else b"")) if self._is_1_1 else out
        if framed:
            self._write(framed)
        if ended:
            self._finish()

    def _rule_ids(self) -> tuple[str, ...]:
        return tuple(rule.id for rule in self._decision.rules) if isinstance(self._decision, Contain) else ()

    def _respond(self, body: bytes) -> None:
        decision = self._decision
        if not isinstance(decision, Contain):
            return
        response = Response(status=self._status, headers=self._coming, body=body)
        try:
            sampled = self._context.sampled(max(rule.tripwire for rule in decision.rules))
            outcome = respond(decision, response, method=self._method.decode("latin-1"), maskers=self._ruling.maskers, sampled=sampled)
        except Exception as error:  # noqa: BLE001 -- a fault of ours on a contained route: nothing leaves
            self._context.metrics.add("stanch_faults_total", kind=type(error).__name__)
            outcome = Outcome(response=refusal(502, "response withheld"), withheld="a fault of stanch", rule_ids=self._rule_ids())
        self._context.note_outcome(outcome)
        if outcome.withheld:
            self._did = "withheld"
        if self._context.tap:
            self._tap_out = [body[:MAX_TAPPED_BYTES]]
        self._write_whole(outcome.response)
        self._finish()

    def _write_whole(self, response: Response) -> None:
        """Write a response of which all is known."""
        bodyless = self._method == b"HEAD" or response.status in {204, 304}
        size = b"" if bodyless else b"Content-Length: %d\r\n" % len(response.body)
        headers = tuple((name, value) for name, value in response.headers if name != "content-length")
        self._n_sent = 0 if bodyless else len(response.body)
        self._write(status_line(response.status) + wire(headers) + size + self._closing() + (b"" if bodyless else response.body))

    def _write(self, data: bytes) -> None:
        self._begun = True
        self._client.write(data)

    # --- ends

    def _answer(self, response: Response, *, did: str) -> None:
        """Answer in the origin's place."""
        self._did, self._status = did, response.status
        self._write_whole(response)
        self._finish()

    def _withhold_stream(self, why: str) -> None:
        """Stop a contained response that turned out not to be maskable: a clean refusal where nothing has left yet, else an abort."""
        del why  # counted, not told: what is wrong with a body is the operator's business
        self._context.metrics.add("stanch_responses_withheld_total", rule=",".join(self._rule_ids()))
        self._did = "withheld"
        self._drop_upstream()
        if not self._begun:
            self._status = 502
            self._write_whole(refusal(502, "response withheld"))
            self._finish()
        else:
            self._end()
            self._client.abort()

    def _fail(self, status: int, kind: str) -> None:
        """Answer for an origin that failed; a response that has begun is cut off, so that nobody takes it for whole."""
        self._context.metrics.add("stanch_upstream_errors_total", kind=kind)
        self._drop_upstream()
        self._did = "failed"
        if self._begun:
            self._end()
            self._client.abort()
            return
        self._keep_alive = self._keep_alive and self.request_done
        self._status = status
        self._write_whole(refusal(status, "the origin failed"))
        self._finish()

    def upstream_lost(self) -> None:
        """Take note that the origin closed: the end of a body, a stale connection, or a failure."""
        upstream, self._upstream = self._upstream, None
        if self.done:
            return
        if isinstance(self._response_body, UntilClose):
            self._response_body.done = True
            try:
                self._read_body(b"")
            except MaskError as error:
                self._withhold_stream(str(error))
        elif self._response is None and not self._buffer and upstream is not None and upstream.n_served and self._can_repeat and self._to_origin:
            self._connect()
        else:
            self._fail(502, "closed" if self._response is None else "cut short")

    def enforce(self) -> None:
        """Cut off a response that has been leaving unmasked since before its route was contained."""
        if not self._begun or self.done or self._gathered is not None or self._response is None:
            return
        decision = self._current_decision()
        content_type = first(self._response, b"content-type")
        if isinstance(decision, Contain) and any(fits(rule, self._status, content_type) for rule in decision.rules):
            self._did = "cut off"
            self._drop_upstream()
            self._end()
            self._client.abort()

    def tunnel_allowed(self) -> bool:
        """Tell whether the tunnel that this exchange became may go on."""
        return not isinstance(self._current_decision(), Contain)

    def timed_out(self) -> None:
        self._fail(504, "timeout")

    def client_lost(self) -> None:
        """Let go of everything: the client has left."""
        if not self.done:
            self._did, self._status = "client left", self._status or 499
            self._end()
        self._drop_upstream()

    def _drop_upstream(self) -> None:
        upstream, self._upstream = self._upstream, None
        if upstream is not None:
            upstream.abort()

    def _finish(self) -> None:
        upstream = self._upstream
        if upstream is not None:
            self._upstream = None
            head = self._response
            whole = self._response_body is not None and self._response_body.done and not isinstance(self._response_body, UntilClose)
            if whole and self.request_done and head is not None and not head.wants_close:
                self._context.pool.give_back(upstream)
            else:
                upstream.abort()
        self._end()
        self._client.exchange_done(keep_alive=self._keep_alive and self.request_done)

    def _end(self) -> None:
        self.done = True
        self._context.finished(self._method, self._target, (self._status, self._n_sent), self._started_s, self._did)
        if self._context.tap and self._response is not None and self._tap_out is not None:
            self._context.tap(self._recorded())

    def _recorded(self) -> Recorded:
        host = self._host.decode("latin-1") or "localhost"
        # the payload is out of its chunks already
        coming = tuple(pair for pair in self._coming if pair[0] != "transfer-encoding")
        return Recorded(
            where="tap", method=self._method.decode("latin-1"), url=f"http://{host}{self._target.decode('latin-1')}",
            request_headers=self._head.pairs(), request_body=b"".join(self._tap_in), status=self._status, response_headers=coming,
            response_body=b"".join(self._tap_out), started_at=datetime.now(UTC), client_ip=self._ip,
        )  # fmt: skip
