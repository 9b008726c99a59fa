"""A mitmproxy addon that masks, and fails closed: ``mitmdump -s …/stanch/gateway/mitm.py --set stanch_policy=policy.yaml``.

mitmproxy lets a response pass when an addon raises, so nothing here may raise: any doubt puts a refusal in the response's place. For analysis and
drills; for traffic use ``stanch gateway``. Needs mitmproxy only when it runs inside of it.
"""

from importlib import import_module
from typing import Any, Protocol

from stanch.contain.decide import GO, Contain, Decision, Refuse
from stanch.contain.policy import Policy
from stanch.contain.request import Request
from stanch.contain.respond import Response, asked, refusal
from stanch.gateway.contained import refused, settle
from stanch.gateway.source import PolicySource

KEPT = "stanch.decision"


class Make(Protocol):
    """Makes mitmproxy's own response of ours."""

    def __call__(self, response: Response, /) -> Any: ...  # noqa: ANN401 -- mitmproxy is not here to be named


def make_response(response: Response) -> Any:  # noqa: ANN401 -- as above
    http = import_module("mitmproxy.http")
    fields = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in response.headers]
    return http.Response.make(response.status, response.body, fields)


class Stanch:
    """The addon."""

    def __init__(self, policy: Policy | str | None = None, *, make: Make = make_response) -> None:
        self.source = PolicySource(policy)
        self._make = make

    def load(self, loader: Any) -> None:  # noqa: ANN401 -- mitmproxy's loader
        loader.add_option("stanch_policy", str, "", "A stanch.policy/1 file; nothing passes while it can't be read.")

    def configure(self, updated: set[str]) -> None:
        if "stanch_policy" in updated and (path := import_module("mitmproxy.ctx").options.stanch_policy):
            self.source = PolicySource(path)

    def request(self, flow: Any) -> None:  # noqa: ANN401 -- mitmproxy's flow
        try:
            self._request(flow)
        except Exception:  # noqa: BLE001 -- a shell's outermost place: the request does not go on
            flow.response = self._make(refusal(502, "request withheld"))

    def _request(self, flow: Any) -> None:  # noqa: ANN401
        decision = self._decision(flow)
        flow.metadata[KEPT] = decision
        if isinstance(decision, Refuse):
            flow.response = self._make(refused(decision))
        elif isinstance(decision, Contain):
            for name in {name for name, _ in headers_of(flow.request)} - {name for name, _ in asked(headers_of(flow.request))}:
                flow.request.headers.pop(name, None)
            flow.request.headers["accept-encoding"] = "identity"

    def _decision(self, flow: Any) -> Decision:  # noqa: ANN401
        asked_for = flow.request
        peer = getattr(getattr(flow, "client_conn", None), "peername", None)
        request = Request(
            method=asked_for.method, target=asked_for.path, host=asked_for.pretty_host, headers=headers_of(asked_for),
            client_ip=peer[0] if peer else "", body=asked_for.raw_content,
        )  # fmt: skip
        return self.source.ruling.decide_whole(request)

    def responseheaders(self, flow: Any) -> None:  # noqa: ANN401 -- mitmproxy's flow
        """Keep contained responses from streaming past us."""
        if flow.response is not None and flow.metadata.get(KEPT, None) is not GO:
            flow.response.stream = False

    def response(self, flow: Any) -> None:  # noqa: ANN401 -- mitmproxy's flow
        try:
            self._response(flow)
        except Exception:  # noqa: BLE001 -- a shell's outermost place: the response does not leave
            flow.response = self._make(refusal(502, "response withheld"))

    def _response(self, flow: Any) -> None:  # noqa: ANN401
        decision = flow.metadata.get(KEPT) or self._decision(flow)
        if not isinstance(decision, Contain):
            return
        body = flow.response.raw_content
        if body is None:
            flow.response = self._make(refusal(502, "response withheld"))
            return
        before = Response(status=flow.response.status_code, headers=headers_of(flow.response), body=body)
        outcome = settle(self.source.ruling, decision, before, method=flow.request.method)
        flow.response = self._make(outcome.response)

    def websocket_start(self, flow: Any) -> None:  # noqa: ANN401 -- mitmproxy's flow
        """End a WebSocket on a contained route: its frames can't be masked."""
        if not isinstance(flow.metadata.get(KEPT), type(GO)):
            flow.kill()


def headers_of(message: Any) -> tuple[tuple[str, str], ...]:  # noqa: ANN401 -- mitmproxy's message
    return tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in message.headers.fields)


addons = [Stanch()]
