"""NestJS: decorated controllers, with TypeORM, Prisma, Mongoose, Sequelize."""

import re

from stanch.trace.pack.express import FETCHES
from stanch.trace.pack.model import Pack

PACK = Pack(
    name="NestJS",
    suffixes=(".ts",),
    marks=re.compile(r"@Controller\("),
    marker=re.compile(r"@(?P<verb>Get|Post|Put|Patch|Delete)\(\s*(?:['\"`](?P<path>[^'\"`]*)['\"`])?"),
    prefix=re.compile(r"@Controller\(\s*(?:\{[^}]*path\s*:\s*)?(?:['\"`](?P<path>[^'\"`]*)['\"`])?"),
    fetches=FETCHES,
    returns=re.compile(r"\breturn\s+(await\s+)?(this\.)?\w+(\.\w+)*\(?|\.\.\.\w+"),
)
