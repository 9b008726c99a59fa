"""The facts that documents may name: their kind, and what a person is asked for."""

from collections.abc import Mapping
from types import MappingProxyType

from stanch.law.fact import Kind

_TABLE = """
n_people             | count     | people affected
n_people_controller  | count     | people of the controller addressed
n_recipients         | count     | who received the data
n_records            | count     | values given away, about
data_types           | datatypes | kinds of data given away
data_types_not       | datatypes | kinds of data surely not concerned
first_exposure_at    | instant   | first response that gave data away
last_exposure_at     | instant   | last response that gave data away
aware_at             | instant   | when the organisation became aware
discovered_at        | instant   | when it was found
stopped_at           | instant   | when the flow was stopped
fixed_at             | instant   | when the fix was verified
next_update_at       | instant   | when the next update comes
stated_at            | instant   | as of when a public statement holds
place_name           | contact   | the state that a state's document is for
organisation         | contact   | name of the organisation
organisation_address | contact   | its postal address
parent_company       | contact   | parent or affiliated company
contact_name         | contact   | data protection officer or contact
contact_email        | contact   | contact's e-mail address
contact_phone        | contact   | contact's telephone number, free of charge where the law says so
contact_hours        | contact   | when the telephone is answered
signer               | contact   | officer who signs letters
spokesperson         | contact   | who speaks to the press
website              | contact   | address of the page with more, to be typed by people
authority            | contact   | supervisory authority
controller           | contact   | controller addressed by a processor
agency_contacts      | contact   | agencies that give advice, with their contacts
cra_contacts         | contact   | credit reporting agencies, with their contacts
incident_reference   | contact   | reference number of the incident
feature              | text      | part of the service that gave the data away
categories_subjects  | text      | kinds of people concerned
recipients_described | text      | who received the data, as far as known
security_in_place    | list      | protection in place at the time
measures             | list      | measures taken or proposed
mitigation           | list      | measures against harm
late_reasons         | text      | reasons, if the authority is told late
severity_impact      | text      | severity and impact
financial_impact     | text      | estimated monetary impact
clocks               | list      | clocks that run out next
decisions            | list      | decisions that the board must take
law_enforcement      | flag      | law enforcement asked to delay the notice
third_countries      | flag      | people in other countries are concerned
written_programme    | flag      | a written information security programme is kept
harm_assessed        | text      | result of the risk assessment
monitoring           | text      | monitoring offered, where a law requires it
no_parent_company    | flag      | there is no parent or affiliated company
monitoring_not_required | flag   | no law that applies calls for monitoring
authority_told_at    | instant   | when the authority was told
notification_type    | text      | initial, follow-up or complete
exercise             | flag      | this is an exercise
"""


def _rows() -> dict[str, tuple[Kind, str]]:
    rows = ([part.strip() for part in line.split("|")] for line in _TABLE.strip().splitlines())
    return {key: (kind, says) for key, kind, says in rows}  # type: ignore[misc]


KEYS: Mapping[str, tuple[Kind, str]] = MappingProxyType(_rows())
PREFIXES: Mapping[str, Kind] = MappingProxyType({"n_residents.": "count", "law.": "law", "due.": "instant", "due_words.": "law"})
"""Families of facts: residents by place; a rule's act and section; a rule's strict target, or its words."""


def kind_of(key: str) -> Kind | None:
    """Give the kind of a fact, or ``None`` where no document knows it."""
    if key in KEYS:
        return KEYS[key][0]
    return next((kind for prefix, kind in PREFIXES.items() if key.startswith(prefix)), None)
