"""Fastify: routes as objects; its shorthand is read with Express's."""

import re

from stanch.trace.pack.express import FETCHES, RETURNS
from stanch.trace.pack.model import Pack

PACK = Pack(
    name="Fastify",
    suffixes=(".js", ".ts", ".mjs", ".cjs"),
    marks=re.compile(r"\.route\(\s*\{"),
    lines=re.compile(
        r"\.route\(\s*\{[^}]*?method\s*:\s*\[?['\"](?P<verb>\w+)['\"][^}]*?url\s*:\s*['\"](?P<path>[^'\"]+)['\"](?:(?!\.route\().)*?handler\s*[:(]\s*(?:async\s+)?(?P<handler>[\w.]+)?",
        re.DOTALL,
    ),
    fetches=FETCHES,
    returns=re.compile(RETURNS.pattern + r"|\breturn\s+(await\s+)?\w+(\.\w+)*\(?"),
)
