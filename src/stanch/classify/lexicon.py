"""What a member's name says its values are: names in eight languages, told from flags, counts and settings about them.

Decides on names alone. A name is split (snake, camel, kebab, dotted) and joined with ``_``; the tables (``spelling``) have whole
names; a longer name is read by its tail (``customerEmail``), its head before a mere modifier (``email_work``, ``phone2``), or its
second half where two words are glued (``useremail``); a general word by what it hangs on (``number`` of a ``card``).
"""

import re
from functools import lru_cache
from typing import NamedTuple

from stanch.classify.spelling import TABLE
from stanch.classify.spelling_id import AMBIGUOUS
from stanch.classify.spelling_id import TABLE as ID_TABLE

STRONG, HEAD, TAIL, GLUED, NOUN = 1.0, 0.9, 0.8, 0.75, 0.65
"""How sure the reading of a name is: whole, before a modifier, after other words, glued to another, a person's noun."""


class Meaning(NamedTuple):
    datatype: str
    weight: float
    """0 to 1."""
    check: bool = False
    """The name means other things too: only believed where the values pass the datatype's validator."""


_RULES = tuple((row[0], re.compile(row[2])) for row in (line.partition(": ") for table in (ID_TABLE, TABLE) for line in table.strip().splitlines()))
_SPLIT = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[^A-Za-z0-9À-ɏ]+")
_ACCENTS = str.maketrans(
    "áàâäãåāéèêëēėęěíìîïīıóòôöõøőōúùûüůűūñńňçćčłśšșşżźžđďğřťțţýÿąăß", "aaaaaaaeeeeeeeeiiiiiioooooooouuuuuuunnnccclsssszzzddgrtttyyaas"
)
_NUMBERED = re.compile(r"_?[0-9]{1,2}$")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ABOUT_IT = _words("""
    accept accepts add allow allowed allows block bounce can change changed clear collect confirm confirmed contains copy count create default_disable delete
    deleted did disable disabled discard display does enable enabled encode exclude existed exists expire expired export fake filter find force forgot generate
    had has hash hashed have hide hidden if ignore import include includes invalid is keep lookup mask masked match max maximum may min minimum missing must n
    need needs no notify num number_of on opt reject remove require required requires reset send sends sent set should show shown skip suppress suppressed
    sync test to_remove total total_number unverified update uses valid validate verified verify via want wants was with without""")  # fmt: skip
"""Words that make of a name a flag, a count or a command about the thing: ``has_password``, ``count_emails``."""

_MODIFIERS = _words("""
    home work mobile office private privat primary secondary alternate alternative alt other personal business main old new current previous raw
    normalized normalised formatted e164 full value string text str plain address cell day night evening residential permanent temp temporary backup
    recovery emergency partner father mother spouse parent guardian dienstlich geschaeftlich geschaftlich casa trabajo fixe domicile perso pro trabalho
    lavoro prywatny sluzbowy thuis werk national international local input given provided original display masked_no cc bcc to from reply_to customer user
    client patient employee member owner author contact account holder applicant guest buyer seller sender recipient beneficiary student teacher driver
    passenger billing shipping us usa uk gb de at ch fr es pt it pl nl be br mx in au ca iso utc date one two first last""")  # fmt: skip
"""Words after a name that leave it what it is: ``email_work``."""

_SAME_THING = _words("normalized normalised raw private home work primary secondary formatted alt alternate privat")
"""The modifiers that leave even a common word what it is."""

_GLUE = re.compile(
    r"(?:user|customer|client|contact|member|patient|employee|student|guest|owner|author|account|holder|home|work|office|primary|secondary|alt|alternate|billing|shipping|personal|private"
    r"|business|company|my|your|login|register|signup|new|old|current|last|first|father|mother|parent|guardian|spouse|driver|applicant|buyer|seller|sender|recipient|receiver|staff|travell?er|insured|payer|payee|mothers|cust|pri|sec|kunden|nutzer|benutzer"
    r"|privat|dienst|geschafts|mitarbeiter|cliente|usuario|client[ei]|utente|klant|gebruikers?|klienta)(?P<rest>.{3,})"
)

_GLUED_ON = re.compile(r"(?P<rest>.{3,}?)(?:value|text|string|raw|home|work|private|alt|normalized|primary|secondary|number|[0-9])")
_UMLAUT = re.compile(r"([aou])e")

_THING = _words("""
    airport agency app application asset bank branch brand building bucket campaign center centre channel clinic club cluster company computer container corporate corporation
    courier database dealer department dns domain endpoint entity event facility firm fleet franchise gateway hospital host hotel hub institution issuer
    job landmark legal library listing location machine manufacturer merchant museum network node office_location org organisation organization outlet
    partner_company park place pod poi point_of_interest port product project property provider publisher region restaurant router sales school server service shop site
    stadium station stop store stores supplier support system terminal train transit university vendor venue venues vessel vm warehouse weather website zone empresa tienda entreprise firma
    unternehmen filiale azienda negozio loja sklep bedrijf winkel""")  # fmt: skip
"""What has addresses, telephones and names, and is no person."""
_OF_THINGS = (
    "contact.phone",
    "contact.fax",
    "contact.address",
    "contact.website",
    "location.",
    "online.ip",
    "person.name",
    "person.photo",
    "finance.tax_id",
    "finance.balance",
    "online.social",
)

PERSON_PARENT = re.compile(
    r"(?:^|_)(?:users?|authors?|owners?|members?|accounts?|customers?|clients?|employees?|person|people|persons|profiles?|creators?|(?:created|updated|modified|completed|uploaded|invited|reviewed|approved|posted|submitted|deleted|requested)_by"
    r"|assigned_to|assignees?|senders?|recipients?|receivers?|participants?|contacts?|patients?|doctors?|nurses?|students?|pupils?|teachers?|drivers?|riders?|passengers?|travell?ers?|buyers?|sellers?|followers?|following|friends?|reviewers?|commenters?"
    r"|posters?|subscribers?|applicants?|candidates?|guests?|hosts?|tenants?|residents?|citizens?|holders?|cardholders?|beneficiar(?:y|ies)|payers?|payees?|insured|spouse|child|parents?|guardians?|relatives?|staff|admins?|moderators?|reporters?|viewers?|actors?"
    r"|mechanics?|managers?|agents?|attendees?|players?|voters?|donors?|billing|shipping|delivery|consignee|me|self|whoami|nutzer|benutzer|kunden?|mitarbeiter|patient(?:en)?|autor(?:en)?|usuarios?|clientes?|pacientes?|empleados?|personas?|utilisateurs?|auteurs?|utenti?"
    r"|pazient[ei]|pessoas?|utilizador(?:es)?|uzytkowni(?:k|cy)|klien(?:t|ci)|osob[ay]|pracowni(?:k|cy)|gebruikers?|klant(?:en)?|medewerkers?)$"
)
_ADDRESS_PARENT = re.compile(
    r"(?:^|_)(?:address|addresses|addr|adresse|anschrift|direccion|indirizzo|endereco|adres|morada|residence|domicile|domicilio)$"
)
_NAME_PARENT = {"name", "names", "full_name", "person_name"}
_ONLY_OF_PEOPLE = _words(
    "name names nombre nombres nome nom naam title titel alias children kids dependents race races plate placa targa image picture pic img handle born birth admin cargo cap ort via str foto photo portrait poste_occupe pseudo nick parola state country land provincia province location lat lats latitude lng lon long longitude latitud longitud geo geo_location geo_point geolocation coordinates coords position gps"
)
"""General words that mean a person's only where the object is a person's."""
_GENERAL = _words("number value code full text string id no nr line data content")
_KINDS_OF = _words(
    "home work mobile office private primary secondary other personal business main fax cell day evening billing shipping current permanent default preferred verified new old"
)
"""Members of a ``phones`` or ``emails`` object."""

_PAGING = _words("next prev previous page pagination continuation resume scroll sync change delta skip idempotency design cancellation")
"""Tokens that open nothing."""

_NEVER_A_TAIL = _words("""
    address admin age ages alter apt balance balances bic bio bios birth born cap cc cell cep children cid_code cp csc cid csc city compensation dl dna dsn edad eta faith fax foto geo
    handle handles income ips lat lats life line_1 line_2 locality location login logins lohn long longs mac macs mail mails mob mobil nick nie nir nom nome nombre pan pass ph photo pin pins plate placa portable portrait
    position postal pseudo race races rfc rg run rut sex sid sin street salt saldo secret secrets tan tel tin town ua via vin wages wife coordinates forwarded trip condition conditions run
    nit fin nic nik nip inn utr pps spi ein rif ruc taj avs ird afm cpr fnr pnr nss iin ipn ip_address_unused handicap session_key token_value identity upn rue rua str ort cargo beruf zawod targa patente
    employer employers occupation profession medication_unused pronouns diagnosis_unused kids partner bcc ssh_key user_key_secret clave parola tokens_unused debt schuld renta""")  # fmt: skip
"""Too common at the end of longer names to mean the same: ``order_balance``, ``board_pin``."""
_TAIL_ANYWAY = ("contact.address", "online.ip", "person.photo")


@lru_cache(maxsize=1 << 16)
def key_candidates(name: str, parents: tuple[str, ...] = (), *, person: bool = False) -> tuple[Meaning, ...]:
    """Give what a member's name speaks for, best first; ``person`` where the object is known to describe one."""
    joined = "_".join(words_of(name))
    about_a_person = person or under_person(parents)
    if not joined:
        return ()
    found = read_name(joined, parents, about_a_person=about_a_person)
    if not about_a_person and under_thing(parents):
        found = tuple(m for m in found if not m.datatype.startswith(_OF_THINGS))
    return found


def read_name(joined: str, parents: tuple[str, ...], *, about_a_person: bool) -> tuple[Meaning, ...]:
    if special := by_parent(joined, parents, about_a_person=about_a_person):
        return special
    if joined in _ONLY_OF_PEOPLE and not about_a_person:
        return ()
    plain = _NUMBERED.sub("", joined)
    found = whole(joined, STRONG) or (whole(plain, HEAD) if plain != joined else ())
    if found:
        return (*found, *(m for m in by_tail(plain) if m.datatype not in {one.datatype for one in found}))
    return by_tail(joined) or by_tail(plain) or by_head(joined) or by_glue(joined) or without_umlauts(joined) or with_parent(joined, parents)


def with_parent(joined: str, parents: tuple[str, ...]) -> tuple[Meaning, ...]:
    """Read a member together with what it hangs on: ``expiry`` of a ``card``, ``hash`` of a ``password``."""
    parent = "_".join(words_of(parents[-1])) if parents else ""
    found = (whole(f"{parent}_{joined}", HEAD) or whole(f"{parent.removesuffix('s')}_{joined}", HEAD)) if parent else ()
    return tuple(m for m in found if not m.datatype.startswith(("internal.", "finance.card_brand")))


@lru_cache(maxsize=1 << 14)
def whole(joined: str, weight: float) -> tuple[Meaning, ...]:
    return tuple(
        Meaning(datatype, weight, joined in AMBIGUOUS and datatype.startswith("gov_id.")) for datatype, pattern in _RULES if pattern.fullmatch(joined)
    )


def by_tail(joined: str) -> tuple[Meaning, ...]:
    words = joined.split("_")
    for start in range(1, min(len(words), 5)):
        before, tail = words[:start], "_".join(words[start:])
        if any(word in _ABOUT_IT for word in before) or before[:2] == ["number", "of"]:
            return ()
        plain = tail not in _NEVER_A_TAIL or all(word in _MODIFIERS or PERSON_PARENT.search(word) for word in before)
        found = [m for m in whole(tail, TAIL) if plain or (m.datatype.startswith(_TAIL_ANYWAY) and len(tail) > 3)]
        if any(word in _PAGING for word in before):
            found = [m for m in found if not m.datatype.startswith("credential.")]
        if any(word in _THING for word in before):
            found = [m for m in found if not m.datatype.startswith(_OF_THINGS)]
        if found:
            return tuple(found)
    return ()


def by_head(joined: str) -> tuple[Meaning, ...]:
    words = joined.split("_")
    for end in range(len(words) - 1, max(0, len(words) - 3), -1):
        head = "_".join(words[:end])
        if not all(word in _MODIFIERS or word.isdigit() for word in words[end:]):
            return ()
        mere = _SAME_THING.issuperset(words[end:])
        if (mere or head not in _NEVER_A_TAIL) and (found := whole(_NUMBERED.sub("", head), HEAD) or by_tail(head)):
            return found
    return ()


def by_glue(joined: str) -> tuple[Meaning, ...]:
    """Take words apart that were run together: ``useremail``, ``emailprivate``."""
    if "_" in joined:
        return ()
    forms = {match["rest"] for pattern in (_GLUE, _GLUED_ON) if (match := pattern.fullmatch(joined))}
    return next((found for form in sorted(forms - _NEVER_A_TAIL) if (found := whole(form, GLUED))), ())


def without_umlauts(joined: str) -> tuple[Meaning, ...]:
    """Read ``oe`` as the umlaut that it stands for."""
    plain = _UMLAUT.sub(r"\1", joined)
    return () if plain == joined else whole(plain, TAIL) or by_tail(plain) or by_head(plain)


def by_parent(joined: str, parents: tuple[str, ...], *, about_a_person: bool) -> tuple[Meaning, ...]:
    """Read a general word by what it hangs on: ``name`` of a user, ``number`` of a card, ``home`` of phones."""
    parent = "_".join(words_of(parents[-1])) if parents else ""
    if joined in {"full", "display", "first", "last", "given", "family", "middle"} and (parent in _NAME_PARENT or about_a_person):
        return (Meaning(f"person.name.{_NAME_PARTS.get(joined, joined)}", STRONG),)
    if joined == "name" and about_a_person:
        return (Meaning("person.name.full", STRONG),)
    if joined == "number" and about_a_person:
        return (Meaning("contact.phone", GLUED),)
    if joined in {"image", "picture", "pic", "img", "image_url", "picture_url"} and about_a_person:
        return (Meaning("person.photo", STRONG),)
    if joined in {"state", "province", "region", "country", "country_code"} and (_ADDRESS_PARENT.search(parent) or about_a_person):
        return (Meaning(f"contact.address.{'country' if joined.startswith('country') else 'state'}", STRONG),)
    if parent and joined in _GENERAL:
        together = whole(f"{parent}_{joined}", STRONG)
        return together or of_parent(joined, parents)
    return of_parent(joined, parents) if parent and joined in _KINDS_OF else ()


def of_parent(joined: str, parents: tuple[str, ...]) -> tuple[Meaning, ...]:
    found = key_candidates(parents[-1], parents[:-1])
    if joined in {"code", "id", "data", "content"}:
        found = tuple(m for m in found if m.datatype.startswith(("credential", "contact.address.", "gov_id")) and joined != "data")
    return tuple(m._replace(weight=m.weight * HEAD) for m in found)


_NAME_PARTS = {"given": "first", "middle": "first", "family": "last"}


def words_of(name: str) -> list[str]:
    return [word for word in _SPLIT.sub("_", name[:256]).lower().translate(_ACCENTS).split("_") if word]


def is_person_noun(name: str) -> bool:
    """Tell whether a member is named after the person that it holds: ``author``, ``createdBy``."""
    return PERSON_PARENT.search("_".join(words_of(name))) is not None


def under_person(parents: tuple[str, ...]) -> bool:
    """Tell whether the object is a person's: the innermost member that is no mere wrapper is named after one."""
    return is_person_noun(holder(parents))


def holder(parents: tuple[str, ...]) -> str:
    """Name the innermost member that encloses and is no mere wrapper; empty at the top."""
    return next((parent for parent in reversed(parents) if "_".join(words_of(parent)) not in _WRAPPERS), "")


_WRAPPERS = _words("""
    attributes attrs data details detail edge edges entity fields_set identity info information item items json list meta metadata model name names node nodes object objects payload
    personal personal_data personal_info personal_information personal_details record records response result results row rows value values about basic basic_info bio_data demographics
    contact_info contact_details contact_information general""")  # fmt: skip


def under_thing(parents: tuple[str, ...]) -> bool:
    return any((words := words_of(parent)) and words[-1].removesuffix("s") in _THING for parent in parents[-2:])
