"""A person's pseudonym in the ledger."""

from stanch.identity.people import Node
from stanch.identity.pseudonym import Digest


def person_key(node: Node, digest: Digest) -> int:
    """Mix an identifier's kind into its pseudonym: a username and an id may read alike and be two people's."""
    kind, pseudonym = node
    return digest("person", f"{kind} {pseudonym:x}")
