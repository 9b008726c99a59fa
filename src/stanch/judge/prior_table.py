"""Placeholder."""

DECLARED: dict[str, tuple[float, float, float, float]] = {}
