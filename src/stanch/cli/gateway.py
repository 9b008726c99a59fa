"""``stanch gateway``: the embedded reverse proxy."""

import re
from pathlib import Path
from typing import Literal

import click

from stanch.cli.scan import read_bytes
from stanch.errors import InputError
from stanch.gateway.config import parse_listen
from stanch.gateway.launch import MEGABYTE, Launch
from stanch.gateway.run import Place, run
from stanch.inventory.contract import load_contract
from stanch.kernel import Engine


@click.command("gateway", epilog="Example: stanch gateway --upstream http://127.0.0.1:9000 --listen 127.0.0.1:8080 --policy policy.yaml")
@click.option("--upstream", required=True, metavar="URL", help="The origin, http or https, without path.")
@click.option("--listen", required=True, metavar="HOST:PORT", help="Where clients come; port 0 takes a free one.")
@click.option(
    "--policy",
    "policy_path",
    metavar="FILE",
    help="A stanch.policy/1 file; changes to it hold at once. Without it, the policy that was applied last.",
)
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes that share the port.")
@click.option("--admin", "admin", metavar="HOST:PORT", default="127.0.0.1:0", show_default=True, help="Control port, on loopback only.")
@click.option(
    "--state",
    "state",
    metavar="DIR",
    default=".stanch/gateway",
    show_default=True,
    help="Where the token, the key for hashes and the last policy are kept.",
)
@click.option("--routes", metavar="FILE", help="OpenAPI description, or one template a line: names for the access log.")
@click.option("--access-log", metavar="FILE", help="One line of JSON a request, without personal data; - for standard output.")
@click.option("--tap", metavar="FILE", help="Record exchanges for stanch scan.")
@click.option(
    "--tap-mode", type=click.Choice(["sealed", "plain"]), default="sealed", show_default=True, help="Sealed: encrypted under a key beside the file."
)
@click.option("--tap-max-mb", type=click.IntRange(1, 1_000_000), default=1024, show_default=True, help="Recording stops at this size.")
@click.option("--tls-cert", metavar="FILE", help="PEM certificate (chain) for clients.")
@click.option("--tls-key", metavar="FILE", help="PEM key of that certificate.")
@click.option("--upstream-ca", metavar="FILE", help="PEM certificates to trust for an https origin, instead of the system's.")
@click.option(
    "--trust-proxy", "trusted", multiple=True, metavar="RANGE", help="Proxies before this one whose X-Forwarded-For is believed; may be given again."
)
@click.option(
    "--other-host",
    "other_hosts",
    multiple=True,
    metavar="NAME",
    help="A host name behind the same origin that a rule's host does not mean; may be given again.",
)
@click.option(
    "--engine", type=click.Choice(["auto", "native", "reference"]), default="auto", show_default=True, help="What masks; the result is the same."
)
@click.option(
    "--drain", "drain_s", type=click.FloatRange(0, 3600), default=30.0, show_default=True, help="Seconds for requests under way when it stops."
)
def command(
    upstream: str, listen: str, policy_path: str | None, workers: int, admin: str, state: str, routes: str | None, access_log: str | None,
    tap: str | None, tap_mode: Literal["sealed", "plain"], tap_max_mb: int, tls_cert: str | None, tls_key: str | None, upstream_ca: str | None,
    trusted: tuple[str, ...], other_hosts: tuple[str, ...], engine: Engine, drain_s: float,
) -> None:  # fmt: skip
    """Run a reverse proxy that masks, refuses and slows down as a policy says, and passes everything else on as it is.

    Stops on SIGTERM or Ctrl-C after finishing what is under way. SIGHUP reads the policy file again, though it is watched anyway.
    """
    place = Place(path=Path(state))
    place.make()
    launch = Launch(
        upstream=upstream, upstream_ca=upstream_ca, tls_cert=tls_cert, tls_key=tls_key, engine=engine, key=place.secret("hash.key"),
        trusted_proxies=trusted, routes=templates(routes), other_hosts=tuple(name.lower() for name in other_hosts), access_log=access_log, tap=tap,
        tap_sealed=tap_mode == "sealed", tap_max_bytes=tap_max_mb * MEGABYTE, n_workers=workers, drain_s=drain_s,
    )  # fmt: skip
    run(launch, parse_listen(listen), parse_listen(admin), policy_path=policy_path, place=place, say=lambda line: click.echo(line, err=True))


def templates(path: str | None) -> tuple[str, ...]:
    """Read route templates from an OpenAPI description or a list."""
    if path is None:
        return ()
    data = read_bytes(path)
    lines = data.decode("utf-8", "replace").split()
    if lines and all(line.startswith("/") for line in lines):
        return tuple(lines)
    if not re.search(rb"openapi|swagger", data[:4096]):
        raise InputError("this is neither an OpenAPI description nor one template a line", where=path)
    return load_contract(data, name=Path(path).name).templates
