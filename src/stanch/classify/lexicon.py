"""What a key says its values are: names in eight languages, told from flags, counts and settings about them.

Decides on names alone. A name is split (snake, camel, kebab, dotted), joined with ``_``, and looked up whole, then by its tail.
"""

import re
from functools import lru_cache

_SPLIT = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[^A-Za-z0-9À-ɏ]+")

_NOT_THE_THING = re.compile(
    r"(?:^|_)(?:is|has|had|have|can|should|needs?|requires?|allow|allows|allowed|enable|enabled|disable|disabled|show|hide|use|with|no|num|count|n|total|max|min|send|receive|notify|opt|accepts?)(?:_|$)"
    r"|(?:^|_)(?:verified|confirmed|valid|validated|enabled|disabled|required|visible|public|private|count|counts|type|types|kind|status|state_code|settings?|preferences?|format|regex|pattern|length|label|placeholder"
    r"|template|subject|notifications?|expires?|expiry_at|expires_at|expires_in|expiration|created|updated|changed|at|on|attempts|policy|endpoint|url|uri|link|supported|methods?|domain|field|column|error|errors"
    r"|message|hint|help|mask|optional|provider|source|version|index|position|order|size|score_type|algorithm|strength|limit|interval|ttl|exists|available|taken|unique)$"
)
"""Names about a thing rather than the thing: ``has_password``, ``email_verified``, ``token_type``."""

_PARENT_ONLY = {
    "name",
    "number",
    "title",
    "value",
    "full",
    "first",
    "last",
    "line1",
    "line2",
    "line_1",
    "line_2",
    "state",
    "code",
    "display",
    "text",
    "image",
    "picture",
}

_PERSON_PARENT = re.compile(
    r"(?:^|_)(?:user|users|author|authors|owner|owners|member|members|account|accounts|customer|customers|client|clients|employee|employees|person|people|persons|profile|profiles|creator|created_by|updated_by|completed_by"
    r"|assigned_to|assignee|sender|recipient|participant|participants|contact|contacts|patient|patients|doctor|student|teacher|driver|passenger|buyer|seller|follower|followers|friend|friends|reviewer|commenter|subscriber"
    r"|applicant|candidate|guest|guests|host|tenant|holder|beneficiary|nutzer|benutzer|kunde|autor|usuario|cliente|utilisateur|utente|me|reporter|viewer|mechanic|manager|billing|shipping)$"
)

_TABLE = """
contact.email: e_?mails?|e_?mail_?address(?:es)?|mail|mail_?address|email_?id|emailaddr|correo(?:_electronico)?|courriel|adresse_?(?:e_?)?mail|posta_elettronica|e_?mail_?adresse|adres_?e_?mail|e_?mailadres|email_?addr
contact.phone: (?:tele)?phones?|(?:tele)?phone_?(?:number|num|no|nr)s?|mobile|mobile_?(?:phone|number|no|num)|cell|cell_?(?:phone|number)|cellular|tel|tel_?(?:no|nr|number)|telefon|telefon_?nummer|telefonnummer|handy|handynummer|mobil|mobilnummer|telefono|numero_?(?:de_?)?(?:telefono|telephone|telefone)|celular|movil|portable|telefone|cellulare|telefoon|telefoonnummer|mobiel|komorka|msisdn|contact_?(?:number|no|phone)|whatsapp|whatsapp_?number|sms_?number|(?:home|work|office|day|evening)_?phone
contact.fax: fax|fax_?(?:number|no)|telefax
contact.address: address|addresses|(?:postal|mailing|home|street|billing|shipping|delivery|residential|permanent|current)_?address|adresse|anschrift|direccion|indirizzo|endereco|adres|full_?address|wohnadresse|domicilio
contact.address.street: street|street_?(?:name|line|1|2|number)|address_?(?:line)?_?[12]|addr_?[12]|strasse|straße|calle|rue|rua|ulica|straat|via|line_?1|line_?2|house_?number|hausnummer
contact.address.city: city|town|locality|stadt|ort|ciudad|ville|cidade|citta|miasto|plaats|stad|wohnort
contact.address.postcode: zip|zip_?code|post_?code|postal_?code|postal|plz|postleitzahl|codigo_postal|code_postal|cep|cap|kod_pocztowy|zipcode
contact.emergency: emergency_?contact(?:_?(?:name|phone|number))?|next_of_kin|ice_contact
person.name.first: first_?names?|given_?names?|fname|forename|vorname|nombre|prenom|primeiro_nome|imie|voornaam|nome
person.name.last: last_?names?|family_?names?|surnames?|lname|nachname|familienname|apellidos?|nom_de_famille|sobrenome|cognome|nazwisko|achternaam|second_?name
person.name.full: full_?names?|real_?name|legal_?name|(?:user|customer|patient|employee|author|member|client|person|contact|owner|student|guest|holder|applicant|driver|sender|recipient|account_holder)_?full_?name|nombre_completo|nom_complet|nome_completo|imie_i_nazwisko|volledige_naam|(?:customer|patient|employee|member|client|contact|student|guest|applicant|driver|passenger|account)_?name
person.name.display: display_?name|nick_?name|screen_name|author_?name|owner_?name
person.name.mothers_maiden: mothers?_?maiden(?:_?name)?
person.name.maiden: maiden_?name|birth_?name|geburtsname
person.birth_date: birth_?date|date_?of_?birth|dob|birth_?day|born(?:_?(?:on|at|date))?|geburtsdatum|geburtstag|fecha_?(?:de_?)?nacimiento|date_?(?:de_?)?naissance|data_?(?:de_?)?nascimento|data_?(?:di_?)?nascita|data_?urodzenia|geboorte_?datum|bday
person.birth_year: birth_?year|year_?of_?birth|yob
person.birth_place: birth_?place|place_?of_?birth|city_?of_?birth|geburtsort|lugar_de_nacimiento
person.age: age|alter|edad|idade
person.gender: gender|sex|geschlecht|genero|sexe|sexo|sesso|plec|geslacht
person.photo: avatar|avatar_?(?:url|image|uri|static)|profile_?(?:photo|picture|image|pic)(?:_?url)?|photo|photo_?url|portrait|headshot|user_?image|profilbild|foto_?(?:de_?)?perfil
person.bio: bio|biography|about_?me|self_?description|user_?bio|profile_?bio|headline_bio
person.nationality: nationality|citizenship|nationalitat|nacionalidad|nationalite|staatsangehorigkeit|staatsburgerschaft
person.marital_status: marital_?status|familienstand|estado_civil|etat_civil
person.signature: signature_?image|handwritten_signature
person.weight: body_?weight|weight_?(?:kg|lbs)
person.height: body_?height|height_?cm
online.username: user_?name|login|login_?name|handle|acct|user_?handle|benutzername|nombre_?(?:de_?)?usuario|nom_?(?:d_?)?utilisateur|nome_?(?:de_?)?usuario|account_?handle|screen_?name|user_?login
online.ip: ip|ip_?addr(?:ess)?|client_?ip|remote_?(?:ip|addr|address)|last_?(?:login_?)?ip|(?:current|last)_sign_?in_ip|(?:signup|sign_up|registration|register|created(?:_by)?|login)_?ip|ipv[46]|x_forwarded_for|x_real_ip
online.user_agent: user_?agent
online.last_seen: last_?(?:login|seen|active|sign_?in|activity|logged_?in)(?:_?(?:at|on|time|date))?|previous_login
online.advertising_id: idfa|gaid|adid|advertising_?id|aaid
credential.password: pass_?word|passwd|pwd|passphrase|kennwort|passwort|contrasena|contraseña|clave|mot_?de_?passe|senha|haslo|wachtwoord|pass|plain_?password|user_?password|new_?password|old_?password|current_?password|password_?plain|plaintext_?password
credential.password_hash: password_?hash|hashed_?password|pass_?hash|pwd_?hash|encrypted_?password|password_?digest|hash_?password|passwordhash|crypted_?password|password_?(?:sha\\d*|md5|bcrypt)|pw_?hash
credential.password_salt: salt|password_?salt|hash_?salt
credential.refresh_token: refresh_?token
credential.reset_token: (?:password_?)?reset_?(?:password_?)?(?:token|code|key)|confirmation_?token|activation_?(?:token|code)|verification_?(?:token|code)|remember_?token
credential.token: token|auth_?token|access_?token|id_?token|bearer_?token|jwt|session_?token|auth_?key|user_?token|authentication_?token|live_access_token|authorization|api_?token|csrf_session_token
credential.session: session_?id|sessionid|session_?key|sid|jsessionid|phpsessid
credential.api_key: api_?key|apikey|access_?key(?:_?id)?|secret_?access_?key|x_api_key|private_?token
credential.secret: secret|client_?secret|shared_?secret|secret_?key|app_?secret|webhook_?secret|signing_?(?:secret|key)|consumer_?secret
credential.private_key: private_?key|priv_?key|rsa_private|ssh_private_key
credential.otp: otp|one_?time_?(?:password|code|pin)|otp_?code|sms_?code|mfa_?code|two_?factor_?code|totp
credential.otp_secret: (?:otp|totp|mfa|two_?factor|2fa|tfa)_?(?:secret|seed|key)
credential.recovery_code: (?:recovery|backup)_?codes?
credential.security_question: (?:security|secret)_?question
credential.security_answer: (?:security|secret)_?(?:question_?)?answer
credential.pin: pin|pin_?code|pin_?number
credential.invite_token: invit(?:e|ation)_?(?:token|code|key)
finance.card: (?:credit_?|debit_?|payment_?|bank_?)?card_?(?:number|no|num|nr)|cc_?(?:number|num|no)|credit_?card|ccn|pan|card_?pan|kreditkartennummer|kartennummer|numero_?(?:de_?)?(?:tarjeta|carte|cartao)|numero_carta|primary_account_number
finance.card_last4: last_?(?:4|four)(?:_?digits)?|card_?last_?(?:4|four)
finance.card_cvv: cvv2?|cvc2?|cvn|csc|card_?(?:cvv|cvc|verification_?(?:code|value)|security_?code)|security_?code|cid_code|prufziffer_karte
finance.card_expiry: card_?exp(?:iry|iration|ires)?(?:_?(?:date|month|year))?|exp_?(?:month|year|date)|expiry_?(?:month|year)|cc_?exp(?:iry)?|expiration_?(?:month|year)
finance.card_holder: card_?holder(?:_?name)?|name_on_card|card_?name|cardholdername
finance.iban: iban|iban_?(?:number|no)
finance.account: (?:bank_?)?account_?(?:number|no|num|nr)|bank_?account|kontonummer|numero_?(?:de_?)?cuenta|numero_?(?:de_?)?compte|acct_?(?:number|no)|rekeningnummer|clabe
finance.routing: routing_?(?:number|no)|sort_?code|aba(?:_number)?|blz|bankleitzahl|ifsc(?:_code)?|bsb
finance.bic: bic|swift|swift_?code|bic_?code
finance.salary: salary|wage|wages|gehalt|salario|salaire|stipendio|pensja|annual_?salary|base_?salary|compensation|pay_?rate|hourly_?rate
finance.balance: balance|account_?balance|kontostand|saldo|solde|available_?(?:balance|credit)|credit_?balance|wallet_?balance
finance.credit_score: credit_?(?:score|rating)|fico(?:_score)?|schufa(?:_score)?
finance.tax_id: tax_?(?:id|number|no|payer_?id|identification_?number)|tin|steuer(?:_?id|nummer)|vat_?(?:id|number)
finance.income: income|annual_?income|monthly_?income|household_?income|einkommen
finance.crypto_wallet: (?:wallet|bitcoin|btc|eth|crypto)_?address
gov_id.us.ssn: ssn|social_?security(?:_?(?:number|no|num))?|ss_?number|social_?insurance_?number
gov_id.passport: passport|passport_?(?:number|no|num|id)|reisepass(?:nummer)?|passnummer|pasaporte|numero_?(?:de_?)?(?:pasaporte|passeport|passaporte)|passaporto
gov_id.driving_licence: driv(?:er|ing|ers)_?s?_?licen[cs]e(?:_?(?:number|no|num|id))?|dl_?number|fuhrerschein(?:nummer)?|license_?number|licence_?number|permis_de_conduire
gov_id.national: national_?(?:id|identity)(?:_?(?:number|no|card))?|id_?card(?:_?(?:number|no))?|identity_?(?:card|number|document)(?:_?number)?|government_?id|gov_?id|citizen_?id|personalausweis(?:nummer)?|ausweisnummer|nino|pesel|cpf|dni|nie|nif|bsn|aadhaar(?:_?number)?|curp|rfc|cuit|sozialversicherungsnummer|svnr|personnummer|codice_?fiscale|resident_id|nric|emirates_id|sin_number|numero_de_securite_sociale|nir
gov_id.vehicle_plate: (?:licen[cs]e|number|registration|vehicle)_?plate(?:_?number)?|plate_?(?:number|no)|kennzeichen|matricula
gov_id.vin: vin|vin_?(?:number|code)|vehicle_?identification_?number
device.id: device_?(?:id|uid|uuid|identifier)|udid|android_?id|installation_?id|hardware_?id
device.imei: imei|imei_?(?:number|no)
device.mac: mac|mac_?address
device.push_token: (?:push|fcm|apns|device|registration)_?token
device.serial: serial_?(?:number|no)
device.fingerprint: (?:device|browser)_?fingerprint
location.latitude: lat|latitude|breitengrad|latitud|geo_?lat
location.longitude: lng|lon|long|longitude|langengrad|longitud|geo_?(?:lng|lon)
location.geo: geo|geo_?location|coordinates|coords|gps(?:_?(?:location|coordinates|position))?|lat_?lng|current_?location|last_?(?:known_?)?location|recent_?location|home_?location
health.condition: diagnos(?:is|es)|medical_?(?:condition|history|conditions)|illness|disease|health_?(?:condition|status)|diagnose|krankheit|diagnostico|symptoms?
health.medication: medications?|prescriptions?|drugs_prescribed|medikament(?:e)?|dosage
health.record_number: mrn|medical_?record_?(?:number|no|id)|patient_?(?:number|no)
health.insurance: (?:health_?)?insurance_?(?:number|no|policy_?number|id)|policy_?(?:number|holder_?id)|versichertennummer|medicare_?number|nhs_?number|krankenversicherungsnummer
health.blood_type: blood_?(?:type|group)|blutgruppe|grupo_sanguineo
health.allergy: allerg(?:y|ies)|allergien|alergias
health.disability: disabilit(?:y|ies)|behinderung|handicap
health.pregnancy: pregnan(?:t|cy)|schwanger(?:schaft)?
health.test_result: (?:lab|test)_?results?|hiv_?status|covid_?(?:status|test)
health.vaccination: vaccin(?:e|es|ation|ations|ation_status)
special.religion: religion|religious_?(?:belief|affiliation)s?|faith|konfession|religiao
special.ethnicity: ethnicit(?:y|ies)|race|ethnic_?(?:origin|group)|rasse|raza
special.political: political_?(?:affiliation|party|opinion|views)|party_membership
special.union: (?:trade_?)?union_?(?:member(?:ship)?|name)|gewerkschaft
special.sexuality: sexual_?(?:orientation|preference)|sexuality|orientation_sexuelle
special.biometric: biometrics?|fingerprint_?(?:data|template)|face_?(?:id|print|template|embedding)|retina_?scan|voice_?print|iris_?scan
special.genetic: dna|genetic_?(?:data|profile)|genome
special.criminal: criminal_?(?:record|history|background)|convictions?|arrest_?record|vorstrafen
special.immigration: immigration_?status|visa_?status
employment.job_title: job_?title|berufsbezeichnung|puesto
employment.employee_id: employee_?(?:id|number|no)|staff_?(?:id|number)|personalnummer|mitarbeiternummer|badge_?(?:number|id)
employment.employer: employer|company_name_of_employee|arbeitgeber
education.student_id: student_?(?:id|number|no)|matrikelnummer
education.grade: gpa|final_?grade|exam_?(?:score|grade)
family.spouse: spouse|spouse_?name|partner_?name|husband|wife|ehepartner
family.children: children|child_?names?|kinder|hijos|enfants
family.member: (?:father|mother|parent|guardian)s?_?name|nombre_(?:del_padre|de_la_madre)
internal.admin: is_?admin|is_?superuser|is_?staff|admin_flag|superuser|is_?moderator|is_?root
internal.ban: is_?banned|banned|is_?blocked|is_?suspended|ban_?reason|shadow_?banned|suspended
internal.deletion: deleted_?at|is_?deleted|date_?deleted|deleted_?on
internal.failed_logins: failed_?(?:login|sign_?in)_?(?:attempts|count)|failed_?logins|login_?attempts|failed_?attempts
internal.note: internal_?(?:notes?|comments?)|admin_?(?:notes?|comments?)|moderator_?notes?|staff_?notes?|private_?notes?
internal.risk_score: (?:risk|fraud|churn|trust)_?score|lead_?score
"""

_RULES = tuple((line.split(": ", 1)[0], re.compile(line.split(": ", 1)[1].replace("\\\\d", "\\d"))) for line in _TABLE.strip().splitlines())

STRONG, TAIL = 1.0, 0.75


@lru_cache(maxsize=1 << 16)
def key_candidates(name: str, parents: tuple[str, ...] = ()) -> tuple[tuple[str, float], ...]:
    """Give the datatypes that a member's name speaks for, each with a weight of 0 to 1, best first."""
    words = words_of(name)
    joined = "_".join(words)
    if not joined:
        return ()
    about_a_person = under_person(parents)
    if joined in _PARENT_ONLY and (special := by_parent(joined, parents)):
        return special
    flag = _NOT_THE_THING.search(joined) is not None
    whole = [(datatype, STRONG) for datatype, pattern in _RULES if pattern.fullmatch(joined)]
    if whole:
        return tuple(item for item in whole if not flag or item[0].startswith(("internal.", "online.last_seen", "person.photo", "person.birth_date")))
    if flag:
        return ()
    for start in range(1, min(len(words), 4)):
        tail = "_".join(words[start:])
        found = [(datatype, TAIL) for datatype, pattern in _RULES if pattern.fullmatch(tail) and not weak_tail(datatype, tail)]
        if found:
            return tuple(found)
    return (("person.name.full", 0.7),) if joined == "name" and about_a_person else ()


def words_of(name: str) -> list[str]:
    return [word for word in _SPLIT.sub("_", name).lower().translate(_ACCENTS).split("_") if word]


_ACCENTS = str.maketrans("áàâäãåéèêëíìîïóòôöõúùûüñçłśżźńęąćß", "aaaaaaeeeeiiiiooooouuuunclszzneacs")


def under_person(parents: tuple[str, ...]) -> bool:
    return any(_PERSON_PARENT.search("_".join(words_of(parent))) for parent in parents[-2:])


def by_parent(joined: str, parents: tuple[str, ...]) -> tuple[tuple[str, float], ...]:
    """Read a general word by what it hangs on: ``name`` of a user, ``number`` of a card."""
    parent = "_".join(words_of(parents[-1])) if parents else ""
    if joined in {"name", "full", "display"} and parent in {"name", "names"}:
        return (("person.name.full", STRONG),)
    if joined in {"first", "last"} and (parent == "name" or under_person(parents)):
        return ((f"person.name.{joined}", STRONG),)
    if joined == "name" and under_person(parents):
        return (("person.name.full", STRONG),)
    if joined in {"number", "value", "code", "full", "text"} and parent:
        together = key_candidates(f"{parent}_{joined}", parents[:-1])
        if together and together[0][1] == STRONG:
            return together
        found = key_candidates(parent, parents[:-1])
        return tuple(
            (datatype, weight * 0.9) for datatype, weight in found if joined != "code" or datatype.startswith(("credential", "contact.address"))
        )
    if joined in {"image", "picture"} and under_person(parents):
        return (("person.photo", STRONG),)
    return ()


def weak_tail(datatype: str, tail: str) -> bool:
    """Tell tails that are too common to mean the same in a longer name: ``order_number``, ``event_name``."""
    return tail in {"pass", "login", "handle", "age", "sex", "race", "via", "cap", "ort", "nome", "nom", "long", "lat", "pan", "pin", "mac", "sid", "tin", "balance", "address", "secret", "cell", "mail", "nombre", "avatar", "salt",
                    "photo", "rfc", "nie", "nir", "cid_code", "bic", "tel", "portable", "mobil", "cep", "alter", "faith", "children", "street", "city", "town", "postal", "ip", "wife", "dna", "bio"} and not datatype.startswith(("contact.address", "online.ip", "person.photo"))  # fmt: skip
