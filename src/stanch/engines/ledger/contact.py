"""The last step before the letters: from pseudonyms to people, through the customer's own user store.

The ledger can't turn a pseudonym into a person. The store's rows are turned into pseudonyms with the organisation's key, and those that are affected
are handed, wrapped, to the function that writes the letter; nothing of them is kept here.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from stanch.engines.ledger.ask import Ledger
from stanch.engines.ledger.database import fill
from stanch.engines.ledger.inquiry import KINDS
from stanch.engines.ledger.userstore import UserStore
from stanch.errors import InputError
from stanch.identity.pseudonym import VALUE, KeyedDigest
from stanch.ledger.addressee import Addressee, Resolved, Row
from stanch.ledger.answer import Question
from stanch.ledger.disclosure import shown
from stanch.ledger.group import members
from stanch.ledger.person import person_key
from stanch.ledger.statement import names_of, people_one_by_one
from stanch.personal import Personal

ROWS_AT_ONCE = 4096


def for_each_contact(
    ledger: Ledger, question: Question, users: UserStore, columns: Mapping[str, str], write: Callable[[Addressee], object]
) -> Resolved:
    """Call ``write`` once for each affected person whom the user store knows; ``columns`` maps kinds of identifiers to the store's columns.

    Raises: InputError where no kind of identifier is given.
    """
    check(columns)
    affected = people_affected(ledger, question)
    known = pseudonyms(ledger)
    reached: set[int] = set()
    n_twice = 0
    for row, names in with_pseudonyms(ledger, users.rows(), columns):
        person = next((known[name] for name in names if name in known), None)
        if person is None:
            continue
        if person in reached:
            n_twice += 1
            continue
        reached.add(person)
        write(addressed(person, row, affected[person]))
    return Resolved(n_affected=len(affected), n_reached=len(reached), n_twice=n_twice)


def check(columns: Mapping[str, str]) -> None:
    if not columns or any(kind not in KINDS for kind in columns):
        raise InputError("nothing says which columns identify a user", where="--id", hint=f"give --id email=COLUMN; kinds are {', '.join(KINDS)}")


Affected = tuple[tuple[str, ...], bool, str, str]
"""Datatypes, whether all of them are certain, country, state."""


def people_affected(ledger: Ledger, question: Question) -> dict[int, Affected]:
    """List the people affected, each with what the letter must say; they stay in the database as a table."""
    found = ledger.prepare("datatype", question)
    n = found.n_blocks
    rows = ledger.run(people_one_by_one(n), question)
    fill(ledger.connection, "affected", {"person": "BIGINT"}, [(row[0],) for row in rows])
    homes = ledger.connection.execute("SELECT subject, country, state FROM residence WHERE subject IN (SELECT person FROM affected)").fetchall()
    where = {subject: (country, state) for subject, country, state in homes}
    return {row[0]: described(found.names, found.joined(row[1 : 1 + n]), found.joined(row[1 + n :]), where.get(row[0], ("", ""))) for row in rows}


def described(names: Sequence[str], sure: int, possible: int, where: tuple[str, str]) -> Affected:
    return tuple(names[group] for group in members(possible)), sure == possible, *where


def pseudonyms(ledger: Ledger) -> dict[int, int]:
    """Give every pseudonym of the people affected, with whose it is."""
    rows: list[tuple[Any, ...]] = ledger.connection.execute(names_of("affected")).fetchall()
    return dict(rows)


def with_pseudonyms(ledger: Ledger, rows: Iterable[Row], columns: Mapping[str, str]) -> Iterator[tuple[Row, list[int]]]:
    """Give each user with the pseudonyms that their identifiers have in this ledger, in the order of ``columns``."""
    digest, seal = KeyedDigest(ledger.store.keyring.pseudonym), ledger.store.seal()
    every = iter(rows)
    while portion := list(islice(every, ROWS_AT_ONCE)):
        keys = [[person_key((kind, digest(VALUE, row[name])), digest) for kind, name in columns.items() if there(row, name)] for row in portion]
        sealed = seal.seal([key for part in keys for key in part])
        start = 0
        for row, part in zip(portion, keys, strict=True):
            yield row, sealed[start : start + len(part)]
            start += len(part)


def there(row: Row, name: str) -> bool:
    return bool(row.get(name, "").strip())


def addressed(person: int, row: Row, what: Affected) -> Addressee:
    datatypes, certain, country, state = what
    return Addressee(subject=shown(person), contact=Personal(row), datatypes=datatypes, certain=certain, country=country, state=state)
