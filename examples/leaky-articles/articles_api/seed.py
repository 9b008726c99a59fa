"""People, articles and comments, the same for the same seed. All of them are made up."""

import random
from datetime import date, datetime, timedelta
from hashlib import scrypt

from articles_api.models import Article, Base, Comment, User

FIRST = ["Ann", "Bob", "Carol", "Dan", "Erin", "Frank", "Grace", "Heidi", "Ivan", "Judy"]
LAST = ["Ashby", "Bellamy", "Castell", "Dunmore", "Ellery", "Fairfax", "Garner", "Holloway", "Ingram", "Jarvis"]
STREETS = ["Alder Lane", "Birch Street", "Cedar Road", "Damson Close", "Elm Avenue"]
TOPICS = ["slow bread", "quiet trains", "garden ponds", "night skies", "old maps", "river walks", "paper boats", "winter soups"]
WORDS = [
    "the",
    "morning",
    "light",
    "came",
    "over",
    "a",
    "quiet",
    "hill",
    "and",
    "we",
    "walked",
    "on",
    "with",
    "bread",
    "in",
    "our",
    "bags",
    "talking",
    "of",
    "small",
    "things",
]


def password_of(user: User) -> str:
    return f"correct-{user.username}-battery"


def hash_password(password: str, salt: str) -> str:
    return f"scrypt:1024:8:1${salt}${scrypt(password.encode(), salt=salt.encode(), n=1024, r=8, p=1, dklen=32).hex()}"


def fill(session, seed: int) -> None:
    rng = random.Random(seed)
    Base.metadata.create_all(session.get_bind())
    users = [person(number, rng) for number in range(len(FIRST))]
    session.add_all(users)
    start = datetime(2026, 3, 2, 9)
    articles = [article(number, rng.choice(users[:8]), start + timedelta(hours=7 * number), rng) for number in range(16)]
    session.add_all(articles)
    for number in range(60):
        session.add(
            Comment(
                body=text(rng, 9),
                created_at=start + timedelta(hours=number, minutes=3),
                article=rng.choice(articles),
                author=rng.choice(users[:9]),
            )
        )
    session.commit()


def person(number: int, rng: random.Random) -> User:
    first, last = FIRST[number], LAST[(number * 3 + rng.randrange(10)) % 10]
    username = f"{first.lower()}{rng.randrange(10, 99)}"
    salt = f"{rng.getrandbits(64):016x}"
    user = User(
        username=username, name=f"{first} {last}", email=f"{first.lower()}.{last.lower()}@example.org", phone=f"+1202555{100 + number * 7 + rng.randrange(7):04d}",
        birth_date=date(1960 + rng.randrange(45), 1 + rng.randrange(12), 1 + rng.randrange(28)), address=f"{rng.randrange(1, 200)} {rng.choice(STREETS)}, Springfield",
        bio=text(rng, 7), avatar=f"https://img.example.org/{username}.jpg", password_hash="", is_admin=number == len(FIRST) - 1,
    )  # fmt: skip
    user.password_hash = hash_password(password_of(user), salt)
    return user


def article(number: int, author: User, at: datetime, rng: random.Random) -> Article:
    title = f"On {TOPICS[number % len(TOPICS)]}, part {number // len(TOPICS) + 1}"
    slug = title.lower().replace(",", "").replace(" ", "-")
    return Article(slug=slug, title=title, body=text(rng, 40), created_at=at, author=author)


def text(rng: random.Random, n: int) -> str:
    return " ".join(rng.choice(WORDS) for _ in range(n)).capitalize() + "."
