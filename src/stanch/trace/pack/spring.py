"""Spring MVC with Jackson, in Java and Kotlin."""

import re

from stanch.trace.pack.model import Pack

PACK = Pack(
    name="Spring",
    suffixes=(".java", ".kt"),
    marks=re.compile(r"@(Rest)?Controller|@\w+Mapping"),
    marker=re.compile(r"@(?P<verb>Get|Post|Put|Patch|Delete)Mapping\b(?:\(\s*(?:\w+\s*=\s*)?\{?\s*(?:\"(?P<path>[^\"]*)\")?)?"),
    prefix=re.compile(r"@RequestMapping\(\s*(?:\w+\s*=\s*)?\{?\s*\"(?P<path>[^\"]*)\""),
    fetches=re.compile(r"JOIN\s+FETCH|@EntityGraph|\bfindAll\(\)", re.IGNORECASE),
    returns=re.compile(r"\breturn\s+(ResponseEntity\.\w+\()?\w+(\.\w+)*\(?"),
)
