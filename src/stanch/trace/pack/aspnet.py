"""ASP.NET Core: attribute routing and minimal APIs, with Entity Framework."""

import re

from stanch.trace.pack.model import Pack

PACK = Pack(
    name="ASP.NET",
    suffixes=(".cs",),
    marks=re.compile(r"\[(Http\w+|Route|ApiController)|\.Map(Get|Post|Put|Patch|Delete)\("),
    marker=re.compile(r"\[Http(?P<verb>Get|Post|Put|Patch|Delete)(?:\(\s*\"(?P<path>[^\"]*)\")?"),
    prefix=re.compile(r"\[Route\(\s*\"(?P<path>[^\"]*)\""),
    lines=re.compile(r"\.Map(?P<verb>Get|Post|Put|Patch|Delete)\(\s*\"(?P<path>[^\"]+)\"\s*,\s*(?P<handler>[\w.]+)?"),
    fetches=re.compile(r"\.(Then)?Include\(|FromSqlRaw"),
    returns=re.compile(r"\breturn\s+(await\s+)?(Ok|Json|Results\.Ok|TypedResults\.Ok)\(\s*\w+|\breturn\s+(await\s+)?\w+(\.\w+)*\(?"),
)
