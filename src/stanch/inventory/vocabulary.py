"""Words that APIs use for themselves: a prior on whether a segment is a literal, outweighed by what came back.

``RESERVED`` stay literal whatever the traffic says; the tokens of ``COMMON`` only make a literal likelier.
"""

import re
from functools import lru_cache

RESERVED = frozenset(
    """
    abmelden add all anmelden api apis auth authorize batch bulk buscar cerca confirm connexion count create current delete download edit export
    feed find graphql health healthz home import inloggen latest list login logout me metrics mine my new oauth oauth2 pesquisar ping
    preferences query recent recherche refresh register remove reset rest rpc search self settings signin signout signup stats status suche
    szukaj timeline token update upload validate verify version whoami zoek
    """.split()  # noqa: SIM905 -- a table of words reads best as text
)

COMMON = frozenset(
    """
    abmelden accept access accesso account accounts action actions activate active activities activity add additional addons address addresses
    admin advanced agent alerts all allowed analytics and anmelden annotations answer api app application applications apply approve apps
    archive area areas articles artikel artists as asset assets assign assignments attach attachment attachments attribute attributes audio
    audit auth authentication authorization authorizations authorize auto autocomplete availability available avatar balance bank base basic
    basket batch benutzer bestellingen bestellung bestellungen beta billing block blocks bookmarks branches branding brands build bulk bundle
    bundles buscar business by cache cached calculate calendar call callback campaigns cancel capabilities card cards carrello carrito cart case
    categories category cerca certificates change changes channel channels chart chat check checkout checks chercher children class classes
    classifications clear client clientes clients clone close cloud cluster clusters code codes collaborators collection collections columns
    commandes commands comments commit commits company compare complete compliance components compte comptes config configuration confirm
    connect connection connections connexion console conta contact contacts contas content contents contracts contrasena control conversations
    convert copy cost count countries counts coverage create credential credentials credit credits csv cuenta cuentas currencies currency
    current custom customer customers daily dashboard dashboards data database databases date db deactivate deconnexion default defaults
    definition definitions delete delivery dependencies deploy deployments description detail details device devices diff direct directory
    disable discover distance dns docs document documents domain domains download downloads edit einstellungen email emails enable end entities
    entity entries environments episodes errors event events exchange execute expense export exports external extract failed favorite favourited
    favourites featured features feedback feeds field fields file files filter filters find flow folders follow followers following for forecast
    forms free from full functions gebruikers general generate genres geo geocode get global graphql group groups health healthz historical
    history home hooks host html icons id identity ids image images import in inbox incidents incoming index info information inloggen insights
    instance instances integrations intent interface internal invalidate inventory invitations invite invites invoice invoices ip ips is issue
    issues item items job jobs join journal journals json jwt key keys konta konten konto kunden labels language languages last latest leave
    legal license licenses like line link linked links list lists live livez load local location locations lock log login logo logon logout logs
    lookup mail map mapping mark markets master match me media members memberships merchant merge message messages meta metadata methods metrics
    migrate milestones mine mode model models monitor monitoring move multi multiple mute my name names namespaces nearest network networks new
    news next nodes note notes notification notifications number numbers oauth object objects of offers on online open openapi operations
    options order orders ordini org organization organizations orgs out overview owner package packages page pages panier parameters parent
    parse participants partner partners parts password passwort path paths pause payment payments pdf pedido pedidos pending people perfil
    performance permission permissions pesquisar phone photo ping pinned places plan plans platform play playback points policies policy polls
    popular positions post posts power pre predictions preferences preview price prices primary private process product products profile
    profiles progress project projects promotions properties provider providers public publications publish pull purchase push qr quality query
    questions queue quote quotes random range rate rates ratings raw reactions read readyz reblog receipt received recent recherche recipient
    recipients recommendations recommended record recordings records reference references refresh regions register registration reject related
    relationships release releases remove rename render replies report reporting reports repositories repository request requests resend reset
    resize resource resources rest restart restore restrictions result results resume retention retry reverse review reviewers reviews revoke
    role roles rooms route routes routing rpc rules run runs sales save saved scan schedule scheduled schedules schema schemas scopes script
    search secret secrets security segments self send senders series server servers service services sesion session sessions set sets setting
    settings setup share shared shares shipping show signatures signin signing signout signup similar single site sites sms snapshots software
    source sources specs ssh sso start state states stations statistics stats status statuses steps stop storage store strategies stream streams
    sub submissions submit subscription subscriptions suche suchen suggest suggestions summary supported surveys swagger sync system szukaj tag
    tags target targets task tasks team teams template templates tenant term terminate test tests text thumbnail time timelines times to token
    tokens top topics track tracking tracks traffic transaction transactions transfer transfers translate trending trends triggers type types ui
    unassign unfavorite unfollow unlike unmute unread unreblog unsubscribe up update updates upgrade upload uploads uri url urls us usage user
    username users usuario usuarios utente utenti utilisateur utilisateurs uzytkownicy validate value values variables vendors verification
    verify version versions video videos views virtual voice web webhook webhooks whoami winkelwagen wishlist with workflow xml year zamowienia
    zip zoek zoeken
    """.split()  # noqa: SIM905 -- a table of words reads best as text
)
"""Source: tokens of path literals at five or more providers of the tuning half of ``bench/endpoints``, and their like in other languages."""

VERBS = frozenset(
    """
    activate add apply approve archive assign attach authorize batch bulk calculate cancel change check clear clone close complete confirm
    connect convert copy count create deactivate delete deploy detach disable disconnect download edit enable execute export fetch find generate
    get has import insert install invite is join leave list load lock log make mark merge migrate move notify open patch pause poll post preview
    process publish purge push put query read rebuild recover refresh register reject release reload remove rename render reopen reorder replace
    report request resend reset resize resolve restart restore resume retrieve retry revoke run save search send set share shutdown sign start
    stop submit subscribe suspend sync test toggle transfer trigger unarchive unassign unblock unlock unpublish unsubscribe update upgrade
    upload validate verify
    """.split()  # noqa: SIM905 -- a table of words reads best as text
)

_TOKEN = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+|[^A-Za-z0-9_.:\- ]+")
_VERSION = re.compile(r"v\d+(?:[._]\d+)*(?:-?(?:alpha|beta)\d*)?|\d{1,2}(?:\.\d+)?|\d{4}-\d{2}-\d{2}", re.IGNORECASE)


@lru_cache(maxsize=1 << 14)
def tokens(text: str) -> tuple[str, ...]:
    """Split snake, kebab, camel and dotted names into lower-case words."""
    return tuple(token.lower() for token in _TOKEN.findall(text))


@lru_cache(maxsize=1 << 14)
def commonness(text: str) -> float:
    """Give the share of a segment's tokens that are common words of APIs, from 0 to 1."""
    parts = tokens(text)
    return sum(part in COMMON or part.removesuffix("s") in COMMON for part in parts) / len(parts) if parts else 0.0


@lru_cache(maxsize=1 << 14)
def is_reserved(text: str) -> bool:
    return text.lower() in RESERVED or not any(map(str.isalnum, text)) or _VERSION.fullmatch(text) is not None


@lru_cache(maxsize=1 << 14)
def is_action(text: str) -> bool:
    """Tell whether a segment is the name of a procedure: ``add_member``, ``listBuckets``, ``users.search``."""
    parts = tokens(text)
    return len(parts) > 1 and parts[0] in VERBS and not any(c.isdigit() for c in text)


def is_lower_camel(text: str) -> bool:
    """Tell whether a segment is written as programs write names: ``groupUserPicker``; values seldom are."""
    return text.isalpha() and text[:1].islower() and not text.islower() and len(tokens(text)) > 1
