"""Run a gateway until it is told to stop: workers, control port, the watched policy file, signals."""

import asyncio
import os
import secrets
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from stanch.contain.parse import parse_policy
from stanch.contain.policy import Policy
from stanch.errors import InputError, StanchError
from stanch.gateway.admin import Admin, Fleet
from stanch.gateway.config import Address
from stanch.gateway.fleet import Processes, Single
from stanch.gateway.launch import Launch
from stanch.gateway.source import read_policy, stamp
from stanch.gateway.worker import new_loop

LOOK_EVERY_S = 0.1
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The folder in which a gateway keeps its secrets and the last policy."""

    path: Path

    def make(self) -> None:
        """Make the folder.

        Raises: InputError.
        """
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(f"can't be made: {error.strerror}", where=str(self.path), hint="choose another with --state") from None

    def secret(self, name: str) -> bytes:
        """Give a secret of this place, made on first use."""
        place = self.path / name
        if not place.exists():
            with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(32))
        return place.read_text().strip().encode()

    @property
    def last_policy(self) -> Path:
        return self.path / "last-policy.yaml"

    def remember(self, text: str | None) -> None:
        """Keep what was applied, so that a restart does not lift it."""
        if text is None:
            self.last_policy.unlink(missing_ok=True)
            return
        fresh = self.last_policy.with_suffix(".new")
        fresh.write_text(text)
        fresh.replace(self.last_policy)


def first_policy(given: str | None, place: Place) -> tuple[Policy | None, str]:
    """Give the policy to start with and where it is from: the given file, else what was applied last.

    Raises: InputError: a gateway does not start without the policy that it was told to run.
    """
    if given:
        return read_policy(Path(given)), given
    if place.last_policy.exists():
        return parse_policy(place.last_policy.read_bytes(), name=place.last_policy.name), str(place.last_policy)
    return None, ""


def run(launch: Launch, listen: Address, admin: Address, *, policy_path: str | None, place: Place, say: Say) -> None:
    """Serve until SIGTERM or SIGINT, then drain.

    Raises: StanchError for what is wrong before it serves.
    """
    launch.settings()
    policy, origin = first_policy(policy_path, place)
    loop = new_loop()
    asyncio.set_event_loop(loop)
    try:
        loop.run_until_complete(serve(launch, listen, admin, _Running(policy=policy, origin=origin, policy_path=policy_path, place=place, say=say)))
    finally:
        loop.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Running:
    policy: Policy | None
    origin: str
    policy_path: str | None
    place: Place
    say: Say


async def serve(launch: Launch, listen: Address, admin_at: Address, running: _Running) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    fleet, address, end = await started(launch, listen, running.policy)
    admin = Admin(fleet, running.place.secret("admin.token").decode(), remember=running.place.remember)
    control = await admin.start(admin_at)
    announce(launch, address, control, running)
    again = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, again.set)
    watching = asyncio.create_task(watch(fleet, running, again))
    await stop.wait()
    watching.cancel()
    admin.close()
    running.say("stopping: no new connections, requests under way are finished")
    await end()


async def started(launch: Launch, listen: Address, policy: Policy | None) -> tuple[Fleet, Address, Callable[[], "asyncio.Future[object]"]]:
    if launch.n_workers == 1:
        worker = launch(0)
        # before the first connection: a gateway never serves a moment without its policy
        worker.put_in_force(policy)
        address = await worker.start(listen)
        return Single(worker), address, lambda: asyncio.ensure_future(worker.drain())
    fleet = Processes(launch, launch.n_workers)
    address = await fleet.start(listen)
    await fleet.apply(policy)
    return fleet, address, lambda: asyncio.ensure_future(fleet.drain())


def announce(launch: Launch, address: Address, control: Address, running: _Running) -> None:
    scheme = "https" if launch.tls_cert else "http"
    running.say(f"gateway   {scheme}://{address}  ->  {launch.upstream}  ({launch.n_workers} worker{'s' if launch.n_workers != 1 else ''})")
    running.say(f"control   http://{control}  token in {running.place.path / 'admin.token'}")
    if running.policy is None:
        running.say("policy    none: everything passes until one is applied")
    else:
        running.say(f"policy    {running.policy.name} revision {running.policy.rev}, {len(running.policy.rules)} rules, from {running.origin}")


async def watch(fleet: Fleet, running: _Running, again: asyncio.Event) -> None:
    """Put a policy file in force as it changes; one that can't be read changes nothing."""
    if running.policy_path is None:
        return
    path = Path(running.policy_path)
    last = stamp(path)
    while True:
        await asyncio.sleep(LOOK_EVERY_S)
        found = stamp(path)
        if found == last and not again.is_set():
            continue
        again.clear()
        last = found
        try:
            policy = read_policy(path)
        except StanchError as error:
            running.say(f"policy    not taken, the last one still holds: {error}")
            continue
        done = await fleet.apply(policy)
        holds = f"holds on {done.n_acknowledged} of {done.n_workers} workers since {done.enforced_at:%H:%M:%S.%f}"
        running.say(f"policy    {policy.name} revision {policy.rev} {holds}")
