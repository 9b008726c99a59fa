"""Where a policy is pushed to, one file per kind of target."""

from stanch.errors import InputError
from stanch.gateway.targets.embedded import EmbeddedTarget
from stanch.gateway.targets.file import FileTarget
from stanch.gateway.targets.interface import Target


def parse_target(text: str, *, token: str) -> Target:
    """Read ``gateway=URL`` or ``file=PATH``.

    Raises: InputError.
    """
    kind, equals, place = text.partition("=")
    if kind == "gateway" and equals:
        return EmbeddedTarget(place, token)
    if kind == "file" and equals and place:
        return FileTarget(place)
    raise InputError("this is no target", where="--target", hint="gateway=http://127.0.0.1:9901 or file=policy.yaml")
