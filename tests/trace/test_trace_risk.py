"""Risky serialisers without a report, and what is no risk."""

import pytest
from trace_sources import finding, project_of

from stanch.trace.run import Tracer, sweep, trace

MODEL = """
    from db import Base
    from sqlalchemy import Column, String
    class User(Base):
        __tablename__ = "user"
        id = Column(String)
        name = Column(String)
        email = Column(String)
        password_hash = Column(String)
        def to_dict(self):
            return {c.name: getattr(self, c.name) for c in self.__table__.columns}
        def safe(self):
            data = self.to_dict()
            for secret in ("password_hash", "email"):
                data.pop(secret)
            return data
        def public(self):
            return {"id": self.id, "name": self.name}
    class Tag(Base):
        __tablename__ = "tag"
        label = Column(String)
        to_dict = User.to_dict
"""


def app(body, extra=""):
    return {
        "app.py": f"""
            from flask import Flask, jsonify
            from models import Tag, User
            import permissions
            {extra}
            app = Flask(__name__)
            @app.get("/users")
            def users():
                {body}
            """,
        "models.py": MODEL,
        "permissions.py": "def is_manager():\n    return False\nLEVEL = 3\n",
    }


def rules(files):
    return [(r.rule, r.severity) for r in sweep(project_of(files)).risks]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return jsonify([u.to_dict() for u in User.query.all()])", [("dump-with-secrets", "high")]),
        ("return jsonify([u.safe() for u in User.query.all()])", [("deny-list", "low")]),
        ("return jsonify([u.public() for u in User.query.all()])", []),
        ("return jsonify([vars(u) for u in User.query.all()])", [("dump-with-secrets", "high")]),
        ("return jsonify([vars(t) for t in Tag.query.all()])", []),
        ('return jsonify({"password_hash": User.query.first().password_hash})', []),
        ('return jsonify(load("everything"))', []),
    ],
)
def test_a_dump_of_secrets_is_high_a_deny_list_is_latent_and_a_list_is_none(body, expected):
    assert rules(app(body)) == expected


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ("permissions.is_manager", [("guard-not-called", "high")]),
        ("not permissions.is_manager or x", [("guard-not-called", "high")]),
        ("permissions.is_manager()", []),
        ("permissions.LEVEL", []),
        ("permissions.unknown", []),
    ],
)
def test_a_guard_that_is_not_called_is_found(test, expected):
    assert rules(app(f"if {test}:\n                    return {{}}\n                return {{}}")) == expected


def test_a_local_name_that_hides_a_function_is_no_guard():
    files = app("return {}")
    files["views.py"] = "from permissions import is_manager\ndef view(is_manager):\n    if is_manager:\n        return 1\n"
    assert rules(files) == []


def test_a_secret_listed_in_a_schema_is_a_risk_and_a_token_is_none():
    files = {
        "main.py": """
            from fastapi import FastAPI
            from pydantic import BaseModel
            app = FastAPI()
            class Session(BaseModel):
                access_token: str
                password: str
            @app.post("/login", response_model=Session)
            def login(): ...
            """
    }
    (risk,) = sweep(project_of(files)).risks
    assert (risk.rule, risk.place.symbol) == ("secret-in-schema", "Session.password")
    assert [r.template for r in risk.routes] == ["/login"]


def test_siblings_are_the_other_routes_that_reach_the_same_place():
    files = app("return jsonify([u.to_dict() for u in User.query.all()])")
    files["more.py"] = """
        from flask import Blueprint, jsonify
        from models import Tag, User
        bp = Blueprint("more", __name__)
        @bp.get("/team")
        def team():
            return jsonify({"lead": User.query.first().to_dict()})
        @bp.get("/names")
        def names():
            return jsonify([u.public() for u in User.query.all()])
        """
    tracer = Tracer.of(project_of(files))
    traced = tracer.trace(finding("GET /users", "$[*].email"))
    (cause,) = trace_causes([traced])
    assert [r.template for r in tracer.siblings(cause, [traced])] == ["/team"]


def trace_causes(found):
    from stanch.trace.run import causes

    return causes(found)


def test_the_sweep_names_what_it_could_not_read():
    found = sweep(project_of(app("return {}") | {"broken.py": "def ("}))
    assert found.unread == (("broken.py", "line 1: not valid Python"),)


def test_a_trace_without_findings_is_empty():
    from stanch.finding.report import CaptureRow, Report

    found = trace(project_of(app("return {}")), Report(capture=CaptureRow(n_exchanges=1, n_bytes=1)))
    assert (found.causes, found.findings, found.n_routes) == ((), (), 1)
