"""Go: net/http, chi, gin, echo, fiber."""

import re

from stanch.trace.pack.model import Pack

PACK = Pack(
    name="Go",
    suffixes=(".go",),
    marks=re.compile(r"\.(GET|POST|PUT|PATCH|DELETE|Get|Post|Put|Patch|Delete|HandleFunc|Handle)\("),
    lines=re.compile(
        r"\.(?:(?P<verb>GET|POST|PUT|PATCH|DELETE|Get|Post|Put|Patch|Delete)|HandleFunc|Handle)\(\s*\"(?:(?P<verb2>[A-Z]+) )?(?P<path>/[^\"]*)\"\s*,\s*(?:[\w.]+\([^()]*\)\s*,\s*)*(?P<handler>[\w.]+)?"
    ),
    fetches=re.compile(r"\.Preload\(|\bselect\s+\*", re.IGNORECASE),
    returns=re.compile(r"\.(JSON|IndentedJSON|SecureJSON)\(|json\.NewEncoder\([^)]*\)\.Encode\(|json\.Marshal\("),
)
