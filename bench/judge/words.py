"""Word lists of the made-up applications."""

FIRST = "Ann Bob Carol Dan Eve Amara Bjorn Chen Dalia Emil Farah Goran Hana Ivo Jun Karim Lena Mateo Nadia Omar Priya Quentin Rosa Sven".split()
LAST = "Archer Baker Castillo Dupont Eriksen Fischer Garcia Haddad Ivanov Jansen Kowalski Larsen Moreau Novak Okafor Patel Rossi Silva Tanaka".split()
STREETS = ["Main Street", "Oak Avenue", "Station Road", "High Street", "Elm Lane", "Mill Road", "Church Street"]
CITIES = ["Springfield", "Riverton", "Lakeside", "Fairview", "Georgetown", "Salem"]
WORDS = "apple river stone cloud maple copper silver garden window bridge candle meadow rocket violet harbor falcon pepper summer".split()
THINGS = ["articles", "posts", "stories", "photos", "questions", "recipes", "events", "threads", "videos", "topics", "pastes", "tracks"]

TRANSLATED = {
    "de": {
        "username": "benutzername", "display_name": "anzeigename", "first_name": "vorname", "last_name": "nachname", "phone": "telefonnummer",
        "birth_date": "geburtsdatum", "gender": "geschlecht", "street": "strasse", "city": "stadt", "zip": "plz", "author": "autor", "owner": "besitzer",
        "user": "benutzer", "salary": "gehalt", "name": "name", "address": "adresse",
    },
    "es": {
        "username": "nombre_usuario", "first_name": "nombre", "last_name": "apellidos", "phone": "telefono", "birth_date": "fecha_nacimiento",
        "email": "correo", "gender": "genero", "street": "calle", "city": "ciudad", "zip": "codigo_postal", "author": "autor", "user": "usuario",
        "owner": "propietario", "salary": "salario", "address": "direccion", "password": "contrasena",
    },
    "fr": {
        "username": "nom_utilisateur", "first_name": "prenom", "last_name": "nom_de_famille", "phone": "telephone", "birth_date": "date_naissance",
        "email": "courriel", "gender": "sexe", "street": "rue", "city": "ville", "zip": "code_postal", "author": "auteur", "user": "utilisateur",
        "owner": "proprietaire", "salary": "salaire", "address": "adresse", "password": "mot_de_passe",
    },
    "pt": {
        "username": "nome_usuario", "first_name": "primeiro_nome", "last_name": "sobrenome", "phone": "telefone", "birth_date": "data_nascimento",
        "gender": "genero", "street": "rua", "city": "cidade", "zip": "cep", "author": "autor", "user": "usuario", "owner": "dono",
        "salary": "salario", "address": "endereco", "password": "senha",
    },
}  # fmt: skip


def camel(name):
    head, *rest = name.split("_")
    return head + "".join(part.title() for part in rest)


def pascal(name):
    return "".join(part.title() for part in name.split("_"))


CASES = {"snake": lambda name: name, "camel": camel, "pascal": pascal}
