"""The mitmproxy addon in a real mitmdump, against every hazard over real sockets.

python bench/gateway/mitm.py --mitmdump VENV/bin/mitmdump      (a venv of its own: pip install mitmproxy and this checkout)
"""

import argparse
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "gateway"))

from hazards import HAZARDS, RULES, WITHHELD, leaks
from stack import Answer, Origin, ask, get, policy
from test_gateway_hazards import origin_script

from stanch.contain.text import to_yaml
from stanch.gateway.config import Address


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mitmdump", required=True)
    args = parser.parse_args()
    current = [HAZARDS[0]]
    origin = Origin(origin_script(current))
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = Address(host="127.0.0.1", port=free.getsockname()[1])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "policy.yaml"
        path.write_text(to_yaml(policy(RULES)))
        command = [args.mitmdump, "-q", "--mode", f"reverse:http://127.0.0.1:{origin.port}", "--listen-host", "127.0.0.1", "-p", str(address.port),
                   "--set", f"confdir={folder}", "--set", f"stanch_policy={path}", "-s", str(ROOT / "src/stanch/gateway/mitm.py")]  # fmt: skip
        process = subprocess.Popen(command)
        try:
            wait_for(address)
            run(current, address)
        finally:
            process.terminate()
            process.wait(10)
            origin.close()


def wait_for(address):
    for _ in range(200):
        try:
            socket.create_connection((address.host, address.port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return


def run(current, address):
    leaked, other = [], []
    for hazard in HAZARDS:
        current[0] = hazard
        fields = [*hazard.asked, *([("Content-Length", str(len(hazard.request_body)))] if hazard.request_body else [])]
        raw = ask(address, get(hazard.target, method=hazard.method, fields=fields, body=hazard.request_body))
        found = Answer(raw)
        if leaks(raw):
            leaked.append(hazard.name)
        elif (hazard.want is WITHHELD and found.status != 502) or (isinstance(hazard.want, bytes) and found.body != hazard.want):
            other.append(hazard.name)
    print(f"{len(HAZARDS)} hazards through mitmproxy: {len(leaked)} leaked {leaked}, {len(other)} answered otherwise {other}")


if __name__ == "__main__":
    main()
