"""Express, Koa's router and the like, with Sequelize, Mongoose, Prisma and TypeORM."""

import re

from stanch.trace.pack.model import Pack, verb_pattern

FETCHES = re.compile(
    r"\binclude\s*:\s*[\[{]|\bpopulate\(\s*['\"`][\w.]+['\"`]\s*\)|(leftJoin|innerJoin)AndSelect\(|\brelations\s*:\s*[\[{]|\bSELECT\s+(\w+\.)?\*",
    re.IGNORECASE,
)
RETURNS = re.compile(
    r"\b(res|response|reply|ctx)\b[\w.()\s]*\.(json|send|jsonp)\(\s*[\w.\[\]{]+|ctx\.body\s*=\s*\w+|\.\.\.\w+(\.(toJSON|toObject|get)\(\))?"
)
PACK = Pack(
    name="Express",
    suffixes=(".js", ".ts", ".mjs", ".cjs"),
    marks=re.compile(r"\.(get|post|put|patch|delete|use|route)\("),
    calls=verb_pattern("$APP.VERB($PATH, $$$REST)"),
    mounts=("$APP.use($PATH, $$$REST)",),
    fetches=FETCHES,
    returns=RETURNS,
)
