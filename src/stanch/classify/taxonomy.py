"""The datatypes: dotted names, general to special, with legal tags and a sensitivity.

Decides how much a kind of data matters; knows nothing of keys or values.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Datatype:
    name: str
    title: str
    sensitivity: float
    """0 to 1: how much harm one person's value can do in a stranger's hands."""
    public_by_nature: bool = False
    """Shown to others by design in most products: names, handles, avatars."""
    tags: tuple[str, ...] = ()
    """Laws and standards that name this kind: ``gdpr_art9``, ``gdpr_art10``, ``pci``, ``hipaa``, ``us_state``, ``credential``, ``coppa``, ``glba``, ``ferpa``."""


_TABLE = """
contact.email              | E-mail address            | 0.55 |   | us_state
contact.email_role         | Role mailbox              | 0.05 | p |
contact.phone              | Telephone number          | 0.65 |   | us_state
contact.fax                | Fax number                | 0.30 |   | hipaa
contact.address            | Postal address            | 0.70 |   | us_state
contact.address.street     | Street address            | 0.70 |   | us_state
contact.address.city       | City                      | 0.25 |   |
contact.address.postcode   | Postal code               | 0.40 |   | us_state
contact.address.state      | State or region           | 0.15 |   |
contact.address.country    | Country                   | 0.10 |   |
contact.emergency          | Emergency contact         | 0.70 |   | hipaa
contact.messenger          | Messenger handle          | 0.45 |   |
contact.website            | Personal website          | 0.05 | p |
person.name                | Name                      | 0.15 | p |
person.name.first          | First name                | 0.15 | p |
person.name.last           | Last name                 | 0.20 | p |
person.name.full           | Full name                 | 0.20 | p |
person.name.display        | Display name              | 0.05 | p |
person.name.maiden         | Maiden name               | 0.60 |   | us_state
person.name.mothers_maiden | Mother's maiden name      | 0.80 |   | us_state
person.birth_date          | Birth date                | 0.75 |   | us_state hipaa
person.birth_year          | Birth year                | 0.45 |   |
person.birth_place         | Birth place               | 0.55 |   |
person.age                 | Age                       | 0.40 |   | coppa
person.gender              | Gender                    | 0.50 |   |
person.photo               | Photo or avatar           | 0.10 | p |
person.bio                 | Self-description          | 0.05 | p |
person.nationality         | Nationality               | 0.55 |   |
person.marital_status      | Marital status            | 0.50 |   |
person.language            | Language                  | 0.10 |   |
person.signature           | Signature                 | 0.70 |   | us_state
person.height              | Height                    | 0.40 |   |
person.weight              | Weight                    | 0.50 |   | hipaa
person.title               | Form of address           | 0.05 | p |
person.timezone            | Time zone                 | 0.10 |   |
online.username            | Username                  | 0.10 | p |
online.ip                  | IP address                | 0.55 |   | us_state
online.user_agent          | User agent                | 0.35 |   |
online.last_seen           | Last sign-in              | 0.35 |   |
online.social              | Social profile            | 0.15 | p |
online.cookie              | Cookie                    | 0.60 |   |
online.advertising_id      | Advertising id            | 0.50 |   | us_state
online.browsing            | Browsing history          | 0.70 |   |
online.search_history      | Search history            | 0.65 |   |
credential.password        | Password                  | 1.00 |   | credential us_state
credential.password_hash   | Password hash             | 0.95 |   | credential us_state
credential.password_salt   | Password salt             | 0.85 |   | credential
credential.token           | Access token              | 0.90 |   | credential
credential.refresh_token   | Refresh token             | 0.95 |   | credential
credential.api_key         | API key                   | 0.90 |   | credential
credential.secret          | Shared secret             | 0.90 |   | credential
credential.private_key     | Private key               | 1.00 |   | credential
credential.otp             | One-time password         | 0.95 |   | credential
credential.otp_secret      | Second-factor secret      | 1.00 |   | credential
credential.recovery_code   | Recovery code             | 1.00 |   | credential
credential.reset_token     | Password reset token      | 1.00 |   | credential
credential.security_question | Security question       | 0.70 |   | credential us_state
credential.security_answer | Security answer           | 0.95 |   | credential us_state
credential.pin             | PIN                       | 0.95 |   | credential us_state
credential.session         | Session id                | 0.95 |   | credential
credential.invite_token    | Invitation token          | 0.60 |   | credential
credential.connection_string | Connection string       | 1.00 |   | credential
finance.card               | Payment card number       | 0.95 |   | pci us_state glba
finance.card_last4         | Last digits of a card     | 0.35 |   |
finance.card_cvv           | Card verification code    | 1.00 |   | pci us_state
finance.card_expiry        | Card expiry               | 0.75 |   | pci
finance.card_holder        | Card holder's name        | 0.70 |   | pci
finance.card_brand         | Card brand                | 0.20 |   |
finance.iban               | IBAN                      | 0.80 |   | us_state glba
finance.account            | Bank account number       | 0.85 |   | us_state glba
finance.routing            | Bank routing number       | 0.40 |   | glba
finance.bic                | BIC                       | 0.20 |   |
finance.salary             | Salary                    | 0.80 |   |
finance.balance            | Account balance           | 0.75 |   | glba
finance.credit_score       | Credit score              | 0.80 |   | glba
finance.tax_id             | Tax number                | 0.85 |   | us_state
finance.income             | Income                    | 0.75 |   |
finance.crypto_wallet      | Crypto wallet             | 0.50 |   |
finance.transaction        | Transaction               | 0.65 |   | glba
finance.debt               | Debt                      | 0.75 |   | glba
gov_id.passport            | Passport number           | 0.90 |   | us_state
gov_id.driving_licence     | Driving licence number    | 0.90 |   | us_state
gov_id.national            | National id number        | 0.95 |   | us_state
gov_id.visa                | Visa number               | 0.80 |   |
gov_id.voter               | Voter id                  | 0.70 |   | us_state
gov_id.residence_permit    | Residence permit          | 0.85 |   |
gov_id.military            | Military id               | 0.85 |   | us_state
gov_id.vehicle_plate       | Vehicle plate             | 0.45 |   | us_state
gov_id.vin                 | Vehicle number            | 0.40 |   | hipaa
device.id                  | Device id                 | 0.50 |   | us_state
device.imei                | IMEI                      | 0.60 |   |
device.mac                 | MAC address               | 0.50 |   |
device.serial              | Serial number             | 0.35 |   | hipaa
device.push_token          | Push token                | 0.60 |   |
device.iccid               | SIM card number           | 0.60 |   |
device.imsi                | Subscriber number         | 0.65 |   |
device.fingerprint         | Device fingerprint        | 0.55 |   |
location.geo               | Position                  | 0.75 |   | us_state
location.latitude          | Latitude                  | 0.70 |   | us_state
location.longitude         | Longitude                 | 0.70 |   | us_state
location.history           | Movements                 | 0.90 |   | us_state
location.place             | Whereabouts               | 0.50 |   |
health.condition           | Health condition          | 0.95 |   | gdpr_art9 hipaa
health.medication          | Medication                | 0.90 |   | gdpr_art9 hipaa
health.record_number       | Medical record number     | 0.90 |   | hipaa
health.insurance           | Health insurance number   | 0.85 |   | hipaa us_state
health.blood_type          | Blood type                | 0.70 |   | gdpr_art9
health.allergy             | Allergy                   | 0.80 |   | gdpr_art9
health.disability          | Disability                | 0.90 |   | gdpr_art9
health.pregnancy           | Pregnancy                 | 0.95 |   | gdpr_art9
health.test_result         | Test result               | 0.95 |   | gdpr_art9 hipaa
health.vaccination         | Vaccination               | 0.75 |   | gdpr_art9
health.npi                 | Provider number           | 0.15 |   |
health.us.dea              | Prescriber number (US)    | 0.20 |   |
health.us.mbi              | Medicare number (US)      | 0.90 |   | hipaa us_state
health.gb.nhs              | NHS number (GB)           | 0.90 |   | gdpr_art9
health.au.medicare         | Medicare number (AU)      | 0.90 |   |
health.ca.bc_phn           | Personal health number (CA) | 0.90 | |
health.de.kvnr             | Health insurance number (DE) | 0.90 | | gdpr_art9
health.nz.nhi              | National health index (NZ) | 0.90 |  |
health.mental              | Mental health             | 0.95 |   | gdpr_art9
special.religion           | Religion                  | 0.90 |   | gdpr_art9
special.ethnicity          | Ethnic origin             | 0.90 |   | gdpr_art9
special.political          | Political opinion         | 0.90 |   | gdpr_art9
special.union              | Union membership          | 0.85 |   | gdpr_art9
special.sexuality          | Sexual orientation        | 0.95 |   | gdpr_art9
special.biometric          | Biometric data            | 0.95 |   | gdpr_art9 us_state
special.genetic            | Genetic data              | 0.95 |   | gdpr_art9 us_state
special.criminal           | Criminal record           | 0.95 |   | gdpr_art10
special.immigration        | Immigration status        | 0.90 |   |
employment.employer        | Employer                  | 0.20 |   |
employment.job_title       | Job title                 | 0.10 | p |
employment.employee_id     | Employee number           | 0.35 |   |
employment.start_date      | Employment start          | 0.30 |   |
employment.review          | Performance review        | 0.80 |   |
employment.sick_days       | Sick days                 | 0.80 |   | gdpr_art9
education.school           | School                    | 0.25 |   | ferpa
education.degree           | Degree                    | 0.15 |   |
education.grade            | Grade                     | 0.60 |   | ferpa
education.student_id       | Student number            | 0.45 |   | ferpa
family.member              | Family member             | 0.55 |   |
family.children            | Children                  | 0.65 |   | coppa
family.spouse              | Spouse                    | 0.55 |   |
content.message            | Private message           | 0.75 |   |
content.note               | Private note              | 0.60 |   |
internal.flag              | Internal flag             | 0.45 |   |
internal.admin             | Administrator's flag      | 0.45 |   |
internal.note              | Internal note             | 0.65 |   |
internal.risk_score        | Risk score                | 0.65 |   |
internal.ban               | Ban or block              | 0.50 |   |
internal.deletion          | Deletion mark             | 0.40 |   |
internal.failed_logins     | Failed sign-ins           | 0.45 |   |
"""

_COUNTRY_IDS = """
us.ssn Social Security number|us.itin Taxpayer id|ca.sin Social insurance number|mx.curp CURP|mx.rfc RFC|br.cpf CPF|ar.cuit CUIT|cl.rut RUT|co.nit NIT
pe.ruc RUC|uy.ci Cédula|ec.ci Cédula|gb.nino National insurance number|ie.pps PPS number|fr.nir NIR|de.idnr Tax id|es.dni DNI|es.nie NIE|pt.nif NIF
it.codice_fiscale Codice fiscale|nl.bsn BSN|be.nn National number|ch.ahv AHV number|at.svnr Insurance number|pl.pesel PESEL|cz.rc Birth number|sk.rc Birth number
hu.taj TAJ number|ro.cnp CNP|bg.egn EGN|gr.amka AMKA|hr.oib OIB|si.emso EMŠO|rs.jmbg JMBG|se.personnummer Personal number|no.fnr Birth number
dk.cpr CPR number|fi.hetu Personal code|is.kennitala Kennitala|ee.isikukood Personal code|lv.pk Personal code|lt.asmens Personal code|tr.tckn TCKN|il.id Id number
za.id Id number|eg.id National id|sa.id National id|ae.emirates_id Emirates ID|in.aadhaar Aadhaar number|in.pan PAN|cn.resident_id Resident id|kr.rrn Resident number
jp.my_number My Number|tw.id National id|hk.hkid Identity card|sg.nric NRIC|my.nric MyKad|th.id National id|id.nik NIK|au.tfn Tax file number
nz.ird IRD number|ua.rnokpp RNOKPP|ru.inn INN|ru.snils SNILS|us.ein Employer number|ve.rif RIF|do.cedula Cédula|gb.utr Taxpayer reference|fr.spi Tax number
lu.id Matricule|gr.afm AFM|ba.jmbg JMBG|mk.embg EMBG|pl.nip NIP|hu.tax_id Tax number|md.idnp IDNP|kz.iin IIN|in.epic Voter id|pk.cnic CNIC|lk.nic NIC
kw.civil_id Civil id|ir.melli National code|mu.nid National id
"""


def _row(line: str) -> Datatype:
    name, title, sensitivity, public, tags = (part.strip() for part in line.split("|"))
    return Datatype(name=name, title=title, sensitivity=float(sensitivity), public_by_nature=public == "p", tags=tuple(tags.split()))


def _country_row(text: str) -> Datatype:
    name, _, title = text.strip().partition(" ")
    return Datatype(name=f"gov_id.{name}", title=f"{title} ({name[:2].upper()})", sensitivity=0.95, tags=("us_state",))


def _rows() -> dict[str, Datatype]:
    rows = [_row(line) for line in _TABLE.strip().splitlines()]
    rows += [_country_row(text) for line in _COUNTRY_IDS.strip().splitlines() for text in line.split("|")]
    return {row.name: row for row in rows}


TAXONOMY: Mapping[str, Datatype] = MappingProxyType(_rows())
