"""What is stored."""

from datetime import date, datetime

from sqlalchemy import Column, ForeignKey, Table
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class SerializerMixin:
    """Gives every model a ``to_dict`` for free."""

    def to_dict(self) -> dict:
        return {column.name: plain(getattr(self, column.name)) for column in self.__table__.columns}


def plain(value):
    return value.isoformat() if isinstance(value, (date, datetime)) else value


favorites = Table(
    "favorite",
    Base.metadata,
    Column("user_id", ForeignKey("user.id"), primary_key=True),
    Column("article_id", ForeignKey("article.id"), primary_key=True),
)
follows = Table(
    "follow",
    Base.metadata,
    Column("follower_id", ForeignKey("user.id"), primary_key=True),
    Column("followed_id", ForeignKey("user.id"), primary_key=True),
)


class User(SerializerMixin, Base):
    __tablename__ = "user"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    email: Mapped[str] = mapped_column(unique=True)
    phone: Mapped[str]
    birth_date: Mapped[date]
    address: Mapped[str]
    bio: Mapped[str]
    avatar: Mapped[str]
    password_hash: Mapped[str]
    is_admin: Mapped[bool] = mapped_column(default=False)


class Article(SerializerMixin, Base):
    __tablename__ = "article"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    body: Mapped[str]
    created_at: Mapped[datetime]
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    author: Mapped[User] = relationship()
    fans: Mapped[list[User]] = relationship(secondary=favorites)


class Comment(SerializerMixin, Base):
    __tablename__ = "comment"

    id: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[str]
    created_at: Mapped[datetime]
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    article: Mapped[Article] = relationship()
    author: Mapped[User] = relationship()
