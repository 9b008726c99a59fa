"""The order of severities."""

from stanch.finding.report import Report

LEVELS = ("low", "medium", "high", "critical")


def at_or_above(report: Report, level: str) -> bool:
    """Tell whether an excessive finding is at least this severe."""
    floor = LEVELS.index(level)
    return any(f.verdict == "excessive" and LEVELS.index(f.severity) >= floor for f in report.findings)
