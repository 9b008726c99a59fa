"""Rails: the routes file, controllers, ``render json:``, jbuilder and ActiveModel serializers."""

import re

from stanch.trace.pack.model import Pack

PACK = Pack(
    name="Rails",
    suffixes=(".rb", ".jbuilder"),
    marks=re.compile(r"routes\.draw|\bresources?\s+:"),
    resources=re.compile(r"^\s*resources?\s+:(?P<name>\w+)", re.MULTILINE),
    lines=re.compile(
        r"^\s*(?P<verb>get|post|put|patch|delete)\s+['\"](?P<path>[^'\"]+)['\"]\s*(?:,\s*to:|=>)\s*['\"](?P<handler>[\w/]+#\w+)['\"]", re.MULTILINE
    ),
    fetches=re.compile(r"\binclude(s)?:\s*(:|\[|\{)|\bSELECT\s+\*", re.IGNORECASE),
    returns=re.compile(r"render\s*\(?\s*(json:|:json\s*=>)\s*@?\w+|\b(to_json|as_json|attributes|serializable_hash)\b"),
)
