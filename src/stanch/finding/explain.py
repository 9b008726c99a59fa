"""Say in words why a finding was judged as it was, and what would change it."""

from math import log

from stanch.errors import InputError
from stanch.finding.report import Finding, Report
from stanch.judge.fusion import EXCESSIVE_FROM, NEEDED_UNTIL
from stanch.judge.weights import BASE, WEIGHTS

WOULD_FLIP = {
    "contract": "an OpenAPI description (--contract)",
    "client": "the client's code (--client)",
    "peer_consensus": "traffic of more endpoints that show the same kind of object",
    "not_the_callers_own": "traffic of a second signed-in person, so that own and other can be told apart",
    "same_as_account": "traffic of people looking at their own account, to compare with",
    "kept_to_one": "traffic of more callers, to see whether each receives only what concerns them",
}
BOTH_WAYS = {"contract": ("in_contract", "not_in_contract"), "client": ("client_reads", "client_never_reads")}


def explain(report: Report, fingerprint: str) -> str:
    """Write the explanation of one finding.

    Raises: InputError where no finding, or more than one, has this fingerprint.
    """
    found = [f for f in report.findings if f.fingerprint.startswith(fingerprint)] if fingerprint else []
    if not found:
        raise InputError("no finding has this fingerprint", where=fingerprint, hint="copy it from the report")
    if len({f.fingerprint for f in found}) > 1:
        raise InputError(f"{len(found)} findings begin like this", where=fingerprint, hint="give more of the fingerprint")
    return "\n".join(lines(found[0], report))


def lines(finding: Finding, report: Report) -> list[str]:
    out = [
        finding.title,
        f"{finding.endpoint}  {finding.status}  {finding.where}  {finding.path}  ({finding.datatype})",
        "",
    ]
    out += [f"verdict {finding.verdict}, confidence {finding.confidence:.2f}, severity {finding.severity}"]
    out += [f"part of one flaw: {flaw.title}" for flaw in report.flaws if flaw.key == finding.flaw and len(flaw.paths) > 1]
    out += ["", "for excessive:"] + [weight_line(r.weight, r.signal, r.says) for r in finding.reasons]
    out += ["against:"] + ([weight_line(r.weight, r.signal, r.says) for r in finding.counter] or ["   nothing"])
    out += [weight_line(BASE, "base", "before anything else is known")]
    out += ["not available (weighs nothing):"] + ([f"   {name}" for name in finding.missing_signals] or ["   nothing"])
    return [*out, "", "what would flip it:", *flips(finding), "   a justification in stanch.toml with who, why and until when"]


def weight_line(weight: float, signal: str, says: str) -> str:
    return f"   {weight:+5.2f}  {signal:<22} {says}"


def score_of(finding: Finding) -> float:
    """Add up what the finding lists: the log-odds of excessive."""
    return BASE + sum(r.weight for r in (*finding.reasons, *finding.counter))


def outcome(score: float) -> str:
    if score >= log(EXCESSIVE_FROM / (1 - EXCESSIVE_FROM)):
        return "excessive"
    return "needed" if score <= log(NEEDED_UNTIL / (1 - NEEDED_UNTIL)) else "unknown"


def flips(finding: Finding) -> list[str]:
    """Say what each missing signal could make of the verdict, and which reasons carry it."""
    total = score_of(finding)
    out = []
    for name in finding.missing_signals:
        told = [(signal, total + WEIGHTS[signal]) for signal in BOTH_WAYS.get(name, ())]
        moved = "; ".join(f"{signal} would make it {score:+.1f}, {outcome(score)}" for signal, score in told)
        out += [f"   {WOULD_FLIP[name]}" + (f": {moved}" if moved else "")] if name in WOULD_FLIP else []
    carrying = [r for r in finding.reasons if outcome(total - r.weight) != outcome(total)]
    out += [
        f"   without '{r.signal}' the score would fall from {total:+.1f} to {total - r.weight:+.1f}: {outcome(total - r.weight)}" for r in carrying
    ]
    if not carrying and finding.reasons:
        out.append(f"   no single reason carries it: the score is {total:+.1f}, and without the strongest {total - finding.reasons[0].weight:+.1f}")
    return out
