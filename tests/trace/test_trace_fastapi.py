"""FastAPI, Starlette and Litestar: response models, reused domain models, generics, entities returned as they are."""

import pytest

DOMAIN = """
    from typing import Generic, List, Optional, TypeVar
    from pydantic import BaseModel, Field
    T = TypeVar("T")

    class Camel(BaseModel):
        class Config:
            allow_population_by_field_name = True

    class Profile(Camel):
        username: str
        card_number: Optional[str] = None
        secret: str = Field("", exclude=True)

    class User(Profile):
        email: str = Field(..., alias="mail")

    class ProfileInResponse(Camel):
        profile: Profile

    class Page(BaseModel, Generic[T]):
        items: List[T]
        total: int
"""
ROUTES = """
    from fastapi import APIRouter, Depends
    from fastapi.responses import JSONResponse
    from app.models import Page, Profile, ProfileInResponse, User
    from app.deps import current_profile
    router = APIRouter(prefix="/profiles")

    @router.get("/{username}", response_model=ProfileInResponse, name="profiles:get")
    async def by_name(profile: Profile = Depends(current_profile)) -> ProfileInResponse:
        return ProfileInResponse(profile=profile)

    @router.get("")
    async def everyone(page: int = 1) -> Page[User]:
        return await load(page)

    @router.get("/{username}/raw")
    async def raw(profile=Depends(current_profile)):
        return profile

    @router.get("/{username}/slim", response_model=User, response_model_exclude={"card_number"})
    async def slim():
        ...

    @router.get("/{username}/dumped")
    async def dumped(user: User):
        return JSONResponse({"data": user.model_dump(exclude={"username"})})
"""
FILES = {
    "app/__init__.py": "",
    "app/models.py": DOMAIN,
    "app/deps.py": "from app.models import Profile\ndef current_profile() -> Profile: ...\n",
    "app/routes.py": ROUTES,
    "app/main.py": """
        from fastapi import FastAPI
        from app.routes import router as profiles
        def get_application() -> FastAPI:
            application = FastAPI()
            application.include_router(profiles, prefix="/api")
            return application
        """,
}


@pytest.mark.parametrize(
    ("endpoint", "path", "symbol"),
    [
        ("GET /api/profiles/{username}", "$.profile.cardNumber", "Profile.card_number"),
        ("GET /api/profiles", "$.items[*].mail", "User.email"),
        ("GET /api/profiles", "$.items[*].card_number", "Profile.card_number"),
        ("GET /api/profiles/{username}/raw", "$.card_number", "Profile.card_number"),
        ("GET /api/profiles/{username}/dumped", "$.data.mail", "User.email"),
    ],
)
def test_the_models_field_is_the_cause(cause, endpoint, path, symbol):
    assert cause(FILES, endpoint, path) == symbol


@pytest.mark.parametrize(
    ("endpoint", "path"),
    [
        ("GET /api/profiles/{username}", "$.profile.secret"),
        ("GET /api/profiles/{username}/slim", "$.card_number"),
        ("GET /api/profiles/{username}/dumped", "$.data.username"),
    ],
)
def test_what_a_model_withholds_is_traced_to_nothing(follow, endpoint, path):
    assert not follow(FILES, endpoint, path).chains


def test_a_mount_point_that_the_source_does_not_show_costs_a_little_only(follow):
    traced = follow(FILES, "GET /gateway/api/profiles/{username}", "$.profile.cardNumber")
    assert traced.route.handler.symbol == "by_name"
    assert traced.chains[0].confidence < follow(FILES, "GET /api/profiles/{username}", "$.profile.cardNumber").chains[0].confidence


def test_an_sqlmodel_table_returned_without_a_response_model_is_the_cause(follow):
    files = {
        "main.py": """
            from fastapi import FastAPI
            from sqlmodel import SQLModel, Field, Session, select
            app = FastAPI()
            class Hero(SQLModel, table=True):
                id: int = Field(primary_key=True)
                phone: str
            @app.get("/heroes")
            def heroes(session: Session):
                return session.exec(select(Hero)).all()
            """
    }
    assert follow(files, "GET /heroes", "$[*].phone").chains[0].cause.place.symbol == "Hero.phone"


def test_an_sqlalchemy_entity_returned_as_it_is_is_the_cause(follow):
    files = {
        "main.py": """
            from fastapi import FastAPI
            from db import Base
            from sqlalchemy import Column, String, select
            app = FastAPI()
            class Customer(Base):
                __tablename__ = "customer"
                id = Column(String)
                phone = Column(String)
            @app.get("/customers/{id}")
            def customer(id: int, session):
                return session.get(Customer, id)
            """
    }
    chain = follow(files, "GET /customers/{id}", "$.phone").chains[0]
    assert (chain.cause.kind, chain.cause.place.symbol, chain.steps[-1].place.symbol) == ("raw-entity", "Customer", "Customer.phone")


def test_a_dataclass_dumped_by_asdict_is_the_cause_where_it_is_dumped(follow):
    files = {
        "main.py": """
            from dataclasses import asdict, dataclass
            from starlette.applications import Starlette
            from starlette.responses import JSONResponse
            from starlette.routing import Mount, Route
            @dataclass
            class Member:
                name: str
                phone: str
            def load() -> Member: ...
            async def member(request):
                return JSONResponse(asdict(load()))
            app = Starlette(routes=[Mount("/api", routes=[Route("/members/{id:int}", member)])])
            """
    }
    chain = follow(files, "GET /api/members/{id}", "$.phone").chains[0]
    assert (chain.cause.kind, chain.cause.place.symbol) == ("generic-serialiser", "member")


def test_a_litestar_controllers_return_type_is_read(cause):
    files = {
        "app.py": """
            from litestar import Litestar, Controller, get
            import msgspec
            class Person(msgspec.Struct):
                name: str
                phone: str
            class People(Controller):
                path = "/people"
                @get("/{person_id:int}")
                async def one(self, person_id: int) -> Person: ...
            @get("/whoami")
            async def whoami() -> Person: ...
            app = Litestar(route_handlers=[People, whoami])
            """
    }
    assert cause(files, "GET /people/{id}", "$.phone") == "Person.phone"
    assert cause(files, "GET /whoami", "$.phone") == "Person.phone"


def test_of_two_routes_that_fit_the_one_that_shows_the_field_is_taken(follow):
    files = {
        "a/main.py": 'from fastapi import FastAPI\napp = FastAPI()\n@app.get("/users/{id}")\ndef a(id):\n    return {"name": 1}\n',
        "b/main.py": 'from fastapi import FastAPI\napp = FastAPI()\n@app.get("/users/{id}")\ndef b(id):\n    return {"email": 1}\n',
    }
    assert follow(files, "GET /users/{id}", "$.email").route.handler.symbol == "b"
