"""Laravel: route files, resource controllers, API resources, models returned as they are."""

import re

from stanch.trace.pack.model import Pack

PACK = Pack(
    name="Laravel",
    suffixes=(".php",),
    marks=re.compile(r"Route::"),
    resources=re.compile(r"Route::(?:api)?[rR]esource\(\s*['\"](?P<name>[\w/-]+)['\"]\s*,\s*(?P<handler>[\w\\]+)::class"),
    lines=re.compile(
        r"Route::(?P<verb>get|post|put|patch|delete)\(\s*['\"](?P<path>[^'\"]+)['\"]\s*,\s*(?:\[\s*)?(?P<handler>[\w\\]+::class\s*,\s*['\"]\w+|['\"][\w\\]+@\w+)"
    ),
    fetches=re.compile(r"(::|->)with\(|->load\(|\bselect\s+\*", re.IGNORECASE),
    returns=re.compile(
        r"\breturn\s+(\$\w+|\w+::(all|find|findOrFail|get|paginate|first)\b|response\(\)->json\(\s*\$\w+)|->(toArray|toJson|attributesToArray)\(\)|parent::toArray"
    ),
)
