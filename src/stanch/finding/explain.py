"""Say in words why a finding was judged as it was, and what would change it."""

from stanch.errors import InputError
from stanch.finding.report import Finding, Report

WOULD_FLIP = {
    "contract": "an OpenAPI description (--contract) that declares the field, or does not",
    "client": "the client's code (--client) that reads the field, or never names it",
    "peer_consensus": "traffic of more endpoints that show the same kind of object",
    "not_the_callers_own": "traffic of a second signed-in person, so that own and other can be told apart",
}


def explain(report: Report, fingerprint: str) -> str:
    """Write the explanation of one finding.

    Raises: InputError where no finding, or more than one, has this fingerprint.
    """
    found = [f for f in report.findings if f.fingerprint.startswith(fingerprint)] if fingerprint else []
    if not found:
        raise InputError("no finding has this fingerprint", where=fingerprint, hint="copy it from the report")
    if len({f.fingerprint for f in found}) > 1:
        raise InputError(f"{len(found)} findings begin like this", where=fingerprint, hint="give more of the fingerprint")
    return "\n".join(lines(found[0]))


def lines(finding: Finding) -> list[str]:
    total = sum(r.weight for r in (*finding.reasons, *finding.counter))
    out = [
        finding.title,
        f"{finding.endpoint}  {finding.status}  {finding.where}  {finding.path}  ({finding.datatype})",
        "",
    ]
    out += [f"verdict {finding.verdict}, confidence {finding.confidence:.2f}, severity {finding.severity}", ""]
    out += ["for excessive:"] + [weight_line(r.weight, r.signal, r.says) for r in finding.reasons]
    out += ["against:"] + ([weight_line(r.weight, r.signal, r.says) for r in finding.counter] or ["   nothing"])
    out += ["not available (weighs nothing):"] + ([f"   {name}" for name in finding.missing_signals] or ["   nothing"])
    out += ["", "what would flip it:"]
    out += [f"   {WOULD_FLIP[name]}" for name in finding.missing_signals if name in WOULD_FLIP]
    strongest = max(finding.reasons, key=lambda r: r.weight, default=None)
    if strongest is not None:
        out.append(f"   without '{strongest.signal}' the score would fall from {total:+.1f} to {total - strongest.weight:+.1f}")
    return [*out, "   a justification in stanch.toml with who, why and until when"]


def weight_line(weight: float, signal: str, says: str) -> str:
    return f"   {weight:+5.2f}  {signal:<22} {says}"
