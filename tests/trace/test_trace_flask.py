"""Flask: the ways in which its applications serialise."""

MODELS = """
    from app.extensions import db

    class Serial:
        def as_dict(self):
            return {c.name: getattr(self, c.name) for c in self.__table__.columns}

    class User(db.Model, Serial):
        __tablename__ = "users"
        id = db.Column(db.Integer, primary_key=True)
        name = db.Column(db.String)
        email = db.Column(db.String)
        password = db.Column(db.String)

        def __repr__(self):
            return f'{{"name": "{self.name}", "email": "{self.email}"}}'

        def public(self):
            return {"name": self.name}

        def loop(self):
            data = {}
            for column in self.__table__.columns:
                data[column.name] = getattr(self, column.name)
            del data["password"]
            return data

        def listed(self):
            return {field: getattr(self, field) for field in ("id", "email")}

    class Post(db.Model, Serial):
        id = db.Column(db.Integer, primary_key=True)
        body = db.Column(db.String)
        author_id = db.Column(db.ForeignKey("users.id"))
        author = db.relationship("User", backref="posts")
"""


def app(body, decorators="", extra="", models=MODELS):
    view = f"""
    from flask import Flask, jsonify, request, Response, json, Blueprint
    from app.models import User, Post
    {extra}
    bp = Blueprint("api", __name__, url_prefix="/api")

    @bp.get("/posts/<int:post_id>")
    {decorators}
    def one_post(post_id):
        {body}
    """
    factory = """
    from flask import Flask
    from app.views import bp
    def create_app():
        app = Flask(__name__)
        app.register_blueprint(bp)
        return app
    """
    return {
        "app/__init__.py": factory,
        "app/models.py": models,
        "app/views.py": view,
        "app/extensions.py": "from flask_sqlalchemy import SQLAlchemy\ndb = SQLAlchemy()\n",
    }


HERE = "GET /api/posts/{id}"


def test_a_mixin_that_dumps_all_columns_is_the_cause_wherever_it_is_called(cause):
    files = app('post = Post.query.get_or_404(post_id)\n        return jsonify(post={**post.as_dict(), "author": post.author.as_dict()})')
    assert cause(files, HERE, "$.post.author.email") == "Serial.as_dict"


def test_a_loop_over_columns_is_the_cause(cause):
    assert cause(app("return jsonify(User.query.get(post_id).loop())"), HERE, "$.email") == "User.loop"


def test_what_a_deny_list_removes_does_not_come_from_it(cause):
    assert "trail ends" in cause(app("return jsonify(User.query.get(post_id).loop())"), HERE, "$.password")


def test_a_loop_over_listed_names_gives_those_names_only(cause):
    files = app("return jsonify(User.query.get(post_id).listed())")
    assert cause(files, HERE, "$.email") == "User.listed"
    assert "trail ends" in cause(files, HERE, "$.password")


def test_an_object_written_by_name_is_the_cause_at_the_line_of_the_member(follow):
    files = app('user = User.query.first()\n        return jsonify({\n            "name": user.name,\n            "email": user.email,\n        })')
    chain = follow(files, HERE, "$.email").chains[0]
    assert (chain.cause.kind, chain.cause.place.line) == ("dict-key", 13)
    assert chain.steps[-1].place.symbol == "User.email"


def test_json_spelt_out_in_a_string_is_read(cause):
    files = app("""return Response('{"name": "%s", "email": "%s"}' % (1, 2), 200, mimetype="application/json")""")
    assert cause(files, HERE, "$.email") == "one_post"


def test_the_text_form_of_a_model_used_as_json_is_followed(cause):
    assert cause(app("return Response(str(User.query.first()), 200)"), HERE, "$.email") == "User.__repr__"


def test_attributes_dumped_in_the_view_are_the_cause_there(follow):
    chain = follow(app("return jsonify([vars(u) for u in User.query.all()])"), HERE, "$[*].email").chains[0]
    assert (chain.cause.kind, chain.cause.place.symbol) == ("generic-serialiser", "one_post")


def test_an_unbound_call_of_a_method_is_followed(cause):
    files = app('return jsonify({"users": [User.as_dict(user) for user in User.query.all()]})')
    assert cause(files, HERE, "$.users[*].email") == "Serial.as_dict"


def test_a_backref_leads_to_the_other_model(follow):
    files = app('return jsonify({"posts": [p.as_dict() for p in User.query.first().posts]})')
    assert follow(files, HERE, "$.posts[*].body").chains[0].steps[-1].place.symbol == "Post.body"


def test_rows_of_raw_sql_are_the_query(follow):
    files = app(
        'rows = db.session.execute("SELECT * FROM users")\n        return jsonify([dict(r) for r in rows])', extra="from app.extensions import db"
    )
    assert follow(files, HERE, "$[*].email").chains[0].cause.kind == "query"


def test_a_class_based_view_is_found_by_its_rule(cause):
    files = app("pass")
    files["app/views.py"] = """
    from flask import Blueprint
    from flask.views import MethodView
    from app.models import User
    bp = Blueprint("api", __name__, url_prefix="/api")

    class UserView(MethodView):
        def get(self, user_id):
            return User.query.get(user_id).as_dict()

    bp.add_url_rule("/users/<int:user_id>", view_func=UserView.as_view("user"))
    """
    assert cause(files, "GET /api/users/{id}", "$.email") == "Serial.as_dict"


def test_restful_resources_and_a_table_of_routes_are_found(cause):
    files = app("pass")
    files["app/views.py"] = """
    from flask import Blueprint
    from flask_restful import Resource, Api
    from app.models import User
    bp = Blueprint("api", __name__, url_prefix="/api")
    api = Api(bp)

    class UserResource(Resource):
        def get(self, user_id):
            return User.query.get(user_id).as_dict()

    class Everyone(Resource):
        def get(self):
            return [u.as_dict() for u in User.query.all()]

    api.add_resource(UserResource, "/users/<int:user_id>")
    routes = [("/data/persons", Everyone)]
    """
    assert cause(files, "GET /api/users/{id}", "$.email") == "Serial.as_dict"
    assert cause(files, "GET /api/data/persons", "$[*].email") == "Serial.as_dict"


def test_no_handler_is_named_where_no_route_fits(follow):
    traced = follow(app("return {}"), "GET /api/invoices/{id}", "$.email")
    assert traced.route is None
    assert "no route of the source fits" in traced.abstained


def test_a_dynamic_import_by_spelt_out_names_is_followed(cause):
    files = app(
        "return jsonify(view(User.query.first()))",
        extra='from importlib import import_module\n    view = import_module("app.shown" if True else "app.other").view',
    )
    files["app/shown.py"] = "def view(user):\n    return user.as_dict()\n"
    assert cause(files, HERE, "$.email") == "Serial.as_dict"


def test_a_module_that_is_not_python_is_named_and_the_rest_is_traced(follow):
    files = app("return jsonify(User.query.get(post_id).as_dict())") | {"app/broken.py": "def ("}
    assert follow(files, HERE, "$.email").chains


def test_connexion_finds_handlers_by_operation_id(cause):
    files = {
        "openapi.yml": "openapi: 3.0.0\nservers: [{url: /v1}]\npaths:\n  /people/{name}:\n    get:\n      operationId: views.people.by_name\n",
        "views/people.py": "from models import Person\ndef by_name(name):\n    return Person.find(name)\n",
        "models.py": """
            from orm import db
            class Person(db.Model):
                name = db.Column(db.String)
                email = db.Column(db.String)
                @staticmethod
                def find(name):
                    return '{"name": "%s", "email": "%s"}' % (1, 2)
            """,
    }
    assert cause(files, "GET /v1/people/{name}", "$.email") == "Person.find"
