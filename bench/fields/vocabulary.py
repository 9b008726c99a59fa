"""Words that the generator of synthetic bodies is made of: how developers in eight languages call things, and what stands there.

Written as sequences of words, from memory of real schemas, not from the tables of ``stanch.classify``; a few have never been in them.
"""

PERSONAL = {
    "contact.email": (
        "email", "e mail", "email address", "contact email", "mail address", "primary email", "user email", "login email", "work email", "notification email", "email 1",
        "correo electronico", "email del cliente", "adresse mail", "courriel", "adresse courriel", "E Mail Adresse", "kunden email", "indirizzo email", "endereco de email", "adres email", "e mailadres",
    ),
    "contact.phone": (
        "phone", "phone number", "mobile", "mobile phone", "cell phone", "contact phone", "daytime phone", "phone home", "tel", "telephone number", "sms number", "whatsapp", "phone no", "msisdn",
        "telefon", "handy nummer", "mobilnummer", "telefono", "telefono movil", "numero telefono", "telephone portable", "numero de telephone", "telefone celular", "cellulare", "numer telefonu", "telefoonnummer",
    ),
    "contact.address.street": ("street", "street address", "address line 1", "addr line1", "strasse", "calle", "rue", "via", "straat", "ulica", "logradouro", "shipping street", "home street"),
    "contact.address.postcode": ("zip", "zip code", "postal code", "postcode", "plz", "codigo postal", "code postal", "cep", "cap", "kod pocztowy", "billing zip"),
    "contact.address.city": ("city", "town", "ort", "wohnort", "ciudad", "ville", "cidade", "citta", "miasto", "woonplaats", "home city"),
    "person.name.first": ("first name", "given name", "firstname", "fname", "vorname", "nombre de pila", "prenom", "primeiro nome", "imie", "voornaam", "customer first name"),
    "person.name.last": ("last name", "surname", "family name", "lastname", "nachname", "apellidos", "apellido paterno", "nom de famille", "sobrenome", "cognome", "nazwisko", "achternaam"),
    "person.name.full": ("full name", "legal name", "customer name", "patient name", "nombre completo", "nom complet", "nome completo", "imie i nazwisko", "volledige naam", "contact full name"),
    "person.birth_date": (
        "birth date", "date of birth", "dob", "birthday", "born on", "user dob", "geburtsdatum", "geburtstag", "fecha nacimiento", "fecha de nacimiento", "date naissance", "date de naissance", "data nascimento",
        "data di nascita", "data urodzenia", "geboortedatum", "patient birth date",
    ),
    "person.gender": ("gender", "sex", "geschlecht", "genero", "sexe", "sesso", "plec", "geslacht"),
    "person.nationality": ("nationality", "citizenship", "staatsangehoerigkeit", "nacionalidad", "nationalite", "nazionalita", "obywatelstwo"),
    "online.username": ("username", "user name", "login", "login name", "user handle", "benutzername", "nombre usuario", "nom utilisateur", "nome utente", "gebruikersnaam"),
    "online.ip": ("ip", "ip address", "last login ip", "client ip", "signup ip", "remote addr", "adresse ip", "direccion ip"),
    "credential.password": ("password", "passwd", "user password", "kennwort", "contrasena", "mot de passe", "senha", "haslo", "wachtwoord"),
    "credential.password_hash": ("password hash", "hashed password", "encrypted password", "pwd hash", "password digest"),
    "credential.token": ("access token", "auth token", "token", "session token", "api token", "jwt"),
    "credential.api_key": ("api key", "secret access key", "x api key"),
    "credential.reset_token": ("password reset token", "reset token", "activation code", "confirmation token"),
    "credential.otp_secret": ("otp secret", "totp secret", "mfa secret"),
    "finance.card": ("card number", "credit card number", "cc number", "card no", "pan", "kreditkartennummer", "numero tarjeta", "numero carte", "numero do cartao", "kaartnummer"),
    "finance.card_cvv": ("cvv", "cvc", "card cvv", "security code", "card verification code"),
    "finance.iban": ("iban", "bank iban", "account iban", "iban number", "payout iban"),
    "finance.account": ("account number", "bank account number", "kontonummer", "numero cuenta", "numero de compte", "conta bancaria"),
    "finance.salary": ("salary", "annual salary", "base salary", "gehalt", "salario", "salaire brut annuel", "wynagrodzenie"),
    "finance.balance": ("account balance", "available balance", "kontostand", "saldo disponible"),
    "finance.tax_id": ("tax id", "tax number", "vat number", "steuernummer", "numero fiscal"),
    "gov_id.passport": ("passport number", "passport no", "passport", "reisepassnummer", "numero pasaporte", "numero passeport", "travel document number"),
    "gov_id.driving_licence": ("drivers license number", "driving licence", "driver license", "fuehrerscheinnummer", "permis de conduire", "licencia de conducir"),
    "location.latitude": ("current latitude", "last lat", "home lat", "user latitude"),
    "location.geo": ("last location", "gps position", "home coordinates"),
    "health.condition": ("diagnosis", "medical condition", "diagnose", "diagnostico", "icd10 code", "krankheit"),
    "health.blood_type": ("blood type", "blood group", "blutgruppe", "grupo sanguineo", "groupe sanguin"),
    "health.medication": ("medication", "current medications", "medikamente", "medicamentos"),
    "special.religion": ("religion", "konfession", "religious affiliation"),
    "special.ethnicity": ("ethnicity", "ethnic group", "etnia"),
    "special.sexuality": ("sexual orientation", "orientacion sexual"),
    "device.id": ("device id", "android id", "device uuid"),
    "device.imei": ("imei", "imei number"),
    "device.mac": ("mac address", "wifi mac"),
}  # fmt: skip

IDS = {
    "gov_id.us.ssn": ("ssn", "social security number"), "gov_id.br.cpf": ("cpf", "numero cpf"), "gov_id.es.dni": ("dni", "numero dni"), "gov_id.pl.pesel": ("pesel", "numer pesel"),
    "gov_id.nl.bsn": ("bsn", "burgerservicenummer"), "gov_id.it.codice_fiscale": ("codice fiscale",), "gov_id.de.idnr": ("steuer id", "steueridentifikationsnummer"), "gov_id.fr.nir": ("numero securite sociale", "nir"),
    "gov_id.se.personnummer": ("personnummer",), "gov_id.in.aadhaar": ("aadhaar number", "aadhar no"), "gov_id.gb.nino": ("national insurance number", "nino"), "gov_id.mx.rfc": ("rfc",), "gov_id.ca.sin": ("sin number",),
    "gov_id.cl.rut": ("rut",), "gov_id.tr.tckn": ("tc kimlik no",), "gov_id.za.id": ("sa id number",), "gov_id.ro.cnp": ("cnp",), "gov_id.sg.nric": ("nric",), "gov_id.dk.cpr": ("cpr nummer",), "gov_id.no.fnr": ("fodselsnummer",),
    "gov_id.pt.nif": ("nif", "contribuinte"), "gov_id.ch.ahv": ("ahv nummer",), "gov_id.au.tfn": ("tax file number",), "gov_id.kr.rrn": ("resident registration number",), "health.gb.nhs": ("nhs number",),
}  # fmt: skip

DECOYS = {
    "uuid": ("id", "uuid", "request id", "trace id", "session uuid", "correlation id", "external id", "message guid"),
    "int_id": ("id", "user id", "order id", "parent id", "customer id", "account id", "author id"),
    "snowflake": ("id", "snowflake", "message id", "tweet id", "channel id"),
    "timestamp": ("created at", "updated at", "published", "last modified", "start time", "expires at", "erstellt am", "fecha creacion", "date creation"),
    "epoch": ("ts", "created", "timestamp", "modified", "epoch ms", "valid until", "iat"),
    "date": ("due date", "release date", "start date", "invoice date", "liefer datum", "fecha entrega"),
    "order_no": ("order number", "order no", "invoice number", "booking reference", "bestellnummer", "numero pedido", "transaction number", "case number", "ticket no"),
    "tracking": ("tracking number", "parcel no", "shipment id", "sendungsnummer"),
    "version": ("version", "app version", "firmware", "build", "schema version", "os version"),
    "version4": ("version", "firmware version", "driver version", "file version", "build number"),
    "isbn": ("isbn", "isbn13", "ean", "barcode", "gtin", "upc code", "product code"),
    "sku": ("sku", "article number", "part no", "model", "artikelnummer", "codigo articulo"),
    "base64": ("payload", "thumbnail data", "blob", "cursor", "next page", "signature of file", "state"),
    "sha": ("sha", "commit", "checksum", "etag", "content hash", "file md5", "digest", "blurhash"),
    "price": ("price", "amount", "total", "unit price", "preis", "precio", "montant", "importe", "discount"),
    "quantity": ("quantity", "stock", "count", "views", "likes", "anzahl", "cantidad", "size", "duration ms", "page size"),
    "ratio": ("rating", "score", "progress", "weight factor", "tax rate", "opacity"),
    "flag": ("has password", "email verified", "is phone confirmed", "token expired", "two factor enabled", "send email", "phone required", "show address", "has card", "accepts sms", "is public", "active", "archived"),
    "about": ("email type", "phone type", "token type", "password policy", "email template", "address format", "card type name", "email subject", "login method", "phone label", "ip version", "gender options count"),
    "title": ("title", "product name", "headline", "category name", "label", "subject", "titel", "titulo", "project name", "event name", "file name", "team name", "store name"),
    "text": ("description", "body", "summary", "content", "beschreibung", "descripcion", "teaser"),
    "slug": ("slug", "permalink", "handle of product", "key", "path"),
    "url": ("url", "href", "self link", "image url", "homepage of project", "thumbnail", "logo", "icon"),
    "status": ("status", "state", "type", "kind", "category", "level", "visibility", "priority", "stufe", "estado"),
    "currency": ("currency", "locale", "lang", "country code of store", "unit", "timezone of event"),
    "geo": ("latitude", "lat"),
    "color": ("color", "background", "hex color"),
    "duration": ("duration", "opening time", "cron", "interval"),
    "big": ("bytes total", "file size", "checksum crc", "sequence", "offset", "revision no"),
    "seventeen": ("serial", "batch no", "lot number", "meter reading", "reading id"),
}  # fmt: skip

PEOPLE = (
    "author",
    "user",
    "customer",
    "owner",
    "created by",
    "member",
    "assignee",
    "patient",
    "employee",
    "kunde",
    "cliente",
    "utilisateur",
    "seller",
    "guest",
    "profile",
    "sender",
    "contact",
    "applicant",
)
THINGS = (
    "article",
    "product",
    "order",
    "store",
    "project",
    "file",
    "event",
    "device",
    "shipment",
    "invoice",
    "comment",
    "category",
    "build",
    "channel",
    "venue",
    "task",
    "asset",
    "produkt",
    "articulo",
    "commande",
)
WRAPPERS = ("data", "result", "attributes", "item", "payload", "response", "details", "meta")
FIRST = (
    ["Ann", "Bob", "Carol", "Dan", "Eve", "Jörg", "Łukasz", "Zoë", "Amélie", "José", "Nguyen", "Priya", "Kwame", "Sofía", "Giulia", "Henrik", "Ivana", "Tomás", "Mei", "Omar", "Fatima", "Pavel", "Ines", "Marta"]
)
LAST = ["Ashby", "Baker", "Conti", "Díaz", "Eriksen", "Fournier", "García", "Hoffmann", "Ivanova", "Jansen", "Kowalski", "Lindqvist", "Müller", "Novák", "O'Hara", "Pereira", "Rossi", "Schmidt", "Tanaka", "Umar", "Varga", "Weber", "Yılmaz", "Zhou"]
WORDS = ["slow", "bread", "river", "stone", "paper", "light", "garden", "market", "window", "silver", "engine", "harbour", "morning", "letter", "bridge", "cotton", "winter", "orange", "signal", "kernel", "meadow", "copper", "violet", "canyon", "travel", "guide", "basic", "offer", "review", "number", "system", "update", "quick", "brown", "little", "green", "table"]
STREETS = ["Mill Lane", "High Street", "Hauptstraße", "Rue de la Paix", "Calle Mayor", "Via Roma", "ul. Długa", "Kerkstraat", "Rua das Flores", "Birch Road"]
CITIES = ["Leeds", "Dresden", "Lyon", "Sevilla", "Torino", "Gdańsk", "Utrecht", "Coimbra", "Boise", "Malmö"]
DISEASES = ["asthma", "type 2 diabetes", "J45.9", "E11.9", "migraine", "hypertension", "depressive episode", "Asthma bronchiale", "hipertensión"]
DRUGS = ["metformin 500 mg", "ibuprofen", "salbutamol", "amlodipine 5 mg", "Ramipril"]
