"""Fixes: an explicit list, in the form of the file, proven on the changed source."""

import ast
from dataclasses import replace

import pytest
from trace_sources import finding, project_of

from stanch.trace.fix.edit import Edit, applied, changed
from stanch.trace.fix.propose import propose
from stanch.trace.run import Tracer, causes


def fixed(files, *rows):
    """Give the causes with their fixes, and the changed files."""
    tracer = Tracer.of(project_of(files))
    findings = [finding(*row) for row in rows]
    found = [tracer.trace(f) for f in findings]
    gathered = [replace(c, siblings=tracer.siblings(c, found)) for c in causes(found)]
    return propose(tracer, gathered, found, findings)


def only_fix(proposed):
    (cause,) = proposed.causes
    assert cause.fix is not None
    return cause.fix


def changes(fix):
    """Give the lines that a diff takes out and puts in."""
    lines = [line for line in fix.diff.splitlines() if not line.startswith(("---", "+++"))]
    return [line[1:].strip() for line in lines if line.startswith("-")], [line[1:].strip() for line in lines if line.startswith("+")]


MODELS = """
    from db import Base
    from sqlalchemy import Column, String

    class User(Base):
        __tablename__ = "user"
        id = Column(String)
        name = Column(String)
        email = Column(String)
        password = Column(String)

        def to_dict(self, short=False):
            return {c.name: getattr(self, c.name) for c in self.__table__.columns}
"""


def flask(body, extra=""):
    view = f"""
    from flask import Flask, jsonify
    from models import User
    app = Flask(__name__)

    @app.get("/users/<int:user_id>")
    def user(user_id):
        found = User.query.get(user_id)
        {body}
    {extra}
    """
    return {"app.py": view, "models.py": MODELS}


HERE = "GET /users/{id}"
LISTED = 'if name in ("id", "name")'


def test_the_leaking_call_of_a_dump_gets_a_listed_twin():
    fix = only_fix(fixed(flask("return jsonify(found.to_dict())"), (HERE, "$.email")))
    out, new = changes(fix)
    assert fix.safe
    assert out == ["return jsonify(found.to_dict())"]
    assert "return jsonify(found.to_public())" in new
    assert 'return {name: data[name] for name in ("id", "name")}' in new


def test_a_secret_is_never_listed_even_where_no_finding_names_it():
    assert (
        "password"
        not in only_fix(fixed(flask("return jsonify(found.to_dict())"), (HERE, "$.email"))).diff.split("+++ b/models.py")[1].split("+", 1)[1]
    )


def test_arguments_of_the_call_are_handed_on():
    _, new = changes(only_fix(fixed(flask("return jsonify([u.to_dict(short=True) for u in User.query.all()])"), (HERE, "$[*].email"))))
    assert "return jsonify([u.to_public(short=True) for u in User.query.all()])" in new
    assert "def to_public(self, *args, **kwargs):" in new


def test_a_call_that_does_not_leak_stays():
    own = """
    @app.get("/me")
    def me():
        return jsonify(User.query.first().to_dict())
    """
    fix = only_fix(fixed(flask("return jsonify(found.to_dict())", own), (HERE, "$.email")))
    assert fix.safe
    assert "User.query.first().to_dict()" not in "".join(changes(fix)[0])


@pytest.mark.parametrize(
    ("body", "path", "written"),
    [
        ("return jsonify(vars(found))", "$.email", 'return jsonify({name: value for name, value in vars(found).items() if name in ("id", "name")})'),
        (
            "return jsonify(found.__dict__)",
            "$.email",
            'return jsonify({name: value for name, value in found.__dict__.items() if name in ("id", "name")})',
        ),
        ('return jsonify({"a": found.name, "email": found.email})', "$.email", 'return jsonify({"a": found.name})'),
        ('return jsonify({"email": found.email, "a": found.name})', "$.email", 'return jsonify({"a": found.name})'),
        ('return jsonify({"email": found.email})', "$.email", "return jsonify({})"),
        ('return jsonify({"x": {"email": found.email, **more}})', "$.x.email", 'return jsonify({"x": {**more}})'),
    ],
)
def test_a_leak_at_its_place_of_use_is_narrowed_there(body, path, written):
    fix = only_fix(fixed(flask(body), (HERE, path)))
    assert changes(fix) == ([body], [written])
    assert fix.safe


def test_a_member_on_a_line_of_its_own_loses_that_line_only():
    files = flask('return jsonify({\n            "name": found.name,  # shown\n            "email": found.email,\n        })')
    assert changes(only_fix(fixed(files, (HERE, "$.email")))) == (['"email": found.email,'], [])


def test_a_function_that_serves_other_routes_too_makes_the_fix_unsafe():
    extra = """
    def view(u):
        return {"name": u.name, "email": u.email}
    @app.get("/me")
    def me():
        return jsonify(view(User.query.first()))
    """
    fix = only_fix(fixed(flask("return jsonify(view(found))", extra), (HERE, "$.email")))
    assert not fix.safe
    assert "serves other routes" in fix.why


NOTES = {
    "serializers.py": """
        from marshmallow import Schema, fields
        class PersonSchema(Schema):
            name = fields.Str()
            email = fields.Email(required=True)
        class NoteSchema(Schema):
            text = fields.Str()
            author = fields.Nested(PersonSchema)
        """,
    "app.py": """
        from flask import Flask
        from serializers import NoteSchema, PersonSchema
        app = Flask(__name__)
        @app.get("/notes")
        def notes():
            return NoteSchema(many=True).dump(load())
        """,
}


def test_a_schema_that_only_leaking_routes_use_stops_writing_the_field():
    fix = only_fix(fixed(NOTES, ("GET /notes", "$[*].author.email")))
    assert changes(fix) == (["email = fields.Email(required=True)"], ["email = fields.Email(required=True, load_only=True)"])
    assert fix.safe


def test_a_shared_nested_schema_gets_a_narrower_one_beside_it():
    files = dict(NOTES)
    files["app.py"] += """
        @app.get("/me")
        def me():
            return PersonSchema().dump(load())
        """
    fix = only_fix(fixed(files, ("GET /notes", "$[*].author.email")))
    out, new = changes(fix)
    assert fix.safe
    assert out == ["author = fields.Nested(PersonSchema)"]
    assert (
        new == ["class PublicPersonSchema(PersonSchema):", "class Meta:", 'fields = ("name",)', "", "", "author = fields.Nested(PublicPersonSchema)"]
        or "PublicPersonSchema" in fix.diff
    )


DESK = {
    "desk/models.py": """
        from django.db import models
        class Person(models.Model):
            name = models.CharField()
            phone = models.CharField()
        class Ticket(models.Model):
            title = models.CharField()
            owner = models.ForeignKey(Person)
        """,
    "desk/people.py": """
        from rest_framework import serializers
        from desk.models import Person
        class PersonSerializer(serializers.ModelSerializer):
            class Meta:
                model = Person
                fields = ("id", "name", "phone")
        class AllSerializer(serializers.ModelSerializer):
            class Meta:
                model = Person
                fields = "__all__"
        """,
    "desk/tickets.py": """
        from rest_framework import serializers
        from desk.models import Ticket
        from desk.people import PersonSerializer
        class TicketSerializer(serializers.ModelSerializer):
            owner = PersonSerializer()
            class Meta:
                model = Ticket
                fields = ["title", "owner"]
        """,
    "desk/views.py": """
        from rest_framework import generics
        from desk import people, tickets
        class Tickets(generics.ListAPIView):
            serializer_class = tickets.TicketSerializer
        class Everyone(generics.ListAPIView):
            serializer_class = people.AllSerializer
        class Me(generics.RetrieveAPIView):
            serializer_class = people.PersonSerializer
        """,
    "desk/urls.py": """
        from django.urls import path
        from desk import views
        urlpatterns = [path("tickets/", views.Tickets.as_view()), path("people/", views.Everyone.as_view())]
        """,
}


def test_a_listed_serializer_loses_the_name_in_its_list():
    fix = only_fix(fixed(DESK, ("GET /tickets/", "$[*].owner.phone")))
    assert changes(fix) == (['fields = ("id", "name", "phone")'], ['fields = ("id", "name")'])


def test_an_all_fields_serializer_gets_a_list():
    fix = only_fix(fixed(DESK, ("GET /people/", "$[*].phone")))
    assert changes(fix) == (['fields = "__all__"'], ['fields = ("name",)'])


def test_a_shared_serializer_in_another_module_is_imported_where_it_is_needed():
    files = DESK | {"desk/urls.py": DESK["desk/urls.py"].replace("urlpatterns = [", 'urlpatterns = [path("me/", views.Me.as_view()), ')}
    fix = only_fix(fixed(files, ("GET /tickets/", "$[*].owner.phone")))
    _, new = changes(fix)
    assert fix.safe
    assert "from desk.people import PersonSerializer, PublicPersonSerializer" in new
    assert "owner = PublicPersonSerializer()" in new
    assert "class Meta(PersonSerializer.Meta):" in new


def test_a_fastapi_route_lists_what_of_the_model_goes_out():
    files = {
        "main.py": """
            from fastapi import FastAPI
            from pydantic import BaseModel
            app = FastAPI()
            class Profile(BaseModel):
                name: str
                card_number: str
                card_cvc: str
            class Item(BaseModel):
                title: str
                owner: Profile
            class Page(BaseModel):
                items: list[Item]
                total: int
            @app.get("/items", response_model=Page)
            def items(): ...
            """
    }
    proposed = fixed(files, ("GET /items", "$.items[*].owner.card_number"), ("GET /items", "$.items[*].owner.card_cvc"))
    assert {c.fix.safe for c in proposed.causes} == {True}
    line = '@app.get("/items", response_model=Page, response_model_include={"items": {"__all__": {"title": True, "owner": {"name"}}}, "total": True})'
    assert line in proposed.files["main.py"]


def test_every_changed_file_is_python_still():
    for files, rows in (
        (DESK, [("GET /tickets/", "$[*].owner.phone"), ("GET /people/", "$[*].phone")]),
        (NOTES, [("GET /notes", "$[*].author.email")]),
    ):
        for text in fixed(files, *rows).files.values():
            ast.parse(text)


def test_edits_keep_everything_else_and_overlaps_are_refused():
    assert changed("abc", [Edit("f", 1, 2, "X")]) == "aXc"
    assert applied({"f": "abc"}, [Edit("f", 3, 3, "!"), Edit("f", 3, 3, "!")]) == {"f": "abc!"}
    with pytest.raises(ValueError, match="overlap"):
        changed("abc", [Edit("f", 0, 2, ""), Edit("f", 1, 3, "")])


def test_positions_count_characters_where_the_tree_counts_bytes():
    files = flask('return jsonify({"name": "Zoë — Ångström", "email": found.email, "age": 3})')
    assert changes(only_fix(fixed(files, (HERE, "$.email"))))[1] == ['return jsonify({"name": "Zoë — Ångström", "age": 3})']
