"""Who a token speaks for: its maker, with the token's scopes, as long as both may."""

from datetime import datetime, timedelta
from hashlib import sha256

from stanch.console.access import Actor
from stanch.console.models import Membership, Token

FRESH = timedelta(minutes=1)


def actor_by_token(secret: str, *, now: datetime) -> Actor | None:
    """Find the actor of a token that is not revoked, not run out, and whose maker is still a member."""
    token = (
        Token.objects.filter(hash=sha256(secret.encode()).hexdigest(), revoked_at=None, expires_at__gt=now, person__is_active=True)
        .select_related("person", "organisation")
        .first()
    )
    if token is None:
        return None
    member = Membership.objects.filter(person=token.person, organisation=token.organisation).first()
    if member is None:
        return None
    if token.last_used_at is None or now - token.last_used_at > FRESH:
        Token.objects.filter(pk=token.pk).update(last_used_at=now)
    return Actor(person=token.person, organisation=token.organisation, office=member.role, scopes=frozenset(token.scopes), token=token.key)
