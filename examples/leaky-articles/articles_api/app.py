"""The API."""

import gzip
import json
from datetime import datetime, timedelta
from hashlib import sha256
from importlib import import_module

from flask import Flask, Response, g, request
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import StaticPool

from articles_api.models import Article, Comment, User
from articles_api.seed import fill, hash_password


def create_app(*, fixed: bool, seed: int) -> Flask:
    app = Flask(__name__)
    engine = create_engine("sqlite://", connect_args={"check_same_thread": False}, poolclass=StaticPool)
    make_session = sessionmaker(engine)
    with make_session() as session:
        fill(session, seed)
    comment_view = import_module("articles_api.comment_view_fixed" if fixed else "articles_api.comment_view").comment_view
    tokens: dict[str, int] = {}
    app.extensions["articles"] = make_session

    @app.before_request
    def open_session():
        g.session = make_session()
        header = request.headers.get("Authorization", "")
        user_id = tokens.get(header.removeprefix("Bearer "))
        g.user = g.session.get(User, user_id) if user_id else None
        if header and g.user is None:
            return answer({"error": "the token is not valid"}, 401)
        return None

    @app.teardown_request
    def close_session(_error):
        g.session.close()

    @app.post("/api/users/login")
    def sign_in():
        data = request.get_json()
        user = g.session.scalar(select(User).where(User.email == data.get("email")))
        if user is None or user.password_hash != hash_password(str(data.get("password")), user.password_hash.split("$")[1]):
            return answer({"error": "e-mail or password is wrong"}, 401)
        token = sha256(f"{seed} {user.id} {len(tokens)}".encode()).hexdigest()
        tokens[token] = user.id
        return answer({"user": {**own_view(user), "token": token}})

    @app.get("/api/user")
    def own_profile():
        return answer({"user": own_view(g.user)}) if g.user else answer({"error": "sign in first"}, 401)

    @app.put("/api/user")
    def change_own_profile():
        if g.user is None:
            return answer({"error": "sign in first"}, 401)
        g.user.bio = str(request.get_json().get("bio", g.user.bio))
        g.session.commit()
        return answer({"user": own_view(g.user)})

    @app.get("/api/profiles/<username>")
    def profile(username):
        user = g.session.scalar(select(User).where(User.username == username))
        return answer({"profile": public_view(user)}) if user else answer({"error": "there is no such profile"}, 404)

    @app.get("/api/articles")
    def articles():
        found = g.session.scalars(select(Article).order_by(Article.created_at.desc()).limit(int(request.args.get("limit", 10)))).all()
        return answer({"articles": [article_view(a) for a in found], "count": len(found)})

    @app.get("/api/articles/search")
    def search():
        found = g.session.scalars(select(Article).where(Article.title.contains(request.args.get("q", ""))).order_by(Article.id)).all()
        return answer({"articles": [article_view(a) for a in found], "count": len(found)})

    @app.get("/api/articles/<slug>")
    def one_article(slug):
        found = by_slug(g.session, slug)
        return answer({"article": article_view(found)}) if found else answer({"error": "there is no such article"}, 404)

    @app.post("/api/articles/<slug>/favorite")
    def favorite(slug):
        found = by_slug(g.session, slug)
        if g.user is None or found is None:
            return answer({"error": "sign in first"}, 401)
        if g.user not in found.fans:
            found.fans.append(g.user)
            g.session.commit()
        return answer({"article": article_view(found)})

    @app.get("/api/articles/<slug>/comments")
    def comments(slug):
        found = g.session.scalars(select(Comment).join(Article).where(Article.slug == slug).order_by(Comment.id)).all()
        return answer({"comments": [comment_view(c) for c in found]})

    @app.get("/api/articles/<slug>/comments/<int:comment_id>")
    def one_comment(slug, comment_id):
        found = g.session.get(Comment, comment_id)
        return (
            answer({"comment": comment_view(found)}) if found and found.article.slug == slug else answer({"error": "there is no such comment"}, 404)
        )

    @app.post("/api/articles/<slug>/comments")
    def add_comment(slug):
        article = by_slug(g.session, slug)
        if g.user is None or article is None:
            return answer({"error": "sign in first"}, 401)
        last = g.session.scalar(select(Comment.created_at).order_by(Comment.created_at.desc()).limit(1)) or datetime(2026, 3, 2)
        comment = Comment(body=str(request.get_json()["body"]), created_at=last + timedelta(minutes=1), article=article, author=g.user)
        g.session.add(comment)
        g.session.commit()
        return answer({"comment": comment_view(comment)}, 201)

    @app.get("/api/admin/users")
    def admin_users():
        if g.user is None or not g.user.is_admin:
            return answer({"error": "for administrators only"}, 403 if g.user else 401)
        return answer({"users": [own_view(user) for user in g.session.scalars(select(User).order_by(User.id))]})

    return app


def answer(data: dict, status: int = 200) -> Response:
    body = json.dumps(data, separators=(",", ":")).encode()
    response = Response(body, status, mimetype="application/json")
    if len(body) > 1000 and "gzip" in request.headers.get("Accept-Encoding", ""):
        response.set_data(gzip.compress(body, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response


def by_slug(session: Session, slug: str) -> Article | None:
    return session.scalar(select(Article).where(Article.slug == slug))


def own_view(user: User) -> dict:
    return {
        "id": user.id,
        "username": user.username,
        "name": user.name,
        "email": user.email,
        "phone": user.phone,
        "birth_date": user.birth_date.isoformat(),
        "address": user.address,
        "bio": user.bio,
        "avatar": user.avatar,
    }


def public_view(user: User) -> dict:
    return {"username": user.username, "name": user.name, "bio": user.bio, "avatar": user.avatar}


def article_view(article: Article) -> dict:
    return {
        "slug": article.slug,
        "title": article.title,
        "body": article.body,
        "created_at": article.created_at.isoformat(),
        "n_favorites": len(article.fans),
        "author": public_view(article.author),
    }
