"""Which objects describe a person, and by which members that person can be told from others.

Decides on key names alone; whether a value is a valid e-mail is the classifier's business.
"""

import re
from functools import lru_cache

PERSON_NOUNS = frozenset(
    """
    user users author authors owner owners member members account accounts customer customers client clients employee employees person persons
    people profile profiles creator created_by createdby updated_by modified_by completed_by assigned_to assignee assignees sender recipient from
    to participant participants contact contacts patient patients doctor doctors student students teacher teachers driver drivers passenger
    passengers buyer buyers seller sellers follower followers following friend friends reviewer reviewers commenter poster subscriber subscribers
    applicant applicants candidate candidates guest guests host hosts tenant tenants resident residents staff admin admins moderator me self holder
    cardholder beneficiary insured reporter invited_by inviter actor viewer accountholder requester approver manager lead agent agents voter voters
    player players identity whoami currentuser current_user userinfo mechanic uploaded_by attendee attendees organizer organiser speaker coach
    trainer rider courier landlord colleague colleagues worker workers borrower lender donor donors parent guardian child spouse sibling instructor
    physician nurse caregiver lawyer investor trader payer payee shopper traveler traveller citizen taxpayer voter hirer matches match recipient
    consumer consumers operator responder liker likers editor editors publisher contributor contributors collaborator collaborators maintainer
    nutzer benutzer kunde kunden kundin mitarbeiter mitarbeiterin autor autorin verfasser besitzer inhaber absender empfaenger kaeufer verkaeufer
    fahrer patientin arzt schueler lehrer gast mieter ansprechpartner person personen konto profil
    usuario usuarios cliente clientes autor autores propietario dueno remitente destinatario comprador vendedor conductor pasajero paciente
    pacientes medico alumno alumnos profesor empleado empleados persona personas miembro miembros cuenta perfil
    utilisateur utilisateurs auteur auteurs proprietaire expediteur destinataire acheteur vendeur conducteur passager medecin eleve professeur
    employe employes personne personnes membre membres compte abonne
    utente utenti autore proprietario mittente acquirente venditore autista medico studente dipendente membro
    pessoa pessoas usuarios dono vendedor motorista aluno funcionario
    gebruiker gebruikers klant klanten medewerker eigenaar leerling uzytkownik klient
    """.split()  # noqa: SIM905 -- a table of words reads best as text
)
"""Words for a member or a path segment that holds a person, in eight languages."""

WEAK_NOUNS = frozenset(
    """
    client clients agent agents host hosts tenant tenants lead player players matches match parent child operator operators editor editors identity
    account accounts konto compte cuenta profile profiles profil perfil contact contacts from to subject self admin admins staff member members
    membre membres miembro miembros guest guests holder resident residents worker workers reporter candidate candidates manager publisher
    """.split()  # noqa: SIM905 -- a table of words reads best as text
)
"""Nouns that hold other things as well: an object under one is a person's only with a member that speaks of one."""
NAMING = frozenset(["name", "email", "phone", "username", "display_name", "avatar", "photo", "first_name"])
ENVELOPES = frozenset(
    """
    data result results items content contents payload response body records rows list entries objects docs documents hits _embedded embedded value
    values node nodes edges member page datos resultados daten ergebnis ergebnisse donnees dados json success attributes source _source d collection
    """.split()  # noqa: SIM905 -- a table of words reads best as text
)
"""Members that wrap an answer and say nothing of what it is about."""

IDENTIFIER_KINDS = {
    "email": "email", "e_mail": "email", "mail": "email", "email_address": "email", "emailaddress": "email", "user_email": "email",
    "useremail": "email", "primary_email": "email", "contact_email": "email", "correo": "email", "correo_electronico": "email",
    "courriel": "email", "mail_address": "email", "email_adresse": "email", "emailadresse": "email", "e_mail_adresse": "email",
    "username": "username", "user_name": "username", "login": "username", "handle": "username", "acct": "username",
    "screen_name": "username", "nickname": "username", "user": "username", "owner": "username", "author": "username",
    "login_name": "username", "account_name": "username", "created_by": "username", "benutzername": "username",
    "nombre_usuario": "username", "nom_utilisateur": "username", "nome_usuario": "username",
    "phone": "phone", "phone_number": "phone", "phonenumber": "phone", "mobile": "phone", "mobile_number": "phone", "number": "phone",
    "telefon": "phone", "telefonnummer": "phone", "telefono": "phone", "telephone": "phone", "telefone": "phone", "mobile_phone": "phone",
    "id": "uid", "uid": "uid", "user_id": "uid", "userid": "uid", "uuid": "uid", "guid": "uid", "pk": "uid", "_id": "uid", "sub": "uid",
    "account_id": "uid", "customer_id": "uid", "author_id": "uid", "owner_id": "uid", "member_id": "uid", "person_id": "uid",
    "patient_id": "uid", "employee_id": "uid", "student_id": "uid", "profile_id": "uid", "creator_id": "uid", "driver_id": "uid",
    "passenger_id": "uid", "buyer_id": "uid", "seller_id": "uid", "sender_id": "uid", "recipient_id": "uid", "client_id": "uid",
    "usuario_id": "uid", "id_usuario": "uid", "cliente_id": "uid", "id_cliente": "uid", "benutzer_id": "uid", "kunden_id": "uid",
    "utilisateur_id": "uid", "id_utilisateur": "uid", "created_by_id": "uid", "posted_by": "username", "uploaded_by": "username",
}  # fmt: skip
"""Member name, as snake case, to the kind of identifier that it carries."""

OWN_UIDS = ("id", "_id", "uid", "uuid", "guid", "pk", "sub", "user_id", "userid", "usuario_id", "id_usuario", "benutzer_id", "utilisateur_id")
"""Members by which a person's object names that person and nobody else."""
POINTERS = frozenset(["user", "owner", "author", "created_by", "posted_by", "uploaded_by", "nickname"])
"""Names of someone else where they stand in a person's object, of its person where they stand in a thing."""

ACCOUNT_NOUNS = frozenset(
    """
    user author owner creator created_by createdby updated_by modified_by completed_by assigned_to assignee account profile me self sender recipient
    commenter poster posted_by uploaded_by reviewer follower following friend reporter inviter invited_by actor viewer whoami identity currentuser
    current_user userinfo person people member participant moderator editor contributor collaborator liker
    nutzer benutzer autor usuario utilisateur auteur utente autore gebruiker uzytkownik konto compte cuenta perfil profil besitzer verfasser
    propietario proprietaire proprietario dono sub login
    """.split()  # noqa: SIM905 -- a table of words reads best as text
)
"""Nouns under which an API numbers the holders of its accounts; singular."""
CORE = frozenset(
    """
    user account profile me self member person people whoami identity currentuser current_user userinfo viewer sub login follower following friend
    nutzer benutzer usuario utilisateur utente gebruiker uzytkownik konto compte cuenta perfil profil participant
    """.split()  # noqa: SIM905 -- a table of words reads best as text
)
"""Of these, the words for account holders as such; the others name a part that one plays."""
NAMES = frozenset(
    """
    name display_name full_name first_name last_name fullname anzeigename vorname nachname nombre apellidos prenom nom nom_de_famille primeiro_nome
    sobrenome nome cognome
    """.split()  # noqa: SIM905 -- a table of words reads best as text
)
"""Members by which two objects of the same number are told to be the same person's or not."""
LONG_ID = 16
"""Characters from which an id is taken to be unique in the whole API; shorter ones are so only among things of one kind."""

PERSON_MEMBERS = frozenset(
    """
    email password password_hash first_name last_name given_name family_name full_name fullname username user_name phone phone_number birth_date
    birthday date_of_birth dob gender avatar bio surname firstname lastname vorname nachname login mobile display_name nickname hashed_password
    avatar_url profile_picture profile_image email_address mobile_number telephone ssn email_verified is_staff is_superuser is_admin
    nombre apellido apellidos correo telefono fecha_nacimiento prenom nom_de_famille courriel date_naissance nome cognome sobrenome
    data_nascimento telefone benutzername telefonnummer geburtsdatum geschlecht contrasena mot_de_passe senha passwort
    """.split()  # noqa: SIM905 -- a table of words reads best as text
)
"""Members that few things but persons have."""

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[-\s.]+")


@lru_cache(maxsize=1 << 16)
def snake(name: str) -> str:
    """Write a member name the way the tables here do."""
    found = _CAMEL.sub("_", name).lower()
    return found.strip("_") or found if found != "_id" else found


@lru_cache(maxsize=1 << 16)
def snakes(names: tuple[str, ...]) -> frozenset[str]:
    """Write the names of an object's members the way the tables here do; documents of an endpoint have the same ones."""
    return frozenset(map(snake, names))


def identifier_kind(name: str, value: object) -> str | None:
    """Tell the kind of identifier a member carries; ``None`` where it is none or holds nothing usable."""
    kind = kind_of_name(name)
    if kind is None or isinstance(value, bool) or not isinstance(value, (str, int)) or value == "":
        return None
    if isinstance(value, int):
        return "uid" if kind in {"uid", "username"} else "phone" if kind == "phone" and value >= 1_000_000 else None
    if "@" in value:
        return "email" if kind in {"email", "username"} and " " not in value.strip() else None
    if kind == "phone":
        return "phone" if sum(c.isdigit() for c in value) >= 7 else None
    return kind if kind != "email" and len(value) <= 128 else None


@lru_cache(maxsize=1 << 16)
def kind_of_name(name: str) -> str | None:
    """Give the kind of identifier that a member of this name would carry."""
    return IDENTIFIER_KINDS.get(snake(name))


@lru_cache(maxsize=1 << 16)
def is_person(noun: str, members: frozenset[str]) -> bool:
    """Tell whether an object under ``noun`` with these members (snake case) describes a person."""
    n_personal = len(members & PERSON_MEMBERS)
    has_id = not members.isdisjoint(("id", "_id", "email", "uuid"))
    if n_personal >= 2 or (n_personal == 1 and (has_id or len(members) <= 4)):
        return True
    word = noun_of(noun)
    return word in PERSON_NOUNS and (word not in WEAK_NOUNS or not members.isdisjoint(NAMING) or n_personal > 0)


@lru_cache(maxsize=1 << 16)
def is_person_noun(noun: str) -> bool:
    return noun_of(noun) in PERSON_NOUNS


def noun_of(name: str) -> str:
    """Give the word of a member's or segment's name that says what it holds: the last, unless the whole is a word of its own."""
    word = snake(name)
    return word if word in PERSON_NOUNS else word.rsplit("_", 1)[-1]


def uid_kind(noun: str, text: str) -> str:
    """Name the kind of an id: numbers of different kinds of things are different ids."""
    return "uid" if len(text) >= LONG_ID else f"uid.{namespace(noun)}"


@lru_cache(maxsize=1 << 16)
def namespace(noun: str) -> str:
    """Name what a noun's numbers count.

    Shape: ``user`` for account holders; ``@owner`` for a word that points at one, unless the API has a collection of owners; else the
    singular of the word.
    """
    word = snake(noun)
    if not word or word in CORE or singular(word) in CORE:
        return "user"
    if word in ACCOUNT_NOUNS:
        return f"@{word}"
    last = word.rsplit("_", 1)[-1]
    return singular(last if last in PERSON_NOUNS else word)


def singular(word: str) -> str:
    return word.removesuffix("s") if not word.endswith("ss") else word
