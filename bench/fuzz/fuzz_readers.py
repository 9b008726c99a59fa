"""Throw bytes at the readers of captures for a bounded time: with atheris where it is installed, else with a seeded random loop.

    python bench/fuzz/fuzz_readers.py [seconds] [seed]

Only typed errors may come out, and none may show what it read. Ends with exit code 1 and the offending input in hexadecimal otherwise.
"""

import gzip
import json

from loop import run

from stanch.errors import InputError
from stanch.traffic.capture import read_capture
from stanch.traffic.exchange import Exchange, Unreadable

CANARY = "zqcanary"
ENTRY = {
    "startedDateTime": "2026-03-01T10:00:00Z",
    "request": {
        "method": "POST",
        "url": f"https://api.example.org/{CANARY}",
        "headers": [{"name": "A", "value": CANARY}],
        "postData": {"text": CANARY},
    },
    "response": {"status": 200, "headers": {"B": CANARY}, "content": {"text": "e30=", "encoding": "base64"}},
    "_webSocketMessages": [{"type": "send", "data": CANARY}],
}
HAR = json.dumps({"log": {"pages": [{"entries": []}], "entries": [ENTRY, ENTRY, None, "x", ENTRY]}}).encode()
FLOW = (
    b"203:4:type;4:http,7:version;2:18#7:request;91:6:method;3:GET,6:scheme;5:https,4:host;15:api.example.org,4:port;3:443#4:path;2:/a,7:headers;0:]}"
    b"8:response;0:~}"
)
SEEDS = (
    HAR, HAR[: len(HAR) // 2], b"\xef\xbb\xbf" + HAR, gzip.compress(HAR, mtime=0), FLOW,
    b'{"method":"GET","url":"https://api.example.org/zqcanary","status":200,"response_body":{"a":1}}\n{"method":"GET"}\nzqcanary\n',
    b'<?xml version="1.0"?><items><item><url>https://api.example.org/zqcanary</url><request base64="true">R0VUIC8=</request></item></items>',
    b'<?xml version="1.0"?><!DOCTYPE items [<!ENTITY a "zqcanary">]><items>&a;</items>', b"PAR1zqcanaryPAR1", b"<!doctype html>zqcanary",
)  # fmt: skip


def one_input(data: bytes) -> None:
    """Let the first bytes choose how the rest comes in chunks."""
    step, body = (data + b"\0")[0] % 61 + 1, data[3:]
    try:
        items = list(read_capture((body[i : i + step] for i in range(0, len(body), step)), name="fuzz"))
    except InputError as error:
        if CANARY in str(error):
            raise AssertionError("an error shows what it read") from None
        return
    for item in items:
        if not isinstance(item, Exchange | Unreadable) or CANARY in repr(item):
            raise AssertionError("an item shows what it read")


if __name__ == "__main__":
    run(one_input, SEEDS)
