"""The result: findings, fingerprints, severity, baseline, renderers."""
