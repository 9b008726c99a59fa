"""A private PostgreSQL from Debian's packages, in a folder of its own, on a free port of loopback."""

import os
import shutil
import socket
import subprocess
from contextlib import contextmanager
from pathlib import Path

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


def why_not():
    if not BINARIES:
        return "PostgreSQL is not installed"
    if os.geteuid() == 0 and not shutil.which("runuser"):
        return "as root, runuser is needed to start PostgreSQL"
    try:
        import psycopg  # noqa: F401
    except ImportError:
        return "psycopg is not installed"
    return ""


def as_postgres(*command):
    prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    done = subprocess.run([*prefix, *map(str, command)], capture_output=True, text=True, check=False, cwd="/")
    assert done.returncode == 0, done.stderr[-1_000:]


@contextmanager
def postgres(folder):
    """Give the address of a fresh server; stop it afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o777)
    for parent in folder.parents:
        if parent != Path("/") and parent.stat().st_uid == os.geteuid() and parent != Path(parent.anchor) / "tmp":
            parent.chmod(parent.stat().st_mode | 0o011)
    data = folder / "pg"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    as_postgres(BINARIES[-1] / "initdb", "-D", data, "-U", "stanch", "--auth=trust", "-E", "UTF8", "--no-sync")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=20"
    as_postgres(BINARIES[-1] / "pg_ctl", "-D", data, "-o", options, "-w", "-l", data / "log", "start")
    try:
        as_postgres(BINARIES[-1] / "createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "stanch", "stanch")
        yield f"postgresql://stanch@127.0.0.1:{port}/stanch"
    finally:
        as_postgres(BINARIES[-1] / "pg_ctl", "-D", data, "-m", "immediate", "stop")
