"""HAProxy, live through its runtime API: what it can enforce itself it does, everything else it *steers* to the embedded gateway.

HAProxy reads the fragment below once, from its own configuration; after that only maps change, each replaced as a whole in one step, so no
connection is dropped and nothing is reloaded. The map files are written too, so that a restart keeps what holds.

A path, method or header that could be read in two ways is steered as well: HAProxy's own reading need not be the origin's. When the embedded
gateway is down, HAProxy answers 503 on contained routes: closed, not open.
Source: HAProxy 2.6 management guide, §9.3 (prepare map, add map, commit map).
"""

import re
import socket
import time
from datetime import UTC, datetime
from pathlib import Path

from stanch.contain.parse import parse_policy
from stanch.contain.policy import Policy, Rule
from stanch.contain.text import to_yaml
from stanch.errors import InputError, OutsideError
from stanch.gateway.targets.interface import Enforced, Shortfall

BACKEND = "stanch"
MAPS = ("stanch-steer.map", "stanch-deny.map", "stanch-address.map", "stanch-switch.map")
STEER, DENY, ADDRESS, SWITCH = MAPS
TIMEOUT_S = 5.0
NOWHERE = "^stanch-nowhere$"
"""An expression that no path fits."""
_PARAMETER = re.compile(r"\{[^{}/]+\}")
_ODD_HEADERS = (
    "x-http-method-override", "x-http-method", "x-method-override", "x-original-method",
    "x-original-url", "x-rewrite-url", "x-original-uri", "x-rewrite-uri",
)  # fmt: skip
Rows = dict[str, list[tuple[str, str]]]
"""By map: keys and values."""


def fragment(folder: str) -> str:
    """Write what the operator puts into a frontend, once; the maps lie in ``folder``, and a backend ``stanch`` leads to the embedded gateway."""
    headers = "\n".join(f"    acl stanch_odd req.hdr({name}) -m found" for name in _ODD_HEADERS)
    return f"""    # stanch: these lines stay as they are; containment changes the maps at run time
    acl stanch_watch str(odd),map_str({folder}/{SWITCH}) -m found
    acl stanch_odd path,lower -m reg '[^a-z0-9_~.$!*,=:@+/-]|//|/[.]|[.](/|$)'
    acl stanch_odd url_beg http:// https://
    acl stanch_odd url_param(_method) -m found
{headers}
    http-request deny deny_status 403 if {{ src,map_ip({folder}/{ADDRESS}) -m found }}
    use_backend {BACKEND} if stanch_watch stanch_odd
    http-request deny deny_status 503 if {{ path,lower,map_reg({folder}/{DENY}) -m found }}
    use_backend {BACKEND} if {{ path,lower,map_reg({folder}/{STEER}) -m found }}
"""


def native(rule: Rule) -> bool:
    """Tell whether HAProxy enforces a rule by itself and to the letter: a route denied to all, with the status that the fragment has."""
    match = rule.match
    if match is None or rule.deny is None or rule.deny.status != 503 or rule.limit or rule.deny_clients:
        return False
    return not (match.host or match.methods or match.besides or match.operations)


def rows(policy: Policy | None) -> Rows:
    """Compile a policy to the rows of all maps."""
    found: Rows = {name: [] for name in MAPS}
    if policy is None:
        return found
    for rule in policy.rules:
        if rule.match is not None:
            found[DENY if native(rule) else STEER].append((pattern(rule.match.template), rule.id))
        if rule.deny_clients is not None and rule.match is None:
            found[ADDRESS] += [(network, rule.id) for network in rule.deny_clients.ip]
        if rule.deny_clients is not None and (rule.deny_clients.token_sha256 or rule.deny_clients.user_sha256):
            # credentials stand in many places; only the embedded gateway looks in all of them
            found[STEER].append(("^/", rule.id))
    if found[STEER] or found[DENY]:
        found[SWITCH].append(("odd", "1"))
    found[SWITCH].append(("digest", policy.digest))
    return found


def pattern(template: str) -> str:
    """Write a template as an expression over a path in lower case."""
    parts = ("[^/]+".join(re.escape(text) for text in _PARAMETER.split(part.casefold())) for part in template.split("/") if part)
    return "^/" + "/".join(parts) + "([.][a-z]+)?/?$"


class HaproxyTarget:
    """One HAProxy process, by its stats socket at level admin."""

    def __init__(self, path: str) -> None:
        self._path = path
        self.name = f"haproxy={path}"

    @property
    def _beside(self) -> Path:
        """Where the policy's text lies, since the maps hold only what follows from it."""
        return Path(f"{self._path}.policy.yaml")

    def shortfalls(self, policy: Policy) -> tuple[Shortfall, ...]:
        """Say what can't be enforced where there is no embedded gateway to steer to."""
        if self._has_backend():
            return ()
        lacking = [rule for rule in policy.rules if not native(rule) and not only_addresses(rule)]
        instead = f"add a backend '{BACKEND}' that leads to stanch gateway, which enforces everything"
        return tuple(Shortfall(rule_id=rule.id, what="HAProxy can't do this by itself", instead=instead) for rule in lacking)

    def _has_backend(self) -> bool:
        return BACKEND in self._ask("show backend").split()

    def running(self) -> Policy | None:
        digest = dict(self._rows(SWITCH)).get("digest")
        if digest is None:
            return None
        try:
            policy = parse_policy(self._beside.read_bytes(), name=self._beside.name)
        except (OSError, InputError):
            raise OutsideError("a policy holds whose text is gone", where=self.name, hint="lift it, or apply again") from None
        if policy.digest != digest:
            raise OutsideError("the maps hold another policy than the text beside the socket", where=self.name, hint="apply again")
        return policy

    def put(self, policy: Policy | None, *, rollback: bool = False) -> Enforced:
        del rollback  # maps take any revision
        started_s = time.perf_counter()
        files = self._files()
        wanted = rows(policy)
        if policy is not None:
            self._beside.write_text(to_yaml(policy))
        # what lets through comes last when containing, and first when lifting: no moment is weaker than before and after
        for name in MAPS if policy is not None else reversed(MAPS):
            self._replace(files[name], wanted[name])
            keep(files[name], wanted[name])
        digest = policy.digest if policy else ""
        held = dict(self._rows(SWITCH)).get("digest", "")
        took_ms = (time.perf_counter() - started_s) * 1000
        now = datetime.now(UTC).isoformat()
        return Enforced(rev=policy.rev if policy else 0, digest=held, at=now, n_nodes=1, n_acknowledged=int(held == digest), took_ms=took_ms)

    def _files(self) -> dict[str, str]:
        """Find the maps that this HAProxy has loaded.

        Raises: OutsideError where the fragment is not in its configuration.
        """
        loaded = re.findall(r"\(([^()]+)\)", self._ask("show map"))
        found = {name: path for path in loaded for name in MAPS if path.rsplit("/", 1)[-1] == name}
        if missing := [name for name in MAPS if name not in found]:
            hint = "put the lines of docs/haproxy.md into the frontend, once"
            raise OutsideError(f"the map {missing[0]} is not loaded", where=self.name, hint=hint, permanent=True)
        return found

    def _rows(self, name: str) -> list[tuple[str, str]]:
        lines = self._ask(f"show map {self._files()[name]}").splitlines()
        parts = (line.split(" ", 2) for line in lines if line.strip())
        return [(part[1], part[2]) for part in parts if len(part) == 3]

    def _replace(self, file: str, wanted: list[tuple[str, str]]) -> None:
        """Replace a map as a whole: the new version is prepared beside the old one and takes its place in one step."""
        answer = self._ask(f"prepare map {file}")
        version = re.search(r"New version created: (\d+)", answer)
        if version is None:
            raise OutsideError("a map can't be prepared", where=self.name, hint="it takes HAProxy 2.4 and a socket at level admin", permanent=True)
        for key, value in wanted:
            if refusal := self._ask(f"add map @{version[1]} {file} {escaped(key)} {value}"):
                raise OutsideError(f"a row was refused: {refusal[:80]}", where=self.name, permanent=True)
        if refusal := self._ask(f"commit map @{version[1]} {file}"):
            raise OutsideError(f"a map was refused: {refusal[:80]}", where=self.name, permanent=True)
        if file.endswith((STEER, DENY)):
            # look-ups by expression are cached, and the cache outlives a commit; a row added and taken away empties it
            self._ask(f"add map {file} {NOWHERE} 0")
            self._ask(f"del map {file} {NOWHERE}")

    def _ask(self, command: str) -> str:
        """Send one command; give its answer without white space around it."""
        try:
            with socket.socket(socket.AF_UNIX) as sock:
                sock.settimeout(TIMEOUT_S)
                sock.connect(self._path)
                sock.sendall(command.encode() + b"\n")
                pieces = iter(lambda: sock.recv(65536), b"")
                return b"".join(pieces).decode("utf-8", "replace").strip()
        except OSError as error:
            raise OutsideError(f"can't be reached: {type(error).__name__}", where=self.name, hint="is this HAProxy's stats socket?") from None


def only_addresses(rule: Rule) -> bool:
    clients = rule.deny_clients
    return rule.match is None and clients is not None and not clients.token_sha256 and not clients.user_sha256


def escaped(text: str) -> str:
    """Write a word for the command line of the runtime API."""
    return re.sub(r"([\\ ;#])", r"\\\1", text)


def keep(file: str, wanted: list[tuple[str, str]]) -> None:
    """Write a map's file, for HAProxy's next start; where that is not allowed, the running maps hold all the same."""
    try:
        Path(file).write_text("".join(f"{key} {value}\n" for key, value in wanted))
    except OSError:
        return
