"""Words of paths and members that say for whom an endpoint is and what it is about.

Words are weak evidence: every signal that uses them also looks at who really received what.
"""

import re

from stanch.identity.reading import SIGN_IN

__all__ = ["ADMIN", "BUSINESS", "BUSINESS_MEMBERS", "DEAL", "DEBUG", "INTERNAL", "RECORDS", "SIGN_IN", "SITE", "VERSIONS", "WORKPLACE"]

ADMIN = re.compile(
    r"(^|[/_.-])(admin|administrator|administration|backoffice|back-office|staff|superuser|manage|management|internal-admin|moderation|mgmt|operator)([/_.-]|$)",
    re.IGNORECASE,
)
DEBUG = re.compile(
    r"(^|[/_.-])(_?debug|_?internal|actuator|heapdump|dump|phpinfo|trace|_profiler|dev|test-?data|env|diagnostics)([/_.-]|$)",
    re.IGNORECASE,
)
WORKPLACE = re.compile(
    r"^(organi[sz]ations?|orgs?|workspaces?|teams?|memberships?|tenants?|departments?|employees?|mitarbeiter|empleados|employes|abteilungen|colleagues)$",
    re.IGNORECASE,
)
"""An organisation's tool, whose members see each other."""
RECORDS = re.compile(
    r"^(customers?|clients?|patients?|contacts?|leads?|applicants?|candidates?|students?|pupils?|policy-?holders?|subscribers?|guests?|residents?|tenants?"
    r"|employees?|cases?|prospects?|donors?|beneficiar(y|ies)|claimants?|kunden|patienten|kontakte|clientes?|pacientes?|contactos|alumnos|eleves|contatos)$",
    re.IGNORECASE,
)
"""People whom a firm keeps records of."""
DEAL = re.compile(
    r"^(orders?|purchases?|bookings?|reservations?|rides?|trips?|deliver(y|ies)|appointments?|shipments?|invoices?|transactions?|transfers?|payments?|matches"
    r"|conversations?|chats?|threads?|messages?|rentals?|tickets?|visits?|jobs?|contracts?|offers?|bestellungen|buchungen|fahrten|termine|pedidos?|reservas?|viajes?"
    r"|citas?|commandes?|reservations?|courses?|rendez-?vous|encomendas?|viagens?)$",
    re.IGNORECASE,
)
"""Things that two parties have with each other."""
BUSINESS = re.compile(
    r"^(restaurants?|shops?|stores?|venues?|branch(es)?|hotels?|clinics?|hospitals?|offices?|pharmac(y|ies)|stations?|locations?|places?|compan(y|ies)|business(es)?|merchants?"
    r"|suppliers?|vendors?|dealers?|agenc(y|ies)|schools?|universit(y|ies)|institutions?|partners?|brands?|garages?|salons?|gyms?|museums?|theaters?|cinemas?|airports?|breweries"
    r"|filialen|laeden|geschaefte|restaurantes?|tiendas|sucursales|magasins|boutiques|lojas|dealerships?|warehouses?|depots?|facilit(y|ies)|publishers?|embass(y|ies))$",
    re.IGNORECASE,
)
BUSINESS_MEMBERS = frozenset(
    """
    opening_hours hours rating cuisine price_range website categories logo delivery_time company_name vat_number tax_number capacity menu stars
    reviews_count business_name brand industry store_number fax phone_support oeffnungszeiten horario
    """.split()  # noqa: SIM905 -- a table of words reads best as text
)
"""Members that firms and places have and persons don't."""
SITE = re.compile(
    r"^(instance|site|about|info|config|configuration|contact|meta|server|imprint|impressum|company|support|app|manifest|branding|settings|version|health|status|legal|faq|help)$",
    re.IGNORECASE,
)
INTERNAL = re.compile(
    r"^(password|passwd|pwd|password_?hash|hashed_?password|salt|is_?superuser|is_?staff|is_?admin|is_?deleted|deleted_?at|_*v|_sa_instance_state|failed_?logins?|login_?attempts?"
    r"|last_?login_?ip|reset_?token|otp_?secret|mfa_?secret|two_?factor_?secret|totp_?secret|encrypted_?password|remember_?token|reset_password_token|confirmation_token"
    r"|stripe_?customer_?id|internal_?notes?|created_?by_?ip|password_digest|sign_in_count|current_sign_in_ip|hibernate_lazy_initializer|security_stamp|concurrency_stamp"
    r"|lockout_end|access_failed_count|password_?changed_?at|refresh_?token|contrasena|mot_de_passe|senha|passwort|deluxe_token|totpsecret)$"
)
"""Columns that a database row has and no client needs: the mark of a generic serialiser."""
VERSIONS = re.compile(r"api|v\d+(\.\d+)?|rest|public|graphql|json|services?|rpc|index\.php|wp-json|identity|community|workshop")
