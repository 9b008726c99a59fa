"""Flask with marshmallow: shared nested schemas, envelopes, automatic schemas."""

import pytest

SERIALIZERS = """
    from marshmallow import Schema, fields, post_dump

    class PersonSchema(Schema):
        name = fields.Str()
        email = fields.Email()
        secret = fields.Str(load_only=True)

        @post_dump
        def wrap(self, data, **kwargs):
            return {"person": data}

    class NoteSchema(Schema):
        text = fields.Str()
        author = fields.Nested(PersonSchema)
        editor = fields.Nested("PersonSchema", exclude=("email",))
        reader = fields.Nested(lambda: PersonSchema(only=("name",)))

        @post_dump
        def unwrap(self, data, **kwargs):
            data["author"] = data["author"]["person"]
            return {"note": data}

    class NotesSchema(NoteSchema):
        @post_dump
        def unwrap(self, data, **kwargs):
            data["author"] = data["author"]["person"]
            return data

        @post_dump(pass_many=True)
        def wrap_all(self, data, many, **kwargs):
            return {"notes": data, "count": len(data)}

    note_schema = NoteSchema()
    notes_schema = NotesSchema(many=True)
"""
VIEWS = """
    from flask import Blueprint
    from flask_apispec import marshal_with
    from notes.serializers import note_schema, notes_schema
    blueprint = Blueprint("notes", __name__)

    @blueprint.route("/api/notes", methods=("GET",))
    @marshal_with(notes_schema)
    def get_notes():
        return Note.query.all()

    @blueprint.route("/api/notes/<slug>", methods=("GET",))
    @marshal_with(note_schema)
    def get_note(slug):
        return Note.query.get(slug)

    @blueprint.route("/api/dumped/<slug>")
    def dumped(slug):
        return note_schema.dump(Note.query.get(slug))
"""
FILES = {"notes/__init__.py": "", "notes/serializers.py": SERIALIZERS, "notes/views.py": VIEWS}


@pytest.mark.parametrize(
    ("endpoint", "path"),
    [
        ("GET /api/notes", "$.notes[*].author.email"),
        ("GET /api/notes/{slug}", "$.note.author.email"),
        ("GET /api/dumped/{slug}", "$.note.author.email"),
    ],
)
def test_a_field_of_a_shared_nested_schema_is_the_cause(cause, endpoint, path):
    assert cause(FILES, endpoint, path) == "PersonSchema.email"


def test_the_way_names_the_nesting(follow):
    steps = follow(FILES, "GET /api/notes/{slug}", "$.note.author.email").chains[0].steps
    assert [s.kind for s in steps][:2] == ["route", "handler"]
    assert steps[-1].place.symbol == "PersonSchema.email"


@pytest.mark.parametrize("path", ["$.note.author.secret", "$.note.editor.email", "$.note.reader.email"])
def test_what_a_schema_never_writes_is_traced_to_nothing(follow, path):
    assert not follow(FILES, "GET /api/notes/{slug}", path).chains


def test_an_automatic_schema_is_the_cause_at_the_model_it_names(follow):
    files = {
        "app.py": """
            from flask import Flask
            from flask_marshmallow import Marshmallow
            from models import User
            app = Flask(__name__)
            ma = Marshmallow(app)
            class UserSchema(ma.SQLAlchemyAutoSchema):
                class Meta:
                    model = User
                    exclude = ("password",)
            users_schema = UserSchema(many=True)
            @app.get("/users")
            def users():
                return users_schema.jsonify(User.query.all())
            """,
        "models.py": """
            from db import db
            class User(db.Model):
                id = db.Column(db.Integer)
                email = db.Column(db.String)
                password = db.Column(db.String)
            """,
    }
    chain = follow(files, "GET /users", "$[*].email").chains[0]
    assert (chain.cause.kind, chain.cause.place.symbol) == ("generic-serialiser", "UserSchema.Meta.model")
    assert not follow(files, "GET /users", "$[*].password").chains


def test_a_smorest_response_decorator_names_the_schema(cause):
    files = FILES | {
        "notes/views.py": """
            from flask_smorest import Blueprint
            from notes.serializers import NoteSchema
            blp = Blueprint("notes", "notes", url_prefix="/v2")
            @blp.route("/notes/<slug>")
            class One:
                @blp.response(200, NoteSchema)
                def get(self, slug):
                    return find(slug)
            """
    }
    assert cause(files, "GET /v2/notes/{slug}", "$.note.author.email") == "PersonSchema.email"
