import pytest

from stanch.classify.lexicon import holder, is_person_noun, key_candidates, words_of
from stanch.classify.spelling import TABLE
from stanch.classify.spelling_id import AMBIGUOUS
from stanch.classify.spelling_id import TABLE as ID_TABLE
from stanch.classify.taxonomy import TAXONOMY
from stanch.classify.validator import VALIDATORS

ROWS = [line.partition(": ")[0] for table in (ID_TABLE, TABLE) for line in table.strip().splitlines()]


def read(name: str, *parents: str, person: bool = False) -> str | None:
    found = key_candidates(name, parents, person=person)
    return found[0].datatype if found else None


@pytest.mark.parametrize(
    ("expected", "names"),
    [
        ("contact.email", "email e-mail userEmail user_email emailAddress contactEmail EMAIL_2 useremail emailHome correo_electronico courriel E-Mail-Adresse posta_elettronica"),
        ("contact.email", "endereco_email adres_email e_mailadres customerEmailAddress primary_email email1 mailAddress billingEmail work-email"),
        ("contact.phone", "phone phoneNumber mobile_phone cellPhone tel homePhone phone_2 msisdn telefonnummer Handynummer telefono_movil numeroDeTelephone celular cellulare"),
        ("contact.phone", "telefoonnummer numer_telefonu customer_phone_no contactTel main_tel whatsapp_number phoneHome"),
        ("finance.card", "cardNumber card_no creditCardNumber ccnum pan_number kreditkartennummer numero_tarjeta numeroCarte numero_do_cartao kaartnummer primaryAccountNumber"),
        ("gov_id.passport", "passport passportNumber passport_no reisepassnummer numero_pasaporte numeroPasseport passaporto numer_paszportu paspoortnummer travelDocumentNumber"),
        ("person.birth_date", "birthDate dob date_of_birth DateOfBirth birthday bornOn geburtsdatum fechaNacimiento fecha_de_nacimiento dateNaissance data_nascimento dataDiNascita"),
        ("person.birth_date", "data_urodzenia geboortedatum user_dob customerBirthDate birth_date_utc"),
        ("person.name.first", "firstName given_name fname vorname prenom primeiro_nome imie voornaam customer_first_name"),
        ("person.name.last", "lastName surname familyName nachname apellidos sobrenome cognome nazwisko achternaam apellido_paterno"),
        ("credential.password_hash", "passwordHash hashed_password encrypted_password pwd_hash password_digest"),
        ("credential.password", "password passwd user_password contrasena mot_de_passe senha haslo wachtwoord kennwort newPassword"),
        ("gov_id.us.ssn", "ssn socialSecurityNumber social_security_no"),
        ("gov_id.br.cpf", "cpf numero_cpf cpfCliente"),
        ("gov_id.de.idnr", "steuerIdentifikationsnummer steuer_id"),
        ("gov_id.in.aadhaar", "aadhaar aadharNumber aadhaar_no"),
        ("health.gb.nhs", "nhsNumber nhs_no"),
        ("person.nationality", "nationality staatsangehoerigkeit nacionalidad"),
        ("credential.reset_token", "passwordResetToken reset_password_code confirmationToken"),
    ],
)  # fmt: skip
def test_a_name_is_read_however_it_is_spelled(expected, names):
    assert {name: read(name) for name in names.split()} == dict.fromkeys(names.split(), expected)


@pytest.mark.parametrize(
    "name",
    [
        "hasPassword",
        "tokenExpired",
        "email_verified",
        "emailVerified",
        "phoneConfirmed",
        "email_count",
        "numberOfEmails",
        "has_phone",
        "must_change_password",
        "resetPasswordRequired",
        "token_type",
        "tokenType",
        "passwordPolicy",
        "emailTemplate",
        "email_subject",
        "phoneType",
        "password_expires_at",
        "canonical_email_hash",
        "emailHash",
        "blurhash",
        "order_number",
        "productName",
        "eventName",
        "company_phone",
        "storeAddress",
        "serverIp",
        "title",
        "name",
        "label",
        "description",
        "state",
        "status",
        "id",
        "number",
        "value",
        "code",
        "key",
        "type",
        "count",
        "created_at",
        "version",
        "isbn",
        "sku",
        "price",
        "latitude",
        "lat",
        "race",
        "image",
        "nombre",
        "nome",
        "addressFormat",
        "ip_version",
        "cardType_label",
        "microphone",
        "telephoneSupported",
        "telemetry",
        "cellColor",
        "mailbox_size",
        "agent_version",
        "passport_required",
    ],
)
def test_flags_settings_things_and_general_words_are_no_personal_data(name):
    found = read(name)
    assert found is None or found.startswith(("finance.card_brand", "internal."))


@pytest.mark.parametrize(
    ("name", "parents", "person", "expected"),
    [
        ("name", ("author",), False, "person.name.full"),
        ("name", (), True, "person.name.full"),
        ("name", ("author", "role"), False, None),
        ("name", ("user", "details"), False, "person.name.full"),
        ("first", ("user", "name"), False, "person.name.first"),
        ("number", ("card",), False, "finance.card"),
        ("number", ("order",), False, None),
        ("home", ("phones",), False, "contact.phone"),
        ("value", ("emails",), False, "contact.email"),
        ("city", ("user", "address"), False, "contact.address.city"),
        ("city", ("venue",), False, None),
        ("state", ("address",), False, "contact.address.state"),
        ("state", ("order",), False, None),
        ("phone", ("store",), False, None),
        ("phone", ("store", "owner"), False, "contact.phone"),
        ("lat", (), True, "location.latitude"),
        ("image", ("profile",), False, "person.photo"),
        ("nombre", ("cliente",), False, "person.name.first"),
    ],
)
def test_a_general_word_is_read_by_what_it_hangs_on(name, parents, person, expected):
    assert read(name, *parents, person=person) == expected


def test_every_row_leads_into_the_taxonomy_and_no_datatype_stands_twice():
    assert set(ROWS) <= set(TAXONOMY)
    assert len(ROWS) == len(set(ROWS))


def test_names_of_the_numbers_of_forty_countries_and_more_are_known():
    countries = {row.split(".")[1] for row in ROWS if row.startswith("gov_id.") and row.count(".") == 2}
    assert len(countries) >= 40
    assert len({row for row in ROWS if row in VALIDATORS}) >= 55


@pytest.mark.parametrize("name", sorted(AMBIGUOUS - {"ein", "fein", "pan", "contribuinte"}))
def test_a_name_with_other_meanings_asks_for_check_digits(name):
    assert any(meaning.check for meaning in key_candidates(name))


def test_the_holder_is_past_mere_wrappers():
    assert holder(("users", "data", "attributes")) == "users"
    assert holder(("data",)) == ""
    assert is_person_noun("createdBy")
    assert not is_person_noun("product")


def test_names_are_split_by_case_and_signs_and_lose_accents():
    assert words_of("userEmail-AddressURL.2ndLine") == ["user", "email", "address", "url", "2nd", "line"]
    assert words_of("Größe Żółć") == ["grose", "zolc"]
