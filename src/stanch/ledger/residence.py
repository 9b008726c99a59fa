"""Where a person lives, as far as the traffic shows: country and state, from where it is known, and how sure that is.

The law that applies to a breach is that of the people's residence. A country is the only attribute of a person that the ledger
keeps, and never the value that it was read from. Sources that disagree all stay; the questions take the surest.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

import phonenumbers

from stanch.classify.leaf import Leaf, walk
from stanch.identity.caller import ANONYMOUS, caller_of
from stanch.identity.people import Node
from stanch.identity.person import snake
from stanch.identity.pseudonym import Digest
from stanch.identity.reading import noun_in, persons_in
from stanch.identity.resolve import Picture
from stanch.inventory.segment import provisional
from stanch.ledger.country import CA_PROVINCES, US_STATES, country_code, region_code
from stanch.ledger.person import person_key
from stanch.traffic.decode import decode
from stanch.traffic.exchange import Exchange

Source = Literal["profile", "address", "phone", "ip"]
CONFIDENCE: dict[Source, int] = {"profile": 95, "address": 85, "phone": 60, "ip": 40}
"""Per cent. A profile states it; an address line was parsed; telephone numbers move with people; addresses of networks roam."""

COUNTRY_NAMES = frozenset(
    {"country", "country_code", "countrycode", "country_name", "country_of_residence", "residence_country", "land", "pays", "pais", "paese"}
)
STATE_NAMES = frozenset({"state", "state_code", "province", "region", "us_state", "state_province", "administrative_area"})
PHONE_NAMES = frozenset(
    {"phone", "phone_number", "phonenumber", "mobile", "mobile_number", "mobile_phone", "telephone", "tel", "msisdn", "cell", "cell_phone"}
)
ADDRESS_NAMES = frozenset({"address", "full_address", "postal_address", "home_address", "street_address", "mailing_address", "formatted_address"})
NAMES = COUNTRY_NAMES | STATE_NAMES | PHONE_NAMES | ADDRESS_NAMES
IP_COUNTRY_HEADERS = ("cf-ipcountry", "cloudfront-viewer-country", "x-country-code", "x-geo-country", "x-appengine-country")

_US_TAIL = re.compile(r"[,\s]([A-Z]{2})[,\s]+\d{5}(?:-\d{4})?\s*(?:,?\s*(?:USA?|United States))?\s*$")
_CA_TAIL = re.compile(r"[,\s]([A-Z]{2})[,\s]+[A-Z]\d[A-Z] ?\d[A-Z]\d\s*(?:,?\s*Canada)?\s*$")


class Home(NamedTuple):
    """One statement about where a person lives."""

    subject: int
    source: Source
    country: str
    """ISO 3166-1 alpha-2."""
    state: str
    """Of the United States or Canada; else empty."""
    confidence: int
    """Per cent."""


class HomeFinder:
    """Looks for residences in the exchanges whose endpoint can show any."""

    def __init__(self, picture: Picture, digest: Digest) -> None:
        self.people = picture.whose.people
        self.callers = picture.whose.callers
        self.digest = digest
        self.endpoints = frozenset(
            f"{item.endpoint.host} {item.endpoint.key}" for item in picture.fields if item.where == "response.body" and snake(item.name) in NAMES
        )

    def homes(self, exchange: Exchange, endpoint: str) -> Iterator[Home]:
        """Give what an exchange says of where its people live."""
        yield from self.caller_home(exchange)
        if endpoint not in self.endpoints:
            return
        for document in decode(exchange).documents:
            if document.where == "response.body":
                yield from self.in_leaves(list(walk(document)), noun_in(provisional(exchange.path)))

    def caller_home(self, exchange: Exchange) -> Iterator[Home]:
        """Take the country of the caller's network address, where an edge server noted it."""
        named = next((value for name in IP_COUNTRY_HEADERS if (value := exchange.request_header(name))), None)
        country = country_code(named) if named else None
        if country is None:
            return
        caller = caller_of(exchange, self.digest).key
        persons = self.callers.get(caller) if caller != ANONYMOUS else None
        if persons:
            yield Home(person_key(min(persons), self.digest), "ip", country, "", CONFIDENCE["ip"])

    def in_leaves(self, leaves: list[Leaf], noun: str) -> Iterator[Home]:
        found = persons_in(leaves, self.digest, noun)
        groups: dict[tuple[Node, ...], list[Leaf]] = defaultdict(list)
        for leaf in leaves:
            if isinstance(leaf.value, str) and snake(leaf.name) in NAMES and (subject := found.of(leaf)):
                groups[subject].append(leaf)
        for subject, group in groups.items():
            persons = self.people.persons(subject)
            if persons:
                members = [(snake(leaf.name), str(leaf.value)) for leaf in group]
                yield from statements(person_key(min(persons), self.digest), members)


def statements(subject: int, members: Iterable[tuple[str, str]]) -> Iterator[Home]:
    """Read what one person's members say: the profile's own words first, then what an address or a number implies."""
    by_name = dict(members)
    country = first(country_code(text) for name, text in by_name.items() if name in COUNTRY_NAMES)
    state = first(region_code(text, country) for name, text in by_name.items() if name in STATE_NAMES)
    if country is None and state is not None:
        country = "US"
    if country is not None:
        yield Home(subject, "profile", country, state or "", CONFIDENCE["profile"])
    for name, text in by_name.items():
        if name in ADDRESS_NAMES and (found := from_address(text)):
            yield Home(subject, "address", *found, CONFIDENCE["address"])
        if name in PHONE_NAMES and (region := from_phone(text)):
            yield Home(subject, "phone", region, "", CONFIDENCE["phone"])


def first(found: Iterable[str | None]) -> str | None:
    return next((item for item in found if item is not None), None)


def from_address(text: str) -> tuple[str, str] | None:
    """Read country and state from the end of an address line."""
    if len(text) > 400:
        return None
    if (match := _US_TAIL.search(text)) and match[1].casefold() in US_STATES:
        return "US", US_STATES[match[1].casefold()]
    if (match := _CA_TAIL.search(text)) and match[1].casefold() in CA_PROVINCES:
        return "CA", CA_PROVINCES[match[1].casefold()]
    last = re.split(r"[,\n]", text)[-1]
    country = country_code(last) if len(last.strip()) > 3 else None
    return (country, "") if country else None


def from_phone(text: str) -> str | None:
    """Give the country of a number written with its prefix; shared prefixes are told by the number, else not at all."""
    if not text.strip().startswith(("+", "00")):
        return None
    try:
        number = phonenumbers.parse("+" + text.strip().lstrip("+0"), None)
    except phonenumbers.NumberParseException:
        return None
    regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(number.country_code or 0, ())
    region = phonenumbers.region_code_for_number(number) or (regions[0] if len(regions) == 1 else None)
    return region if region and region in COUNTRY_SET else None


COUNTRY_SET = frozenset(phonenumbers.SUPPORTED_REGIONS)
