"""The embedded gateway, through its control port. It enforces everything that a policy can say."""

import http.client
from datetime import UTC, datetime
from urllib.parse import urlsplit

import orjson

from stanch.contain.parse import parse_policy
from stanch.contain.policy import Policy, to_dict
from stanch.errors import InputError, OutsideError
from stanch.gateway.targets.interface import Enforced, Shortfall

TIMEOUT_S = 10.0


class EmbeddedTarget:
    """A control port."""

    def __init__(self, url: str, token: str) -> None:
        parts = urlsplit(url)
        if parts.scheme != "http" or not parts.hostname or not parts.port:
            raise InputError("this is no control port", where="--target", hint="gateway=http://127.0.0.1:9901, as stanch gateway prints it")
        self._host, self._port, self._token = parts.hostname, parts.port, token
        self.name = f"gateway={url}"

    def shortfalls(self, policy: Policy) -> tuple[Shortfall, ...]:
        del policy  # nothing falls short here
        return ()

    def running(self) -> Policy | None:
        status, body = self._ask("GET", "/policy")
        if status == 404:
            return None
        self._check(status, body)
        return parse_policy(body, name=self.name)

    def put(self, policy: Policy | None, *, rollback: bool = False) -> Enforced:
        if policy is None:
            status, body = self._ask("DELETE", "/policy")
        else:
            status, body = self._ask("PUT", "/policy?rollback" if rollback else "/policy", orjson.dumps(to_dict(policy)))
        if status != 500:
            self._check(status, body)
        told = orjson.loads(body)
        return Enforced(
            rev=told.get("rev", 0), digest=told.get("digest", ""), at=told.get("enforced_at", datetime.now(UTC).isoformat()),
            n_nodes=told.get("n_workers", 1), n_acknowledged=told.get("n_acknowledged", 0), took_ms=told.get("took_ms", 0.0),
        )  # fmt: skip

    def _check(self, status: int, body: bytes) -> None:
        if status == 200:
            return
        try:
            what = str(orjson.loads(body).get("error", ""))
        except (orjson.JSONDecodeError, AttributeError):
            what = ""
        raise OutsideError(what or f"answered {status}", where=self.name, hint="check --token-file" if status == 403 else "", permanent=True)

    def _ask(self, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection(self._host, self._port, timeout=TIMEOUT_S)
        try:
            connection.request(method, path, body, {"Authorization": f"Bearer {self._token}"})
            response = connection.getresponse()
            return response.status, response.read()
        except (OSError, http.client.HTTPException) as error:
            raise OutsideError(f"can't be reached: {type(error).__name__}", where=self.name, hint="is the gateway running?") from None
        finally:
            connection.close()
