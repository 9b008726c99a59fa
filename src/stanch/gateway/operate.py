"""Change what runs, in steps that can be seen, resumed and taken back: refuse what a target can't enforce, apply, verify, write each down.

A change over several targets that fails half-way stays recorded as half-done until it is resumed (apply again) or rolled back.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from stanch.contain.parse import parse_policy
from stanch.contain.policy import Policy
from stanch.contain.text import to_yaml
from stanch.errors import InputError, OutsideError
from stanch.gateway.journal import Entry, Journal, Step, Verb, half_done
from stanch.gateway.targets.interface import Enforced, Shortfall, Target
from stanch.gateway.verify import Verified

Check = Callable[[], Verified]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How it went on one target."""

    target: str
    enforced: Enforced | None
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """How a change went."""

    results: tuple[Result, ...]
    verified: Verified | None

    @property
    def whole(self) -> bool:
        everywhere = all(result.enforced is not None and result.enforced.everywhere for result in self.results)
        return everywhere and (self.verified is None or self.verified.holds)


def shortfalls(policy: Policy, targets: Sequence[Target]) -> tuple[tuple[str, Shortfall], ...]:
    return tuple((target.name, shortfall) for target in targets for shortfall in target.shortfalls(policy))


def apply(policy: Policy, targets: Sequence[Target], journal: Journal, *, check: Check | None = None) -> Done:
    """Put a policy in force everywhere, then verify.

    Raises: InputError where a target can't enforce all of it; nothing has been changed then.
    """
    if lacking := shortfalls(policy, targets):
        name, first = lacking[0]
        raise InputError(f"can't enforce rule {first.rule_id}: {first.what}", where=name, hint=first.instead)
    return change("apply", [(target, policy) for target in targets], journal, check=check)


def lift(targets: Sequence[Target], journal: Journal) -> Done:
    """Take the policy away everywhere."""
    return change("lift", [(target, None) for target in targets], journal, check=None)


def rollback(targets: Sequence[Target], journal: Journal) -> Done:
    """Put back what each target ran before the last change that touched it.

    Raises: InputError where the journal knows of no change.
    """
    entries = journal.entries()
    before = {entry.target: entry.before for entry in entries if entry.phase == "begin" and entry.target}
    if unknown := [target.name for target in targets if target.name not in before]:
        raise InputError("the journal knows of no change here", where=unknown[0])
    return change("rollback", [(target, kept(journal, before[target.name])) for target in targets], journal, check=None)


def kept(journal: Journal, digest: str) -> Policy | None:
    """Give the policy of a digest; an empty digest is no policy.

    Raises: InputError where its text is gone.
    """
    if not digest:
        return None
    text = journal.kept(digest)
    if text is None:
        raise InputError("the text of the policy before is gone", where=str(journal.folder / "policies"))
    return parse_policy(text.encode(), name=f"{digest}.yaml")


def change(verb: Verb, wanted: Sequence[tuple[Target, Policy | None]], journal: Journal, *, check: Check | None) -> Done:
    first = wanted[0][1] if wanted else None
    named = {"policy": f"{first.name} revision {first.rev}" if first else "", "digest": first.digest if first else ""}
    if first is not None:
        journal.keep(first.digest, to_yaml(first))
    journal.write(Step(verb=verb, phase="begin", **named))
    results = tuple(change_one(verb, target, policy, journal) for target, policy in wanted)
    verified = verify_now(verb, check, journal, named["policy"]) if all(result.enforced for result in results) else None
    done = Done(results=results, verified=verified)
    if done.whole:
        journal.write(Step(verb=verb, phase="end", **named))
    return done


def change_one(verb: Verb, target: Target, policy: Policy | None, journal: Journal) -> Result:
    """Change one target; a failure is a result, so that the others are still tried."""
    name, digest = (f"{policy.name} revision {policy.rev}", policy.digest) if policy else ("", "")
    try:
        before = target.running()
        if before is not None:
            journal.keep(before.digest, to_yaml(before))
        journal.write(Step(verb=verb, phase="begin", target=target.name, policy=name, digest=digest, before=before.digest if before else ""))
        enforced = target.put(policy, rollback=verb == "rollback")
    except OutsideError as error:
        journal.write(Step(verb=verb, phase="failed", target=target.name, policy=name, digest=digest, says=str(error)))
        return Result(target=target.name, enforced=None, problem=str(error))
    says = f"holds on {enforced.n_acknowledged} of {enforced.n_nodes} nodes since {enforced.at}"
    phase = "done" if enforced.everywhere else "failed"
    journal.write(Step(verb=verb, phase=phase, target=target.name, policy=name, digest=digest, says=says))  # type: ignore[arg-type]
    return Result(target=target.name, enforced=enforced, problem="" if enforced.everywhere else says)


def verify_now(verb: Verb, check: Check | None, journal: Journal, policy: str) -> Verified | None:
    if check is None:
        return None
    try:
        verified = check()
    except OutsideError as error:
        verified = Verified(n_requests=0, n_members=0, faults=(str(error),), took_ms=0.0)
    journal.write(Step(verb=verb, phase="verified" if verified.holds else "not verified", policy=policy, says=verified.says))
    return verified


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What runs on one target."""

    target: str
    policy: Policy | None
    problem: str = ""


def status(targets: Sequence[Target], journal: Journal) -> tuple[tuple[Standing, ...], Entry | None, list[Entry]]:
    """Ask every target what runs; give the change that is half-done, if any, and the journal."""
    entries = journal.entries()
    return tuple(map(standing, targets)), half_done(entries), entries


def standing(target: Target) -> Standing:
    try:
        return Standing(target=target.name, policy=target.running())
    except (OutsideError, InputError) as error:
        return Standing(target=target.name, policy=None, problem=str(error))
