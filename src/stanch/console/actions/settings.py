"""Tokens, webhooks, contact groups: made and ended; their secrets are shown once or sealed."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from stanch.console import book
from stanch.console.access import SCOPES, Actor
from stanch.console.actions.people import require_admin
from stanch.console.hook import check_url
from stanch.console.models import ContactGroup, Token, Webhook
from stanch.console.vault import vault
from stanch.errors import InputError

MAX_DAYS = 366
MAX_ADDRESSES = 500


@transaction.atomic
def make_token(actor: Actor, *, name: str, scopes: list[str], days: int, now: datetime) -> str:
    """Make an API token that can do no more than its maker; give it, once."""
    if not name.strip() or not scopes or not set(scopes) <= set(SCOPES):
        raise InputError("a token needs a name and scopes", hint=f"scopes are {', '.join(SCOPES)}")
    if not 1 <= days <= MAX_DAYS:
        raise InputError(f"a token lives 1 to {MAX_DAYS} days")
    secret = f"stanch_{secrets.token_urlsafe(32)}"
    token = Token.objects.create(
        organisation=actor.organisation,
        person=actor.person,
        key=f"k{secrets.token_hex(5)}",
        hash=sha256(secret.encode()).hexdigest(),
        name=name.strip()[:80],
        scopes=sorted(set(scopes)),
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    book.log(actor.organisation, "person:token:make", {"token": token.key, "scopes": token.scopes}, by=actor.by, now=now)
    return secret


@transaction.atomic
def revoke_token(actor: Actor, token: Token, *, now: datetime) -> None:
    Token.objects.filter(pk=token.pk).update(revoked_at=now)
    book.log(actor.organisation, "person:token:revoke", {"token": token.key}, by=actor.by, now=now)


@transaction.atomic
def make_webhook(actor: Actor, url: str, *, now: datetime) -> str:
    """Add a webhook; give the secret that its messages are signed with, once."""
    require_admin(actor)
    check_url(url, allow_private=settings.STANCH_PRIVATE_WEBHOOKS)
    secret = secrets.token_bytes(32)
    sealed = vault().seal(secret, about=f"webhook:{actor.organisation.pk}")
    hook = Webhook.objects.create(organisation=actor.organisation, url=url, sealed_secret=sealed, created_at=now)
    book.log(actor.organisation, "person:webhook:make", {"webhook": hook.pk}, by=actor.by, now=now)
    return f"whsec_{secret.hex()}"


@transaction.atomic
def end_webhook(actor: Actor, hook: Webhook, *, now: datetime) -> None:
    require_admin(actor)
    Webhook.objects.filter(pk=hook.pk).update(active=False)
    book.log(actor.organisation, "person:webhook:end", {"webhook": hook.pk}, by=actor.by, now=now)


@transaction.atomic
def save_group(actor: Actor, *, name: str, audience: str, addresses: str, now: datetime) -> None:
    """Make a contact group, or give it new addresses."""
    require_admin(actor)
    found = list(dict.fromkeys(addresses.replace(",", " ").replace(";", " ").split()))
    if not name.strip() or not found or len(found) > MAX_ADDRESSES:
        raise InputError(f"a group needs a name and 1 to {MAX_ADDRESSES} addresses")
    for place, address in enumerate(found, 1):
        try:
            validate_email(address)
        except ValidationError:
            raise InputError(f"address {place} is none") from None
    sealed = vault().seal("\n".join(found).encode(), about=f"group:{actor.organisation.key}")
    values = {"audience": audience[:20], "sealed": sealed, "n_addresses": len(found)}
    ContactGroup.objects.update_or_create(organisation=actor.organisation, name=name.strip()[:80], defaults=values)
    book.log(actor.organisation, "person:group:save", {"group": name.strip()[:80], "n_addresses": len(found)}, by=actor.by, now=now)
