"""The embedded gateway beside nginx proxy_pass, in one run: throughput, how fast a policy holds, and fuzz over real sockets.

python bench/gateway/run.py [--seconds 3] [--rounds 3] [--fuzz 2000] [--json out.json]

Needs nginx and wrk (Debian: apt-get install nginx-light wrk), on the path or in the folders of $STANCH_BENCH_PATH. Loopback only.
The gateway under test runs on the first core, load and origin on the second, one after the other, rounds interleaved; ratios are medians.
"""

import argparse
import gzip
import http.client
import json
import os
import platform
import random
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import brotli

from stanch.contain.parse import parse_policy
from stanch.contain.prove import what_else_changed
from stanch.gateway.targets import parse_target

HEAD = "schema: stanch.policy/1\npolicy: bench\nrev: %d\non_error: block\nrules:\n"
MASK = """  - id: mask
    match: {method: GET, template: "/api/articles/{slug}/comments/{id}"}
    mask: [$.author.email, $.author.phone, "$.replies[*].author.email", "$.replies[*].author.phone"]
"""
FULL = (
    MASK
    + """  - id: out
    deny_clients: {token_sha256: ["%s"], ip: [203.0.113.0/24]}
  - id: slow
    match: {template: "/api/articles/{slug}/comments/{id}"}
    limit: {per: token, rate: 9000000/s}
  - id: back
    match: {template: "/api/articles/{slug}/comments/{id}"}
    canary: {release: 0%%, by: token}
"""
    % ("a" * 64)
)
NOTHING = "  - id: other\n    match: {template: /other}\n    deny: true\n"
PATHS = {"2KB": "/api/articles/trains/comments/2", "20KB": "/api/articles/trains/comments/20"}


def person(n):
    return {
        "username": f"user{n}",
        "name": "Ann Example",
        "email": f"ann{n}@example.org",
        "phone": "+1 202 555 0100",
        "bio": "Reads and writes. " * 8,
    }


def body(n_replies):
    replies = [{"id": n, "body": "A reply of some length. " * 12, "author": person(n), "likes": n * 7} for n in range(n_replies)]
    return json.dumps({"id": 7, "body": "Well said. " * 60, "author": person(0), "replies": replies}, separators=(",", ":")).encode()


BODIES = {"2KB": body(2), "20KB": body(34)}


def main():
    args = arguments()
    nginx, wrk = tool("nginx"), tool("wrk")
    with tempfile.TemporaryDirectory(prefix="stanch-bench-") as folder:
        result = measure(Path(folder), nginx, wrk, args)
    print(report(result))
    if args.json:
        Path(args.json).write_text(json.dumps(result, indent=1))


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--flips", type=int, default=100)
    parser.add_argument("--fuzz", type=int, default=2000)
    parser.add_argument("--json")
    return parser.parse_args()


def tool(name):
    path = os.pathsep.join([os.environ.get("STANCH_BENCH_PATH", ""), os.environ.get("PATH", ""), "/usr/sbin"])
    found = shutil.which(name, path=path)
    if not found:
        sys.exit(f"bench: {name} is not there (Debian: apt-get install nginx-light wrk)")
    return found


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return sock.getsockname()[1]


def pinned(cpu):
    cpus = sorted(os.sched_getaffinity(0))
    return lambda: os.sched_setaffinity(0, {cpus[min(cpu, len(cpus) - 1)]})


def start(command, cpu, folder, name):
    log = (folder / f"{name}.log").open("wb")
    return subprocess.Popen(command, preexec_fn=pinned(cpu), stdout=log, stderr=log, cwd=folder)  # noqa: PLW1509 -- one thread


def nginx_config(folder, name, server, extra=""):
    config = folder / f"{name}.conf"
    config.write_text(
        f"{'user root;' if os.geteuid() == 0 else ''} worker_processes 1; daemon off; pid {folder}/{name}.pid; error_log {folder}/{name}.err;\nevents {{ worker_connections 1024; }}\n"
        f"http {{ access_log {folder}/{name}.access; client_body_temp_path {folder}/{name}-b; proxy_temp_path {folder}/{name}-p; fastcgi_temp_path {folder}/{name}-f;"
        f" uwsgi_temp_path {folder}/{name}-u; scgi_temp_path {folder}/{name}-s; keepalive_requests 100000000; default_type application/json;\n{extra}\nserver {{ {server} }} }}\n"
    )
    return config


def origin(folder, nginx, port):
    for size, data in BODIES.items():
        place = folder / ("www" + PATHS[size])
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    config = nginx_config(folder, "origin", f"listen 127.0.0.1:{port}; access_log off; root {folder}/www; open_file_cache max=10 inactive=60s;")
    return start([nginx, "-c", str(config), "-p", str(folder)], 1, folder, "origin")


def proxy(folder, nginx, port, origin_port):
    server = f"listen 127.0.0.1:{port}; location / {{ proxy_pass http://up; proxy_http_version 1.1; proxy_set_header Connection ''; proxy_set_header Host $host; }}"
    config = nginx_config(folder, "proxy", server, f"upstream up {{ server 127.0.0.1:{origin_port}; keepalive 64; keepalive_requests 100000000; }}")
    return start([nginx, "-c", str(config), "-p", str(folder)], 0, folder, "proxy")


def gateway(folder, name, port, control, origin_port, rules):
    (folder / f"{name}.yaml").write_text(HEAD % 1 + rules)
    (folder / "routes.txt").write_text(
        "\n".join(["/api/articles/{slug}/comments/{id}", *(f"/api/v{n % 9}/things{n}/{{id}}/parts/{{part}}" for n in range(499))])
    )
    command = [sys.executable, "-m", "stanch", "gateway", "--upstream", f"http://127.0.0.1:{origin_port}", "--listen", f"127.0.0.1:{port}", "--policy", f"{name}.yaml",
               "--admin", f"127.0.0.1:{control}", "--state", f"{name}-state", "--routes", "routes.txt", "--access-log", f"{name}.access"]  # fmt: skip
    return start(command, 0, folder, name)


def measure(folder, nginx, wrk, args):
    ports = {name: free_port() for name in ("origin", "nginx", "pass", "mask", "full")}
    controls = {name: free_port() for name in ("pass", "mask", "full")}
    processes = [origin(folder, nginx, ports["origin"]), proxy(folder, nginx, ports["nginx"], ports["origin"])]
    gateways = {
        name: gateway(folder, name, ports[name], controls[name], ports["origin"], rules)
        for name, rules in (("pass", NOTHING), ("mask", MASK), ("full", FULL))
    }
    try:
        for port in ports.values():
            wait_for(port)
        check(ports)
        servers = {"nginx": processes[1].pid, **{name: process.pid for name, process in gateways.items()}}
        rates, cpu = throughput(wrk, ports, servers, args)
        memory = {name: pss_mb(process.pid) for name, process in gateways.items()}
        token = (folder / "mask-state" / "admin.token").read_text()
        enforcement = flips(ports["mask"], parse_target(f"gateway=http://127.0.0.1:{controls['mask']}", token=token), args.flips)
    finally:
        for process in [*gateways.values(), *processes]:
            process.send_signal(signal.SIGTERM)
        for process in [*gateways.values(), *processes]:
            process.wait(20)
    return {"machine": f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}", "rates": rates, "cpu_us": cpu,
            "memory_mb": memory, "enforcement": enforcement, "fuzz": fuzz(args.fuzz)}  # fmt: skip


def wait_for(port):
    for _ in range(400):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    sys.exit("bench: a server did not start")


def fetch(port, path):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers={"Host": "api.example.org"})
    data = connection.getresponse().read()
    connection.close()
    return data


def check(ports):
    """See that every server gives the right answer before any is timed."""
    for size, path in PATHS.items():
        for name in ("origin", "nginx", "pass"):
            assert fetch(ports[name], path) == BODIES[size], name
        for name in ("mask", "full"):
            data = fetch(ports[name], path)
            assert b"@example.org" not in data, name
            assert b"555" not in data, name
            assert what_else_changed(BODIES[size], data, dict.fromkeys(ACTIONS, "typed")) == ""


ACTIONS = ("$.author.email", "$.author.phone", "$.replies[*].author.email", "$.replies[*].author.phone")


def throughput(wrk, ports, servers, args):
    rates, cpu = ({size: {name: [] for name in servers} for size in PATHS} for _ in range(2))
    for _ in range(args.rounds):
        for size, path in PATHS.items():
            for name, pid in servers.items():
                before_s = cpu_s(pid)
                n, rate = load(wrk, ports[name], path, args.seconds)
                rates[size][name].append(rate)
                cpu[size][name].append((cpu_s(pid) - before_s) / n * 1e6)
    return rates, cpu


def cpu_s(pid):
    """Give the processor time of a process and its children."""
    pids = [str(pid), *Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    fields = (Path(f"/proc/{p}/stat").read_text().rpartition(")")[2].split() for p in pids)
    return sum(int(f[11]) + int(f[12]) for f in fields) / os.sysconf("SC_CLK_TCK")


def load(wrk, port, path, seconds):
    url = f"http://127.0.0.1:{port}{path}"
    command = [wrk, "-t1", "-c32", f"-d{seconds}s", "-H", "Host: api.example.org", "-H", "Authorization: Bearer bench-token", url]
    out = subprocess.run(command, preexec_fn=pinned(1), capture_output=True, text=True, check=True).stdout
    assert not re.search("Non-2xx|Socket errors", out), out
    return int(re.search(r"(\d+) requests in", out)[1]), float(re.search(r"Requests/sec:\s+([\d.]+)", out)[1])


def pss_mb(pid):
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return round(int(re.search(r"Pss:\s+(\d+) kB", text)[1]) / 1024, 1)


def flips(port, target, n):
    """Put policies in force and ask at once: milliseconds until acknowledged, and how often the very next answer was not masked."""
    took, late = [], 0
    for number in range(n):
        target.put(None)
        policy = parse_policy((HEAD % (number + 2) + MASK).encode(), name="bench")
        started = time.perf_counter()
        target.put(policy)
        took.append((time.perf_counter() - started) * 1000)
        late += b"@example.org" in fetch(port, PATHS["2KB"])
    took.sort()
    return {
        "n": n,
        "median_ms": round(statistics.median(took), 2),
        "p99_ms": round(took[int(n * 0.99) - 1], 2),
        "answers_not_masked_after_acknowledgement": late,
    }


def fuzz(n):
    """Random documents, codings and cuts through a gateway over sockets; the origin is a script."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests" / "gateway"))
    from stack import Answer, ask, get, running

    rng = random.Random(7)
    current = [(b"", b"", ())]

    def script(_request, connection):
        data, fields, cuts = current[0]
        connection.sendall(b"HTTP/1.1 200 OK\r\n" + fields + b"Transfer-Encoding: chunked\r\n\r\n")
        for start_, end in zip((0, *cuts), (*cuts, len(data)), strict=True):
            if data[start_:end]:
                connection.sendall(b"%x\r\n%b\r\n" % (end - start_, data[start_:end]))
        connection.sendall(b"0\r\n\r\n")

    leaked = changed = withheld = 0
    with running(
        script, "  - id: f\n    match: {template: /a}\n    mask: [$.author.email, '$[~].email', '$.list[*].email']\n    drop: [$.author.phone]\n"
    ) as running_gateway:
        actions = {"$.author.email": "typed", "$[~].email": "typed", "$.list[*].email": "typed", "$.author.phone": "drop"}
        for _ in range(n):
            plain = document(rng)
            coding, data = rng.choice([("", plain), ("gzip", gzip.compress(plain)), ("br", brotli.compress(plain, quality=1))])
            cuts = tuple(sorted(rng.randrange(len(data) + 1) for _ in range(rng.randrange(4))))
            current[0] = (data, f"Content-Encoding: {coding}\r\n".encode() if coding else b"", cuts)
            found = Answer(ask(running_gateway.address, get()))
            leaked += b"@secret.example.org" in found.raw or b"\\u0040secret" in found.raw
            withheld += found.status != 200
            changed += found.status == 200 and what_else_changed(plain, found.body, actions) != ""
    return {"n": n, "leaked": leaked, "changed_elsewhere": changed, "withheld": withheld}


def document(rng):
    def value(depth):
        kind = rng.randrange(9 if depth < 4 else 6)
        if kind < 2:
            return rng.choice(["", "é", "a\\b", 'q"', "\U0001f600", "x" * rng.randrange(200)])
        if kind < 5:
            return rng.choice([None, True, False, 0, -1, 1e300, 12345678901234567890, 4.1])
        if kind == 5:
            return {}
        if kind < 8:
            return {rng.choice(["a", "email2", "é", "n"]): value(depth + 1) for _ in range(rng.randrange(4))}
        return [value(depth + 1) for _ in range(rng.randrange(4))]

    def leak():
        person_ = {"name": value(3), "email": f"p{rng.randrange(999)}@secret.example.org", "z": value(2)}
        return [person_] if rng.random() < 0.2 else person_

    whole = {"x": value(0), "author": leak(), "list": [leak() for _ in range(rng.randrange(3))], "y": value(0)}
    if rng.random() < 0.5 and isinstance(whole["author"], dict):
        whole["author"]["phone"] = "p@secret.example.org"
    text = json.dumps(whole, ensure_ascii=rng.random() < 0.5, indent=rng.choice([None, None, 1]))
    if rng.random() < 0.3:
        text = text.replace('"email"', '"\\u0065mail"')
    return text.encode("utf-8", "surrogatepass")


def report(result):
    lines = [
        f"{result['machine']}; one gateway worker on one core, access log on, 500 routes",
        "",
        "| | nginx proxy_pass | pass | mask | deny+limit+canary+mask |",
        "|---|---|---|---|---|",
    ]
    for size, rates in result["rates"].items():
        medians = {name: statistics.median(values) for name, values in rates.items()}
        cells = [f"{medians[name]:,.0f}/s ({medians[name] / medians['nginx']:.2f}x)" for name in ("nginx", "pass", "mask", "full")]
        lines.append(f"| {size}, rate | {' | '.join(cells)} |")
        costs = {name: statistics.median(values) for name, values in result["cpu_us"][size].items()}
        cells = [f"{costs[name]:.0f} us ({costs['nginx'] / costs[name]:.2f}x)" for name in ("nginx", "pass", "mask", "full")]
        lines.append(f"| {size}, processor time a request | {' | '.join(cells)} |")
    e, f = result["enforcement"], result["fuzz"]
    lines += [
        "",
        f"Applied in {e['median_ms']} ms (median), {e['p99_ms']} ms (p99) of {e['n']}; {e['answers_not_masked_after_acknowledgement']} answers not masked after the acknowledgement.",
    ]
    lines += [f"Memory per gateway (PSS): {result['memory_mb']} MB."]
    lines += [f"Fuzz: {f['n']} bodies end to end, {f['leaked']} leaked, {f['changed_elsewhere']} changed elsewhere, {f['withheld']} withheld."]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
