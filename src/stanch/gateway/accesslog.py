"""One line of JSON a request, without personal data: the route's template instead of its path, no address, no query, no agent."""

from collections.abc import Callable
from datetime import UTC, datetime

import orjson

from stanch.contain.route import Branch, readings, tree

UNLISTED = "(unlisted)"
MAX_KNOWN = 8192
Write = Callable[[bytes], None]


class RouteNames:
    """Names a target by the template that it fits."""

    def __init__(self, templates: tuple[str, ...]) -> None:
        self._templates = sorted(set(templates), key=lambda t: (t.count("{"), t))
        self._tree: Branch = tree(self._templates)
        self._known: dict[bytes, str] = {}

    def name(self, target: bytes) -> str:
        if not self._templates:
            return UNLISTED
        path = target.partition(b"?")[0]
        found = self._known.get(path)
        if found is None:
            numbers = {n for form in readings(path.decode("latin-1")) for n in self._tree.find(form)}
            found = self._templates[min(numbers)] if numbers else UNLISTED
            if len(self._known) >= MAX_KNOWN:
                self._known.clear()
            self._known[path] = found
        return found


class AccessLog:
    """Gathers lines and writes them together."""

    def __init__(self, write: Write | None) -> None:
        self._write = write
        self._lines: list[bytes] = []
        self._second = 0
        self._stamp = b""

    @property
    def wanted(self) -> bool:
        return self._write is not None

    def add(self, now_s: float, method: bytes, route: str, sent: tuple[int, int], took_s: float, did: str) -> None:
        """Note one request; ``sent`` is status and bytes of the body, ``did`` what the policy did."""
        if int(now_s) != self._second:
            self._second = int(now_s)
            self._stamp = datetime.fromtimestamp(self._second, UTC).strftime("%Y-%m-%dT%H:%M:%SZ").encode()
        self._lines.append(
            b'{"at":"%b","method":"%b","route":%b,"status":%d,"bytes":%d,"ms":%.2f,"did":"%b"}\n'
            % (self._stamp, method, orjson.dumps(route), *sent, took_s * 1000, did.encode())
        )
        if len(self._lines) >= 256:
            self.flush()

    def flush(self) -> None:
        if self._write is not None and self._lines:
            self._write(b"".join(self._lines))
        self._lines.clear()
