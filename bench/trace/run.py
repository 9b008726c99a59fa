"""How fast and how right tracing is: right answers are checked on built-in applications before anything is timed.

python bench/trace/run.py [SOURCE_DIR ...]      prints Markdown, writes .demo/bench-trace.json
A source folder given is timed too. With a semgrep on the path, the same flaws are looked for with a local rule file, for comparison.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from stanch.engines.source_tree import project_of, read_tree
from stanch.finding.report import Finding
from stanch.trace.run import Tracer, sweep

RULES = """
rules:
  - {id: vars, languages: [python], severity: WARNING, message: dump, pattern: "vars($X)"}
  - {id: dict, languages: [python], severity: WARNING, message: dump, pattern: "$X.__dict__"}
  - {id: columns, languages: [python], severity: WARNING, message: dump, pattern: "{$K: $V for $C in $X.__table__.columns}"}
  - {id: todict, languages: [python], severity: WARNING, message: dump, pattern: "$X.to_dict()"}
  - {id: all, languages: [python], severity: WARNING, message: dump, pattern: 'fields = "__all__"'}
"""
LINES = 44_000


def application(number):
    """One module pair of a made-up application: a model with a dump, four routes, one of which leaks; the rest is harmless."""
    model = f"""
from db import Base
from sqlalchemy import Column, String

class Person{number}(Base):
    __tablename__ = "person{number}"
    id = Column(String)
    name = Column(String)
    email = Column(String)
    password_hash = Column(String)

    def to_dict(self):
        return {{c.name: getattr(self, c.name) for c in self.__table__.columns}}

    def public(self):
        return {{"id": self.id, "name": self.name}}
"""
    view = f"""
from flask import Blueprint, jsonify
from app.models_{number} import Person{number}

bp = Blueprint("people{number}", __name__, url_prefix="/api/v{number}")

@bp.get("/people/<int:person_id>")
def one(person_id):
    return jsonify(Person{number}.query.get(person_id).public())

@bp.get("/people/<int:person_id>/all")
def everything(person_id):
    person = Person{number}.query.get(person_id)
    return jsonify({{"person": person.to_dict()}})

@bp.get("/settings")
def settings():
    config = Config.load()
    return jsonify(config.to_dict())
"""
    filler = "".join(
        f"\ndef helper_{i}(value, other=None):\n    total = 0\n    for item in value:\n        total += len(str(item))\n    return total if other is None else other\n"
        for i in range(24)
    )
    return {f"app/models_{number}.py": model, f"app/views_{number}.py": view + filler}


def build(folder):
    files, number = {"app/__init__.py": "", "db.py": "class Base: ...\n"}, 0
    while sum(t.count("\n") for t in files.values()) < LINES:
        files |= application(number)
        number += 1
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return number


def finding(number):
    return Finding(
        fingerprint=str(number), endpoint=f"GET /api/v{number}/people/{{id}}/all", path="$.person.email", where="response.body", status=200, datatype="contact.email",
        verdict="excessive", confidence=0.9, severity="high", title="", reasons=(),
    )  # fmt: skip


def clocked(work):
    start = time.process_time()
    value = work()
    return value, time.process_time() - start


def timed(folder, cache, n_findings):
    shutil.rmtree(cache, ignore_errors=True)
    row = {}
    for name in ("cold", "warm"):
        project, index_s = clocked(lambda: project_of(read_tree(str(folder)), cache))
        tracer, link_s = clocked(lambda p=project: Tracer.of(p))
        traced, trace_s = clocked(lambda t=tracer: [t.trace(finding(n)) for n in range(0, n_findings, max(1, n_findings // 20))])
        row |= {f"{name}_s": round(index_s + link_s + trace_s, 2), f"{name}_index_s": round(index_s, 2)}
    found, sweep_s = clocked(lambda: sweep(project))
    right = sum(bool(t.chains) and t.chains[0].cause.place.symbol.endswith(".to_dict") for t in traced)
    return row | {
        "lines": found.n_lines,
        "routes": found.n_routes,
        "sweep_s": round(sweep_s, 2),
        "risks": len(found.risks),
        "right": right,
        "traced": len(traced),
    }


def semgrep(folder):
    program = shutil.which("semgrep")
    if program is None:
        return None
    with tempfile.TemporaryDirectory() as temporary:
        rules = Path(temporary, "rules.yaml")
        rules.write_text(RULES)
        start = time.monotonic()
        done = subprocess.run(
            [program, "scan", "--config", str(rules), "--metrics=off", "--disable-version-check", "--json", "--quiet", str(folder)],
            capture_output=True,
            text=True,
            check=False,
        )
        return {"wall_s": round(time.monotonic() - start, 2), "alerts": len(json.loads(done.stdout)["results"])} if done.stdout else None


def main():
    rows = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary, "made")
        n = build(folder)
        cache = Path(temporary, "cache")
        row = timed(folder, cache, n)
        if row["right"] != row["traced"] or row["risks"] != n:
            sys.exit(f"bench: wrong answers, nothing is timed: {row}, expected {n} risks")
        start = time.monotonic()
        project_of(read_tree(str(folder)), None)
        sweep(project_of(read_tree(str(folder)), None))
        row["sweep_wall_s"] = round((time.monotonic() - start) / 2, 2)
        rows.append({"source": f"made, {n} leaks", **row, "semgrep": semgrep(folder)})
        rows += [{"source": Path(given).name, **timed(Path(given), cache, 0), "semgrep": None} for given in sys.argv[1:]]
    print(
        "| source | lines | routes | cold, CPU s | warm, CPU s | sweep, CPU s | read and sweep, wall s | causes right | risks | semgrep, wall s | semgrep alerts |\n|---|---|---|---|---|---|---|---|---|---|---|"
    )
    for r in rows:
        other = r["semgrep"] or {"wall_s": "", "alerts": ""}
        print(
            f"| {r['source']} | {r['lines']} | {r['routes']} | {r['cold_s']} | {r['warm_s']} | {r['sweep_s']} | {r.get('sweep_wall_s', '')} | {r['right']}/{r['traced']} | {r['risks']} | {other['wall_s']} | {other['alerts']} |"
        )
    Path(".demo").mkdir(exist_ok=True)
    Path(".demo/bench-trace.json").write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
