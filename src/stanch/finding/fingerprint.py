"""A finding's name that stays: the same flaw has the same fingerprint in every scan."""

import re
from hashlib import blake2b


def fingerprint(endpoint: str, path: str, datatype: str, where: str) -> str:
    """Hash what identifies a flaw; names of path parameters don't count.

    Shape: 16 hexadecimal digits.
    """
    shape = re.sub(r"\{[^}]*\}", "{}", endpoint)
    return blake2b(f"{shape}\0{path}\0{datatype}\0{where}".encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
