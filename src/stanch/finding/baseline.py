"""What was accepted earlier: a baseline file of fingerprints, and justifications that end on a day."""

import tomllib
from dataclasses import dataclass, replace
from datetime import date

import msgspec

from stanch.errors import InputError
from stanch.finding.report import Finding, Flaw, Justified, Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    fingerprints: frozenset[str] = frozenset()


class Justification(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """One ``[[justify]]`` of stanch.toml: names a finding, who accepts it, why, and until when."""

    who: str
    why: str
    until: date
    fingerprint: str = ""
    endpoint: str = ""
    path: str = ""

    def covers(self, finding: Finding) -> bool:
        if self.fingerprint:
            return finding.fingerprint.startswith(self.fingerprint)
        return finding.endpoint == self.endpoint and self.path in {"", finding.path}

    @property
    def name(self) -> str:
        return self.fingerprint or f"{self.endpoint} {self.path}".strip()


class _Config(msgspec.Struct, kw_only=True):
    justify: list[Justification] = msgspec.field(default_factory=list)


class _BaselineFile(msgspec.Struct, kw_only=True):
    schema: str
    fingerprints: list[str]


def load_baseline(data: bytes, *, name: str) -> Baseline:
    """Read a baseline: ``{"schema": "stanch.baseline/1", "fingerprints": [...]}``, or a JSON report, whose findings count."""
    try:
        if b'"stanch.report/1"' in data[:4096]:
            rows = msgspec.json.decode(data)["findings"]
            return Baseline(fingerprints=frozenset(str(row["fingerprint"]) for row in rows))
        return Baseline(fingerprints=frozenset(msgspec.json.decode(data, type=_BaselineFile).fingerprints))
    except (msgspec.DecodeError, KeyError, TypeError) as error:
        raise InputError(
            f"this is no baseline: {error_kind(error)}",
            where=name,
            hint="give a JSON report or a stanch.baseline/1 file",
        ) from None


def load_justifications(data: bytes, name: str) -> tuple[Justification, ...]:
    """Read the ``[[justify]]`` entries of a stanch.toml."""
    try:
        found = tuple(msgspec.convert(tomllib.loads(data.decode()), _Config).justify)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise InputError(
            f"the configuration can't be read: {error_kind(error)}",
            where=name,
            hint="docs/report.md shows a justification",
        ) from None
    for number, item in enumerate(found, 1):
        if not item.fingerprint and not item.endpoint:
            raise InputError(f"justification {number} names neither a fingerprint nor an endpoint", where=name)
    return found


def error_kind(error: Exception) -> str:
    return str(error).splitlines()[0][:160] if isinstance(error, (msgspec.DecodeError, tomllib.TOMLDecodeError)) else type(error).__name__


def apply_baseline(report: Report, baseline: Baseline, justifications: tuple[Justification, ...], *, today: date) -> Report:
    """Set accepted findings apart; an expired justification lets its finding come back, one that covers nothing is named."""
    valid = [item for item in justifications if item.until >= today]
    kept: list[Finding] = []
    accepted: list[Justified] = []
    for finding in report.findings:
        reason = next((item for item in valid if item.covers(finding)), None)
        if reason is not None:
            accepted.append(justified(finding, reason.who, reason.why, reason.until.isoformat()))
        elif finding.fingerprint in baseline.fingerprints:
            accepted.append(justified(finding, "baseline", "was there before", ""))
        else:
            kept.append(finding)
    unneeded = tuple(item.name for item in justifications if not any(item.covers(f) for f in report.findings))
    left = {finding.flaw for finding in kept}
    flaws = tuple(narrowed(flaw, kept) for flaw in report.flaws if flaw.key in left)
    return replace(report, findings=tuple(kept), flaws=flaws, justified=tuple(accepted), unneeded_justifications=unneeded)


def narrowed(flaw: Flaw, kept: list[Finding]) -> Flaw:
    """Leave of a flaw what was not accepted."""
    paths = {finding.path for finding in kept if finding.flaw == flaw.key}
    prints = {finding.fingerprint for finding in kept if finding.flaw == flaw.key}
    return replace(flaw, paths=tuple(p for p in flaw.paths if p in paths), fingerprints=tuple(p for p in flaw.fingerprints if p in prints))


def justified(finding: Finding, by: str, why: str, until: str) -> Justified:
    return Justified(fingerprint=finding.fingerprint, endpoint=finding.endpoint, path=finding.path, by=by, why=why, until=until)
