"""People: links that work once, offices, sessions, channels."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from stanch.console import book
from stanch.console.access import OFFICES, Actor, ForbiddenError
from stanch.console.models import Channel, Membership, Notice, OneTimeLink, Organisation, Person
from stanch.console.vault import vault
from stanch.errors import InputError

LINK_LIFE = {"first": timedelta(minutes=30), "signin": timedelta(minutes=30), "join": timedelta(days=3)}


def digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def make_link(purpose: str, person: Person | None, *, now: datetime) -> str:
    """Make a link; give its secret, which is stored nowhere."""
    secret = secrets.token_urlsafe(32)
    OneTimeLink.objects.create(hash=digest(secret), purpose=purpose, person=person, expires_at=now + LINK_LIFE[purpose])
    return secret


def find_link(secret: str, *, now: datetime) -> OneTimeLink | None:
    return OneTimeLink.objects.filter(hash=digest(secret), used_at=None, expires_at__gt=now).select_related("person").first()


def use_link(link: OneTimeLink, *, now: datetime) -> None:
    """Use a link up; of two at once one wins."""
    if not OneTimeLink.objects.filter(pk=link.pk, used_at=None).update(used_at=now):
        raise InputError("this link has been used")


@transaction.atomic
def accept_link(link: OneTimeLink, *, name: str, email: str, password: str, now: datetime) -> Person:
    """Do what the link is for; give the person to sign in.

    Raises: InputError when the link was used or the password is weak.
    """
    use_link(link, now=now)
    if link.purpose == "first":
        return first_admin(name, email, password, now=now)
    person = link.person
    if person is None or not person.is_active:
        raise InputError("this link leads nowhere any more")
    if link.purpose == "join":
        set_password(person, password)
    record_person(person, f"person:link:{link.purpose}", now=now)
    return person


def first_admin(name: str, email: str, password: str, *, now: datetime) -> Person:
    if Person.objects.exists():
        raise InputError("there is an admin already")
    organisation = Organisation.objects.create(key="main", name="Your organisation")
    person = new_person(name, email, now=now)
    set_password(person, password)
    Membership.objects.create(person=person, organisation=organisation, role="admin")
    record_person(person, "person:admin:first", now=now)
    return person


def record_person(person: Person, tag: str, *, now: datetime) -> None:
    for membership in person.memberships.select_related("organisation"):
        book.log(membership.organisation, tag, {}, by=f"person:{person.key}", now=now)


def new_person(name: str, email: str, *, now: datetime) -> Person:
    if not name.strip() or "@" not in email:
        raise InputError("a name and an e-mail address are needed")
    try:
        with transaction.atomic():
            return Person.objects.create(key=f"p{secrets.token_hex(6)}", email=email.strip().lower(), name=name.strip()[:120], joined_at=now)
    except IntegrityError:
        raise InputError("this address belongs to somebody already") from None


def set_password(person: Person, password: str) -> None:
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise InputError(" ".join(error.messages)) from None
    person.set_password(password)
    person.save(update_fields=["password"])


@transaction.atomic
def invite(actor: Actor, *, name: str, email: str, office: str, now: datetime) -> tuple[Person, str]:
    """Add a person; give the secret of the link to pass on."""
    require_admin(actor)
    if office not in OFFICES:
        raise InputError("there is no such office")
    person = Person.objects.filter(email=email.strip().lower()).first() or new_person(name, email, now=now)
    _, made = Membership.objects.get_or_create(person=person, organisation=actor.organisation, defaults={"role": office})
    if not made:
        raise InputError("this person is a member already")
    book.log(actor.organisation, "person:member:invite", {"person": person.key, "office": office}, by=actor.by, now=now)
    return person, "" if person.has_usable_password() and person.password else make_link("join", person, now=now)


@transaction.atomic
def set_office(actor: Actor, person: Person, office: str, *, now: datetime) -> None:
    require_admin(actor)
    if office not in {*OFFICES, ""}:
        raise InputError("there is no such office")
    if person == actor.person:
        raise InputError("nobody changes their own office", hint="ask another admin")
    mine = Membership.objects.filter(person=person, organisation=actor.organisation)
    if office:
        mine.update(role=office)
    else:
        mine.delete()
    book.log(actor.organisation, "person:member:office", {"person": person.key, "office": office}, by=actor.by, now=now)


def require_admin(actor: Actor) -> None:
    if not actor.is_admin:
        raise ForbiddenError("only an admin may do that")


def add_channel(actor: Actor, *, kind: str, address: str, urgent_only: bool, now: datetime) -> None:
    if kind not in {"mail", "apprise"}:
        raise InputError("there is no such channel")
    sealed = vault().seal(address.encode(), about=f"channel:{actor.person.key}")
    Channel.objects.create(person=actor.person, kind=kind, sealed=sealed, urgent_only=urgent_only, created_at=now)


def remove_channel(actor: Actor, pk: int) -> None:
    Channel.objects.filter(person=actor.person, pk=pk).delete()


def read_notices(actor: Actor, *, now: datetime) -> None:
    Notice.objects.filter(person=actor.person, read_at=None).update(read_at=now)
