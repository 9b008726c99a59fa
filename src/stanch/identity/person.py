"""Which objects describe a person, and by which members that person can be told from others.

Decides on key names alone; whether a value is a valid e-mail is the classifier's business.
"""

import re

PERSON_NOUNS = frozenset(
    [
        "user",
        "users",
        "author",
        "authors",
        "owner",
        "owners",
        "member",
        "members",
        "account",
        "accounts",
        "customer",
        "customers",
        "client",
        "clients",
        "employee",
        "employees",
        "person",
        "persons",
        "people",
        "profile",
        "profiles",
        "creator",
        "created_by",
        "createdby",
        "updated_by",
        "modified_by",
        "completed_by",
        "assigned_to",
        "assignee",
        "assignees",
        "sender",
        "recipient",
        "from",
        "to",
        "participant",
        "participants",
        "contact",
        "contacts",
        "patient",
        "patients",
        "doctor",
        "doctors",
        "student",
        "students",
        "teacher",
        "teachers",
        "driver",
        "drivers",
        "passenger",
        "passengers",
        "buyer",
        "buyers",
        "seller",
        "sellers",
        "follower",
        "followers",
        "following",
        "friend",
        "friends",
        "reviewer",
        "reviewers",
        "commenter",
        "poster",
        "subscriber",
        "subscribers",
        "applicant",
        "applicants",
        "candidate",
        "candidates",
        "guest",
        "guests",
        "host",
        "hosts",
        "tenant",
        "tenants",
        "resident",
        "staff",
        "admin",
        "admins",
        "moderator",
        "me",
        "self",
        "holder",
        "cardholder",
        "beneficiary",
        "insured",
        "nutzer",
        "benutzer",
        "kunde",
        "kunden",
        "mitarbeiter",
        "autor",
        "usuario",
        "usuarios",
        "cliente",
        "clientes",
        "utilisateur",
        "auteur",
        "utente",
        "pessoa",
        "persona",
        "reporter",
        "invited_by",
        "inviter",
        "actor",
        "viewer",
        "accountholder",
        "requester",
        "approver",
        "manager",
        "lead",
        "agent",
        "agents",
        "voter",
        "voters",
        "player",
        "players",
        "identity",
        "whoami",
        "currentuser",
        "current_user",
        "userinfo",
        "mechanic",
        "uploaded_by",
    ]
)
"""Words for a member or a path segment that holds a person."""

IDENTIFIER_KINDS = {
    "email": "email", "e_mail": "email", "mail": "email", "email_address": "email", "emailaddress": "email", "user_email": "email",
    "useremail": "email", "primary_email": "email", "contact_email": "email",
    "username": "username", "user_name": "username", "login": "username", "handle": "username", "acct": "username",
    "screen_name": "username", "nickname": "username", "user": "username", "owner": "username", "author": "username",
    "login_name": "username", "account_name": "username", "created_by": "username",
    "phone": "phone", "phone_number": "phone", "phonenumber": "phone", "mobile": "phone", "mobile_number": "phone", "number": "phone",
    "id": "uid", "uid": "uid", "user_id": "uid", "userid": "uid", "uuid": "uid", "guid": "uid", "pk": "uid", "_id": "uid", "sub": "uid",
    "account_id": "uid", "customer_id": "uid", "author_id": "uid", "owner_id": "uid", "member_id": "uid",
}  # fmt: skip
"""Member name, as snake case, to the kind of identifier that it carries."""

PERSON_MEMBERS = frozenset(
    [
        "email",
        "password",
        "password_hash",
        "first_name",
        "last_name",
        "given_name",
        "family_name",
        "full_name",
        "fullname",
        "username",
        "user_name",
        "phone",
        "phone_number",
        "birth_date",
        "birthday",
        "date_of_birth",
        "dob",
        "gender",
        "avatar",
        "bio",
        "surname",
        "firstname",
        "lastname",
        "vorname",
        "nachname",
        "login",
    ]
)
"""Members that few things but persons have."""

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[-\s.]+")


def snake(name: str) -> str:
    """Write a member name the way the tables here do."""
    return _CAMEL.sub("_", name).lower().strip("_")


def identifier_kind(name: str, value: object) -> str | None:
    """Tell the kind of identifier a member carries; ``None`` where it is none or holds nothing usable."""
    if isinstance(value, bool) or not isinstance(value, (str, int)) or value == "":
        return None
    kind = IDENTIFIER_KINDS.get(snake(name))
    if kind is None:
        return None
    if isinstance(value, int):
        return "uid" if kind in {"uid", "username"} else "phone" if kind == "phone" and value >= 1_000_000 else None
    if "@" in value:
        return "email" if kind in {"email", "username"} and " " not in value.strip() else None
    if kind == "phone":
        return "phone" if sum(c.isdigit() for c in value) >= 7 else None
    return kind if kind != "email" and len(value) <= 128 else None


def is_person(noun: str, members: frozenset[str]) -> bool:
    """Tell whether an object under ``noun`` with these members (snake case) describes a person."""
    n_personal = len(members & PERSON_MEMBERS)
    return n_personal >= 2 or (n_personal == 1 and ("id" in members or "email" in members or len(members) <= 4)) or is_person_noun(noun)


def is_person_noun(noun: str) -> bool:
    word = snake(noun)
    return word in PERSON_NOUNS or word.rsplit("_", 1)[-1] in PERSON_NOUNS
