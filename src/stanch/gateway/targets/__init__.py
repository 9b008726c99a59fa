"""Where a policy is pushed to, one file per kind of target."""

from stanch.errors import InputError
from stanch.gateway.targets.embedded import EmbeddedTarget
from stanch.gateway.targets.file import FileTarget
from stanch.gateway.targets.haproxy import HaproxyTarget
from stanch.gateway.targets.interface import Target


def parse_target(text: str, *, token: str) -> Target:
    """Read ``gateway=URL``, ``haproxy=SOCKET`` or ``file=PATH``.

    Raises: InputError.
    """
    kind, equals, place = text.partition("=")
    if kind == "gateway" and equals:
        return EmbeddedTarget(place, token)
    if kind == "file" and equals and place:
        return FileTarget(place)
    if kind == "haproxy" and equals and place:
        return HaproxyTarget(place)
    raise InputError(
        "this is no target", where="--target", hint="gateway=http://127.0.0.1:9901, haproxy=/run/haproxy/stanch.sock or file=policy.yaml"
    )
