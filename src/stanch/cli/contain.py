"""``stanch contain``: plan, check, apply, lift, roll back and show containment."""

import getpass
import os
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from stanch.cli.output import write_whole
from stanch.cli.scan import read_bytes, read_contract
from stanch.contain.parse import parse_policy
from stanch.contain.plan import Plan, describe, make_plan
from stanch.contain.policy import MASK_KINDS, MaskKind, Policy
from stanch.contain.propose import SEVERITIES, Proposal, Wish, propose
from stanch.contain.replay import Fault, Replay, replay
from stanch.contain.text import to_yaml
from stanch.engines.local import open_source, read_chunks, sources
from stanch.errors import InputError
from stanch.finding.render.json import parse_report
from stanch.gateway import operate
from stanch.gateway.journal import Entry, Journal
from stanch.gateway.operate import Check, Done, Standing
from stanch.gateway.targets import parse_target
from stanch.gateway.targets.interface import Target
from stanch.gateway.verify import probe_of, probes, site, verify
from stanch.traffic.capture import read_capture
from stanch.traffic.exchange import Exchange, Unreadable

MAX_SHOWN = 10


@click.group("contain", epilog="Example: stanch contain plan report.json --capture traffic.har -o policy.yaml")
def command() -> None:
    """Stop a leak on the gateway that is there: propose the least policy, prove it on a capture, put it in force, take it back."""


@command.command("plan", epilog="Example: stanch contain plan report.json --severity high --capture traffic.har -o policy.yaml")
@click.argument("report", metavar="REPORT")
@click.option("--finding", "only", multiple=True, metavar="PREFIX", help="Contain only this finding and its siblings; may be given again.")
@click.option("--severity", "at_least", type=click.Choice(SEVERITIES), default="low", show_default=True, help="Contain findings from here on.")
@click.option("--with", "kind", type=click.Choice(MASK_KINDS), default="typed", show_default=True, help="What stands in a masked value's place.")
@click.option("--name", default="containment", show_default=True, help="The policy's name.")
@click.option("--rev", type=click.IntRange(0, 10**9), help="Its revision (default: one more than --current's).")
@click.option("--incident", default="", metavar="ID", help="The incident that it is for.")
@click.option("--days", type=click.IntRange(1, 3650), default=30, show_default=True, help="Until it expires.")
@click.option("--capture", "captures", multiple=True, metavar="CAPTURE", help="Try it on this capture; may be given again.")
@click.option("--contract", "contract_path", metavar="FILE", help="OpenAPI description of the API.")
@click.option("--current", "current_path", metavar="FILE", help="The policy that runs now.")
@click.option("--force", is_flag=True, help="Write it even where it reaches further than its guard allows.")
@click.option("-o", "--output", metavar="FILE", help="Write the policy there instead of standard output.")
def plan_command(
    report: str, only: tuple[str, ...], at_least: str, kind: MaskKind, name: str, rev: int | None, incident: str, days: int, captures: tuple[str, ...],
    contract_path: str | None, current_path: str | None, output: str | None, *, force: bool,
) -> None:  # fmt: skip
    """Propose the least policy for a report's findings, and say what it would change.

    REPORT is a JSON report of stanch scan.
    """
    current = load(current_path) if current_path else None
    expires = (datetime.now(UTC) + timedelta(days=days)).replace(microsecond=0)
    number = rev if rev is not None else (current.rev + 1 if current else 1)
    wish = Wish(name=name, rev=number, only=only, at_least=at_least, kind=kind, incident=incident, expires=expires)
    proposal = propose(parse_report(read_bytes(report), name=report), wish)
    impact = replay(proposal.policy, exchanges(captures), key=os.urandom(32)) if captures else None
    plan = make_plan(proposal.policy, current=current, impact=impact, contract=read_contract(contract_path))
    show_plan(plan, proposal)
    if plan.refusals and not force:
        raise InputError(
            f"the plan reaches too far: {plan.refusals[0]}", where="plan", hint="narrow it with --finding, raise the policy's guard, or give --force"
        )
    deliver(to_yaml(proposal.policy), output)


@command.command("check", epilog="Example: stanch contain check policy.yaml traffic.har")
@click.argument("policy_path", metavar="POLICY")
@click.argument("captures", nargs=-1, required=True, metavar="CAPTURE...")
def check_command(policy_path: str, captures: tuple[str, ...]) -> None:
    """Send captured responses through a policy and prove it: nothing targeted survives in any form, nothing else changes.

    Exit code 1 where the proof fails.
    """
    found = replay(load(policy_path), exchanges(captures), key=os.urandom(32))
    show_replay(found, Console(highlight=False, soft_wrap=True))
    sys.exit(0 if found.holds else 1)


TARGETS = click.option(
    "--target",
    "targets",
    multiple=True,
    required=True,
    metavar="TARGET",
    help="gateway=URL of a control port, haproxy=SOCKET, or file=PATH; may be given again.",
)
TOKEN = click.option("--token-file", metavar="FILE", default=".stanch/gateway/admin.token", show_default=True, help="The control port's token.")
STATE = click.option("--state", metavar="DIR", default=".stanch/contain", show_default=True, help="Where the journal is.")
BY = click.option("--by", metavar="NAME", help="Who does it (default: the user's name).")
WHY = click.option("--why", metavar="TEXT", default="", help="Why; goes into the journal.")


@command.command("apply", epilog="Example: stanch contain apply policy.yaml --target gateway=http://127.0.0.1:9901 --why 'INC-42'")
@click.argument("policy_path", metavar="POLICY")
@TARGETS
@TOKEN
@STATE
@BY
@WHY
@click.option("--probe", metavar="URL", help="Verify by requests through the gateway here …")
@click.option("--direct", metavar="URL", help="… compared with the origin here.")
@click.option("--capture", "captures", multiple=True, metavar="CAPTURE", help="Requests to verify with; without it, --probe's own path.")
def apply_command(
    policy_path: str, targets: tuple[str, ...], token_file: str, state: str, by: str | None, why: str, probe: str | None, direct: str | None,
    captures: tuple[str, ...],
) -> None:  # fmt: skip
    """Put a policy in force on every target, verify it, and write each step into the journal. Applying again resumes what stopped half-way."""
    policy = load(policy_path)
    check = checker(policy, probe, direct, captures)
    done = operate.apply(policy, reach(targets, token_file), journal(state, by, why), check=check)
    finish(done, f"{policy.name} revision {policy.rev}")


@command.command("lift", epilog="Example: stanch contain lift --target gateway=http://127.0.0.1:9901 --why 'fix 1.4.2 is live'")
@TARGETS
@TOKEN
@STATE
@BY
@WHY
def lift_command(targets: tuple[str, ...], token_file: str, state: str, by: str | None, why: str) -> None:
    """Take the policy away from every target."""
    finish(operate.lift(reach(targets, token_file), journal(state, by, why)), "no policy")


@command.command("rollback", epilog="Example: stanch contain rollback --target gateway=http://127.0.0.1:9901 --why 'the app crashed'")
@TARGETS
@TOKEN
@STATE
@BY
@WHY
def rollback_command(targets: tuple[str, ...], token_file: str, state: str, by: str | None, why: str) -> None:
    """Put back what each target ran before the last change."""
    finish(operate.rollback(reach(targets, token_file), journal(state, by, why)), "what ran before")


@command.command("status", epilog="Example: stanch contain status --target gateway=http://127.0.0.1:9901")
@TARGETS
@TOKEN
@STATE
def status_command(targets: tuple[str, ...], token_file: str, state: str) -> None:
    """Show what runs on every target, what stands half-done, and the last steps."""
    standings, half, entries = operate.status(reach(targets, token_file), journal(state, None, ""))
    console = Console(highlight=False, soft_wrap=True)
    for standing in standings:
        console.print(standing_line(standing))
    if half is not None:
        console.print(
            f"[bold]half-done[/]: {half.verb} of {escape(half.policy or 'no policy')} by {escape(half.by)} at {half.at}: apply it again, or roll it back"
        )
    show_entries(entries[-MAX_SHOWN:], console)
    sys.exit(3 if any(standing.problem for standing in standings) else 1 if half else 0)


def load(path: str) -> Policy:
    return parse_policy(read_bytes(path), name=path)


def exchanges(captures: tuple[str, ...]) -> Iterator[Exchange | Unreadable]:
    for source in sources(list(captures)):
        with open_source(source) as stream:
            yield from read_capture(read_chunks(stream), name=source.name)


def deliver(text: str, output: str | None) -> None:
    if output is None:
        click.echo(text, nl=False)
    else:
        write_whole(Path(output), text.encode())


def reach(targets: tuple[str, ...], token_file: str) -> list[Target]:
    token = Path(token_file).read_text().strip() if Path(token_file).is_file() else ""
    if not token and any(text.startswith("gateway=") for text in targets):
        raise InputError("the control port's token can't be read", where=token_file, hint="stanch gateway prints where it is; give --token-file")
    return [parse_target(text, token=token) for text in targets]


def journal(state: str, by: str | None, why: str) -> Journal:
    return Journal(Path(state), by=by or getpass.getuser(), why=why)


def checker(policy: Policy, probe: str | None, direct: str | None, captures: tuple[str, ...]) -> Check | None:
    if probe is None and direct is None:
        return None
    if probe is None or direct is None:
        raise InputError("verifying needs both --probe and --direct", where="--probe, --direct")
    through, origin = site(probe), site(direct)
    requests = probes(policy, exchanges(captures)) if captures else [probe_of(probe)]
    return lambda: verify(policy, through=through, direct=origin, requests=requests)


def finish(done: Done, what: str) -> None:
    console = Console(highlight=False, soft_wrap=True)
    for result in done.results:
        if result.enforced is None:
            console.print(f"[red]failed[/]    {escape(result.target)}: {escape(result.problem)}")
        else:
            e = result.enforced
            console.print(
                f"enforced  {escape(result.target)}: {escape(what)} on {e.n_acknowledged} of {e.n_nodes} nodes since {e.at} ({e.took_ms:.1f} ms)"
            )
    if done.verified is not None:
        console.print(f"{'verified' if done.verified.holds else '[red]not verified[/]'}  {escape(done.verified.says)}")
    if not all(result.enforced is not None and result.enforced.everywhere for result in done.results):
        console.print("half-done: apply it again, or roll it back")
        sys.exit(3)
    sys.exit(0 if done.whole else 1)


def show_plan(plan: Plan, proposal: Proposal) -> None:
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    n_siblings = sum(target.sibling for target in proposal.targets)
    console.print(
        f"[bold]{len(proposal.targets)}[/] members on {len(plan.policy.rules)} endpoints" + (f", {n_siblings} of them siblings" if n_siblings else "")
    )
    for change in plan.changes:
        console.print(f"  {change.kind} {escape(change.rule_id)}: {escape(change.what)}")
    for route in purge_list(plan.policy):
        console.print(f"  purge from caches once it holds: {escape(route)}")
    for left in proposal.left:
        console.print(f"  not contained: {escape(left.endpoint)} {escape(left.path)}: {escape(left.why)}")
    if plan.impact is not None:
        show_replay(plan.impact, console)
    for missing in plan.missing:
        console.print(
            f"  the API description requires {escape(missing.path)} ({missing.status}), and rule {escape(missing.rule_id)} drops it: mask it instead"
        )
    for refusal in plan.refusals:
        console.print(f"  [red]too far[/]: {escape(refusal)}")


def purge_list(policy: Policy) -> list[str]:
    """List what caches may still hold from before: copies there are not contained."""
    matches = [
        rule.match for rule in policy.rules if rule.match and (rule.masks or rule.drops) and (not rule.match.methods or "GET" in rule.match.methods)
    ]
    return sorted({f"{match.host or '*'}{re.sub(r'{[^}]*}', '*', match.template)}" for match in matches})


def show_replay(found: Replay, console: Console) -> None:
    console.print(
        f"{found.n_exchanges} exchanges: {found.n_contained} responses contained, {found.n_changed} of them changed, {found.n_refused} requests refused, "
        f"{len(found.clients_hit)} of {len(found.clients)} clients touched"
    )
    table = Table("rule", "responses", "members", box=None, pad_edge=False)
    for rule, n in sorted(found.rules.items()):
        table.add_row(escape(rule), str(n), str(sum(count for ids, count in found.members.items() if rule in ids.split(","))))
    console.print(table)
    for idle in sorted(found.idle_rules):
        console.print(f"  rule {escape(idle)} met nothing in this capture: it is not proved")
    show_faults("withheld", found.withheld, console)
    show_faults("unreadable", found.unreadable, console)
    show_faults("survives", found.survivals, console)
    show_faults("changed", found.changes, console)
    if found.holds:
        console.print(
            f"[bold]proved[/]: {found.n_targets} targeted values, none survives (plain, escaped, encoded, split, in headers, in duplicate keys; "
            f"{found.n_by_place_only} too short to be told by value, proved by place); nothing else changed"
        )


def show_faults(kind: str, faults: list[Fault], console: Console) -> None:
    for fault in faults[:MAX_SHOWN]:
        console.print(f"  [red]{kind}[/] {escape(fault.where)}: {escape(fault.what)}")
    if len(faults) > MAX_SHOWN:
        console.print(f"  … and {len(faults) - MAX_SHOWN} more")


def standing_line(standing: Standing) -> str:
    if standing.problem:
        return f"[red]unknown[/]   {escape(standing.target)}: {escape(standing.problem)}"
    if standing.policy is None:
        return f"nothing   {escape(standing.target)}: no policy holds"
    policy = standing.policy
    expires = f", expires {policy.expires:%Y-%m-%d %H:%M} UTC" if policy.expires else ", never expires"
    rules = "\n".join(f"            {escape(rule.id)}: {escape(describe(rule))}" for rule in policy.rules)
    return f"enforced  {escape(standing.target)}: {policy.name} revision {policy.rev}{expires}\n{rules}"


def show_entries(entries: list[Entry], console: Console) -> None:
    for entry in entries:
        console.print(
            f"{entry.number:4} {entry.at[:19]}Z {escape(entry.by)} {entry.verb} {entry.phase} {escape(entry.target)} {escape(entry.policy)} {escape(entry.says)}"
        )
