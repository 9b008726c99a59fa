"""Roles in an incident, and what each may do. A person may hold several; a role has at most one holder and one deputy.

Decides by role only; whether a person may see the incident at all is the console's question.
"""

from typing import Literal, get_args

Role = Literal[
    "lead", "deputy", "scribe", "technical_lead", "privacy_officer", "counsel", "communications", "customer_liaison", "executive",
]  # fmt: skip
ROLES: tuple[Role, ...] = get_args(Role)

TITLES: dict[Role, str] = {
    "lead": "Incident lead",
    "deputy": "Deputy lead",
    "scribe": "Scribe",
    "technical_lead": "Technical lead",
    "privacy_officer": "Privacy officer",
    "counsel": "Counsel",
    "communications": "Communications",
    "customer_liaison": "Customer liaison",
    "executive": "Executive",
}

DUTIES: dict[Role, str] = {
    "lead": "Decides, assigns, and keeps the pace; does no technical work.",
    "deputy": "Stands in for the lead and follows up on tasks.",
    "scribe": "Writes down what happened and when, as it happens.",
    "technical_lead": "Leads containment, eradication and recovery.",
    "privacy_officer": "Decides what the leak means for people and for the law's clocks.",
    "counsel": "Advises under privilege; reviews what goes out.",
    "communications": "Writes to staff, customers, press and the status page.",
    "customer_liaison": "Answers affected people and business customers.",
    "executive": "Approves what binds the organisation.",
}

Act = Literal[
    "see", "note", "task", "evidence", "phase", "anchor", "seat", "declare", "contain", "draft", "approve", "send", "decide", "ask", "privileged",
    "restrict", "export", "playbook", "override",
]  # fmt: skip
ACTS: tuple[Act, ...] = get_args(Act)

_COMMAND: frozenset[Role] = frozenset({"lead", "deputy"})
_EVERYONE: frozenset[Role] = frozenset(ROLES)

MAY: dict[Act, frozenset[Role]] = {
    "see": _EVERYONE,
    "note": _EVERYONE,
    "task": _EVERYONE,
    "ask": _EVERYONE,
    "evidence": _COMMAND | {"technical_lead", "privacy_officer", "scribe", "counsel"},
    "phase": _COMMAND,
    "anchor": _COMMAND | {"privacy_officer", "counsel", "technical_lead"},
    "seat": _COMMAND,
    "declare": _COMMAND,
    "contain": _COMMAND | {"technical_lead"},
    "draft": _COMMAND | {"communications", "customer_liaison", "privacy_officer", "counsel"},
    "approve": frozenset({"lead", "counsel", "executive", "privacy_officer"}),
    "send": _COMMAND | {"communications", "customer_liaison"},
    "decide": _COMMAND | {"executive", "privacy_officer"},
    "privileged": frozenset({"lead", "counsel", "privacy_officer", "executive"}),
    "restrict": _COMMAND | {"privacy_officer", "counsel"},
    "export": _COMMAND | {"privacy_officer", "counsel"},
    "playbook": _COMMAND,
    "override": frozenset({"lead", "executive"}),
}


def may(roles: frozenset[Role], act: Act) -> bool:
    return not roles.isdisjoint(MAY[act])
