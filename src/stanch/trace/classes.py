"""What kind of thing a class is, and what its body declares, inherited declarations included."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, cast

from stanch.trace.model import Place
from stanch.trace.project import Name, Outside, Project
from stanch.trace.syntax import dotted, last

Kind = Literal["marshmallow", "drf", "pydantic", "dataclass", "model", "plain"]
MARSHMALLOW = {"SQLAlchemyAutoSchema", "SQLAlchemySchema", "SQLAlchemyBaseSchema", "ModelSchema", "TableSchema", "HyperlinkModelSchema"}
PYDANTIC = {
    "BaseModel",
    "SQLModel",
    "Struct",
    "TypedDict",
    "NamedTuple",
    "GenericModel",
    "RootModel",
    "CamelModel",
    "ORMModel",
    "Document",
    "BaseSettings",
}
DRF = {
    "Serializer",
    "ModelSerializer",
    "HyperlinkedModelSerializer",
    "BaseSerializer",
    "ListSerializer",
    "FlexFieldsModelSerializer",
    "DynamicFieldsMixin",
}
DATACLASS = {"dataclass", "define", "frozen", "mutable", "s", "attrs", "attributes", "serde"}
ABSTRACT = {
    "AbstractUser": ("id", "password", "last_login", "is_superuser", "username", "first_name", "last_name", "email", "is_staff", "is_active", "date_joined"),
    "User": ("id", "password", "last_login", "is_superuser", "username", "first_name", "last_name", "email", "is_staff", "is_active", "date_joined"),
    "AbstractBaseUser": ("password", "last_login"), "PermissionsMixin": ("is_superuser",),
    "SQLAlchemyBaseUserTable": ("id", "email", "hashed_password", "is_active", "is_superuser", "is_verified"),
    "SQLAlchemyBaseUserTableUUID": ("id", "email", "hashed_password", "is_active", "is_superuser", "is_verified"),
}  # fmt: skip
"""Columns of well-known model bases that the project itself does not spell out."""
MODEL_BASES = {
    "Model",
    "DeclarativeBase",
    "MappedAsDataclass",
    "EmbeddedDocument",
    "DynamicDocument",
    "Base",
    "TimeStampedModel",
    "MPTTModel",
    "AsyncAttrs",
    *ABSTRACT,
}
COLUMN_CALLS = {"Column", "mapped_column", "relationship", "relation", "dynamic_loader", "ForeignKey", "OneToOneField", "ManyToManyField"}


@dataclass(frozen=True, slots=True)
class Declared:
    """An attribute that a class body declares."""

    name: str
    owner: Name
    annotation: ast.expr | None
    value: ast.expr | None
    line: int

    def place(self, project: Project) -> Place:
        return Place(file=project.file(self.owner.module), line=self.line, symbol=f"{self.owner.qualname}.{self.name}")

    @property
    def call(self) -> str:
        """Last name of the call that makes the value."""
        return last(dotted(self.value)) if isinstance(self.value, ast.Call) else ""


def outside_bases(project: Project, cls: Name) -> tuple[str, ...]:
    return tuple(one.dotted for one in project.ancestry(cls) if isinstance(one, Outside))


def kind_of(project: Project, cls: Name) -> Kind:
    """Tell what kind of class it is by its outside bases, then by what its body declares."""
    if cls not in project.kinds:
        project.kinds[cls] = told_kind(project, cls)
    return cast("Kind", project.kinds[cls])


def told_kind(project: Project, cls: Name) -> Kind:
    outside = outside_bases(project, cls)
    names = {last(base) for base in outside}
    if any(from_ninja(b, project, cls) for b in outside):
        return "pydantic"
    if names & MARSHMALLOW or "Schema" in names:
        return "marshmallow"
    if names & DRF or any(n.endswith("Serializer") for n in names):
        return "drf"
    if names & PYDANTIC:
        return "pydantic"
    if declares_columns(project, cls) or names & MODEL_BASES:
        return "model"
    return "dataclass" if is_dataclass(project, cls) else "plain"


def from_ninja(base: str, project: Project, cls: Name) -> bool:
    if last(base) not in {"Schema", "ModelSchema"}:
        return False
    modules = [one.module for one in project.ancestry(cls) if isinstance(one, Name)]
    return any(origin.startswith("ninja") for m in modules for origin in project.summaries[m].imports.values())


def is_dataclass(project: Project, cls: Name) -> bool:
    for one in project.ancestry(cls):
        node = project.node(one) if isinstance(one, Name) else None
        if isinstance(node, ast.ClassDef) and any(last(dotted(d)) in DATACLASS for d in node.decorator_list):
            return True
    return False


def declares_columns(project: Project, cls: Name) -> bool:
    for one in declared(project, cls):
        if one.name in {"__tablename__", "__table__", "__abstract__", "__mapper_args__"} or one.call in COLUMN_CALLS:
            return True
    return False


def declared(project: Project, cls: Name) -> tuple[Declared, ...]:
    """Give declarations, the class's own first; one that is overridden nearer is left out."""
    if cls not in project.declarations:
        project.declarations[cls] = tuple(inherited(project, cls))
    return cast("tuple[Declared, ...]", project.declarations[cls])


def inherited(project: Project, cls: Name) -> Iterator[Declared]:
    seen: set[str] = set()
    for one in project.ancestry(cls):
        if not isinstance(one, Name):
            continue
        here = [d for d in own(project, one) if d.name not in seen]
        yield from here
        seen |= {d.name for d in here}


def own(project: Project, cls: Name) -> Iterator[Declared]:
    node = project.node(cls)
    if not isinstance(node, ast.ClassDef):
        return
    for statement in node.body:
        match statement:
            case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation, value=value):
                yield Declared(name, cls, annotation, value, statement.lineno)
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    if isinstance(target, ast.Name):
                        yield Declared(target.id, cls, None, value, statement.lineno)


def find(project: Project, cls: Name, name: str) -> Declared | None:
    return next((d for d in declared(project, cls) if d.name == name), None)


def method(project: Project, cls: Name, name: str, *, after: Name | None = None) -> Name | None:
    """Find the function that a method call reaches; ``after`` skips the ancestry up to and including a class, as ``super()`` does."""
    ancestry = project.ancestry(cls)
    start = ancestry.index(after) + 1 if after in ancestry else 0
    for one in ancestry[start:]:
        if isinstance(one, Name) and f"{one.qualname}.{name}" in project.summaries[one.module].functions:
            return Name(one.module, f"{one.qualname}.{name}")
    return None


def meta(project: Project, cls: Name) -> Iterator[Name]:
    """Give the inner ``Meta`` classes (``Config``, ``model_config`` apart), near ones first."""
    for one in project.ancestry(cls):
        if isinstance(one, Name) and f"{one.qualname}.Meta" in project.summaries[one.module].classes:
            yield Name(one.module, f"{one.qualname}.Meta")


def meta_value(project: Project, cls: Name, name: str) -> Declared | None:
    for inner in meta(project, cls):
        found = find(project, inner, name)
        if found is not None:
            return found
    return None
