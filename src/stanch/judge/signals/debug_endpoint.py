"""Endpoints that should not be reachable at all."""

from stanch.judge.evidence import Context, Evidence
from stanch.judge.reason import Said


def weigh(evidence: Evidence, context: Context) -> Said | None:
    """Weigh debug and dump endpoints: whatever personal data they give is too much."""
    if not evidence.is_debug or not evidence.n_values:
        return None
    secrets = evidence.siblings & {"password", "password_hash", "contrasena", "mot_de_passe", "senha", "passwort", "pwd"}
    return Said(
        signal="debug_endpoint",
        strength=1.0 if secrets or evidence.picture.n_to_anonymous else 0.5,
        says="a debugging endpoint gives personal data away",
    )
