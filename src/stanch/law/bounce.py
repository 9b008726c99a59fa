"""Reading bounces: delivery status notifications (RFC 3464), told apart by the address they come back to.

The address that a message is sent from holds its key, so a bounce needs no look at whose it was.
"""

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message

_KEY = re.compile(r"bounce\+([0-9a-f]{32})@", re.IGNORECASE)
_STATUS = re.compile(r"^[245]\.\d{1,3}\.\d{1,3}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounce:
    message_key: str
    status: str
    """RFC 3463: ``5.1.1`` no such mailbox."""
    permanent: bool


def return_path(message_key: str, domain: str) -> str:
    return f"bounce+{message_key}@{domain}"


def read_bounce(data: bytes) -> Bounce | None:
    """Read a returned message; ``None`` where it is no bounce of ours or says that all went well."""
    message = message_from_bytes(data)
    found = next((m for name in ("To", "Delivered-To", "X-Original-To", "Envelope-To") for m in [_KEY.search(str(message.get(name, "")))] if m), None)
    status = _status(message)
    if found is None or status is None or status.startswith("2"):
        return None
    return Bounce(message_key=found[1].lower(), status=status, permanent=status.startswith("5"))


def _status(message: Message) -> str | None:
    for part in message.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        payload = part.get_payload()
        for block in payload if isinstance(payload, list) else []:
            match = _STATUS.match(str(block.get("Status", "")).strip()) if isinstance(block, Message) else None
            if match:
                return match[0]
    return None
