"""All signals, one a file. Each takes a field's evidence and the context and gives a reason, a missing note, or nothing."""

from collections.abc import Callable

from stanch.judge.evidence import Context, Evidence
from stanch.judge.reason import Missing, Reason
from stanch.judge.signals import (
    admin_audience,
    anonymous,
    client,
    contract,
    debug_endpoint,
    hard_rule,
    latent,
    list_amplifies,
    nested_person,
    not_the_callers_own,
    own_record,
    peer_consensus,
    prior,
    sign_in,
    site_contact,
    whole_object,
    workplace,
)

Signal = Callable[[Evidence, Context], Reason | Missing | None]

SIGNALS: tuple[Signal, ...] = (
    prior.weigh, not_the_callers_own.weigh, nested_person.weigh, whole_object.weigh, hard_rule.weigh, anonymous.weigh, peer_consensus.weigh,
    list_amplifies.weigh, contract.weigh, client.weigh, own_record.weigh, sign_in.weigh, admin_audience.weigh, workplace.weigh, debug_endpoint.weigh,
    latent.weigh, site_contact.weigh,
)  # fmt: skip
