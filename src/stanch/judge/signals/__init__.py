"""All signals, one a file. Each takes a field's evidence and the context and says something, notes that it is missing, or is silent."""

from collections.abc import Callable

from stanch.judge.evidence import Context, Evidence
from stanch.judge.reason import Missing, Said
from stanch.judge.signals import (
    admin_audience,
    anonymous,
    client,
    contract,
    debug_endpoint,
    inside_text,
    kept_to_one,
    latent,
    list_amplifies,
    masked,
    mild,
    nested_person,
    never,
    not_the_callers_own,
    of_others,
    own_data,
    own_record,
    party,
    peer_consensus,
    prior,
    public_by_nature,
    published,
    rare_here,
    records,
    refused,
    same_as_account,
    same_constant,
    same_for_everyone,
    several_people,
    shared_secret,
    sign_in,
    site_contact,
    trace_of_person,
    whole_object,
    workplace,
)

Signal = Callable[[Evidence, Context], Said | Missing | None]

SIGNALS: tuple[Signal, ...] = (
    prior.weigh, public_by_nature.weigh, mild.weigh, rare_here.weigh, not_the_callers_own.weigh, several_people.weigh, own_data.weigh,
    own_record.weigh, nested_person.weigh, trace_of_person.weigh, inside_text.weigh, whole_object.weigh, same_as_account.weigh,
    same_for_everyone.weigh, peer_consensus.weigh, anonymous.weigh, list_amplifies.weigh, never.weigh, masked.weigh, of_others.weigh,
    shared_secret.weigh, same_constant.weigh, contract.weigh, client.weigh, sign_in.weigh, admin_audience.weigh, refused.weigh,
    workplace.weigh, records.weigh, kept_to_one.weigh, party.weigh, published.weigh, site_contact.weigh, debug_endpoint.weigh, latent.weigh,
)  # fmt: skip
