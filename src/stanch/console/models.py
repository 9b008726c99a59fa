"""What is stored. The journal's tables are the truth; rows marked as projections are rebuilt from it.

Only ``book`` and ``actions`` write here.
"""

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models


class People(BaseUserManager["Person"]):
    """Find people by the address that they sign in with."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(email__iexact=username)


class Person(AbstractBaseUser):
    """Who signs in. The journal names people by ``key``; name and address can be removed without touching it."""

    key = models.CharField(max_length=24, unique=True)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = People()

    def __str__(self) -> str:
        return self.name


class Organisation(models.Model):
    key = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """What a person may do in an organisation: ``admin``, ``responder``, ``auditor`` or ``guest``."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=12)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "organisation"], name="one_membership")]

    def __str__(self) -> str:
        return self.role


class OneTimeLink(models.Model):
    """A link that works once: only its hash is stored."""

    hash = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=10)
    """``first``: make the first admin; ``join``: set a password; ``signin``: sign in without one."""
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.purpose


class Stream(models.Model):
    """One journal: of an incident, or of an organisation for what belongs to no incident."""

    key = models.CharField(max_length=64, unique=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    size = models.BigIntegerField(default=0)
    peaks = models.BinaryField(default=b"")
    note = models.TextField(default="")
    """The newest signed head."""

    def __str__(self) -> str:
        return self.key


class EntryRow(models.Model):
    stream = models.ForeignKey(Stream, on_delete=models.PROTECT, related_name="entries")
    n = models.BigIntegerField()
    data = models.BinaryField()
    """The entry's bytes: a leaf of the tree."""
    idem = models.CharField(max_length=120, null=True)  # noqa: DJ001 -- unique where there is one
    """The entry's idempotency key, for the database to hold."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["stream", "n"], name="one_entry_a_place"),
            models.UniqueConstraint(fields=["stream", "idem"], name="one_entry_a_key"),
        ]

    def __str__(self) -> str:
        return f"{self.stream_id}:{self.n}"


class KeptHead(models.Model):
    """A signed head that was handed out or kept, to compare with later."""

    stream = models.ForeignKey(Stream, on_delete=models.PROTECT, related_name="heads")
    size = models.BigIntegerField()
    note = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["stream", "size"], name="one_head_a_size")]

    def __str__(self) -> str:
        return f"{self.stream_id}@{self.size}"


class IncidentRow(models.Model):
    """Projection: the incident as it stands, and what lists sort by."""

    stream = models.OneToOneField(Stream, on_delete=models.PROTECT, related_name="incident")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="incidents")
    key = models.CharField(max_length=24, unique=True)
    title = models.CharField(max_length=300)
    severity = models.CharField(max_length=10)
    rank = models.SmallIntegerField(default=0)
    phase = models.CharField(max_length=12)
    contained = models.CharField(max_length=10)
    restricted = models.BooleanField()
    exercise = models.BooleanField()
    declared_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    is_open = models.BooleanField(default=True)
    next_who = models.CharField(max_length=120, default="")
    next_what = models.CharField(max_length=400, default="")
    due_at = models.DateTimeField(null=True)
    due_what = models.CharField(max_length=400, default="")
    n_open = models.IntegerField(default=0)
    n_done = models.IntegerField(default=0)
    n_people = models.IntegerField(default=0)
    state = models.BinaryField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["organisation", "-is_open", "-rank", "-declared_at"], name="list_order")]

    def __str__(self) -> str:
        return self.key


class SeatRow(models.Model):
    """Projection: who holds a role in an incident now."""

    incident = models.ForeignKey(IncidentRow, on_delete=models.CASCADE, related_name="seats")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="seats")
    role = models.CharField(max_length=20)

    def __str__(self) -> str:
        return self.role


class DueRow(models.Model):
    """Projection: a running clock, for the worker to watch."""

    incident = models.ForeignKey(IncidentRow, on_delete=models.CASCADE, related_name="dues")
    clock = models.CharField(max_length=200)
    title = models.CharField(max_length=400)
    owner = models.CharField(max_length=40)
    kind = models.CharField(max_length=10)
    due_at = models.DateTimeField(db_index=True)
    told = models.CharField(max_length=4, default="")
    """``soon`` or ``over``: what has been announced."""

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["incident", "clock"], name="one_due_a_clock")]

    def __str__(self) -> str:
        return self.clock


class Job(models.Model):
    """Something to do outside, recorded with what caused it."""

    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=20)
    args = models.JSONField()
    state = models.CharField(max_length=10, default="ready")
    """``ready``, ``leased``, ``done``, ``uncertain`` or ``dead``."""
    run_at = models.DateTimeField()
    attempts = models.IntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    lease = models.CharField(max_length=32, default="")
    fault = models.CharField(max_length=200, default="")
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "run_at"], name="what_to_do_next")]

    def __str__(self) -> str:
        return self.key


class Notice(models.Model):
    """Something that a person should know, shown in the console."""

    key = models.CharField(max_length=200, unique=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notices")
    incident = models.ForeignKey(IncidentRow, on_delete=models.CASCADE, related_name="+")
    text = models.CharField(max_length=400)
    urgent = models.BooleanField()
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person", "read_at"], name="unread")]

    def __str__(self) -> str:
        return self.text


class Channel(models.Model):
    """How a person is reached outside the console; the address is sealed."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="channels")
    kind = models.CharField(max_length=10)
    """``mail`` or ``apprise``."""
    sealed = models.BinaryField()
    urgent_only = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.kind


class ContactGroup(models.Model):
    """To whom messages go: a name, and sealed addresses."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="groups")
    name = models.CharField(max_length=80)
    audience = models.CharField(max_length=20)
    sealed = models.BinaryField()
    n_addresses = models.IntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["organisation", "name"], name="one_group_a_name")]

    def __str__(self) -> str:
        return self.name


class Token(models.Model):
    """A key to the API: scopes, and only its hash."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="tokens")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="tokens")
    """Who made it: it can do no more than this person."""
    key = models.CharField(max_length=24, unique=True)
    hash = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=80)
    scopes = models.JSONField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Webhook(models.Model):
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="webhooks")
    url = models.URLField(max_length=500)
    sealed_secret = models.BinaryField()
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"webhook {self.pk}"
