"""Kill a running incident again and again, then look whether anything was lost or done twice."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
PREPARE = """
import sys
from pathlib import Path
from stanch.console.run import Serving, prepare
prepare(Serving(data=sys.argv[1], database=sys.argv[2]), Path(sys.argv[3]))
from stanch.console.models import Channel, Person, Organisation, Webhook
from stanch.console.clock import now
from stanch.console.vault import vault
dan = Person.objects.get(name="Dan")
Channel.objects.create(person=dan, kind="mail", sealed=vault().seal(b"dan@example.org", about=f"channel:{dan.key}"), created_at=now())
org = Organisation.objects.get()
secret = vault().seal(b"s", about=f"webhook:{org.pk}")
Webhook.objects.create(organisation=org, url="https://hooks.example.org/", sealed_secret=secret, created_at=now())
"""
FINISH = """
import sys, json
from datetime import timedelta
from stanch.console.run import Serving, set_up
set_up(Serving(data=sys.argv[1], database=sys.argv[2]))
from stanch.console import book, checking, queue, send, worker
from stanch.console.clock import now
from stanch.console.models import EntryRow, Job, DueRow, IncidentRow, Stream
def fake(job):
    with open(sys.argv[3], "a") as file: file.write(job.key + chr(10))
send.KINDS["tell"] = send.KINDS["webhook"] = fake
Job.objects.filter(state="leased").update(lease_until=now() - timedelta(seconds=1))
while worker.once(): pass
worker.sweep(now())
stream = Stream.objects.get(key=IncidentRow.objects.get().key)
entries = list(book.entries(stream))
print(json.dumps({
    "keys": [entry.key for entry in entries], "whole": all(r.whole for r in checking.check_all()), "jobs": queue.counts(),
    "problems": [p for r in checking.check_all() for p in r.problems],
    "passed": [entry.key for entry in entries if entry.kind == "clock:pass"], "once": [j.key for j in Job.objects.filter(kind="tell", state="done")],
    "uncertain": [j.key for j in Job.objects.filter(state="uncertain")], "all": [j.key for j in Job.objects.all()],
    "unannounced": DueRow.objects.filter(due_at__lte=now() - timedelta(seconds=2)).exclude(told="over").count(),
}))
"""


def run(code, *args, env=None):
    done = subprocess.run([sys.executable, "-c", code, *map(str, args)], capture_output=True, text=True, env=env, check=False)
    assert done.returncode == 0, done.stderr[-2_000:]
    return done.stdout


def kill_often(folder, report, *, n_kills, seed, database="", at_most_s=1.2):
    """Give what is there after ``n_kills`` kills at random moments; see ``judge``."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("STANCH_", "DJANGO_"))}
    data, acknowledged, sent = folder / "data", folder / "acknowledged", folder / "sent"
    run(PREPARE, data, database, report, env=env)
    rng = random.Random(seed)
    for _ in range(n_kills):
        size = acknowledged.stat().st_size if acknowledged.exists() else 0
        child = subprocess.Popen(
            [sys.executable, HERE / "durable_child.py", data, database, acknowledged, sent],
            env=env, start_new_session=True, stderr=subprocess.PIPE,
        )  # fmt: skip
        wait_until_it_works(acknowledged, size, child)
        time.sleep(rng.uniform(0, at_most_s))
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        child.stderr.close()
    result = json.loads(run(FINISH, data, database, sent, env=env))
    return result | {"acknowledged": acknowledged.read_text().split(), "sent": sent.read_text().split() if sent.exists() else []}


def wait_until_it_works(acknowledged, size, child):
    for _ in range(600):
        if acknowledged.exists() and acknowledged.stat().st_size > size:
            return
        assert child.poll() is None, child.stderr.read().decode()[-2_000:]
        time.sleep(0.05)
    raise AssertionError("the child did not begin")


def judge(result):
    """Nothing acknowledged is lost; nothing that reaches people is sent twice; every clock is announced once; the journal is whole."""
    assert set(result["acknowledged"]) <= set(result["keys"])
    keyed = [key for key in result["keys"] if key]
    assert len(set(keyed)) == len(keyed)
    assert result["whole"], result["problems"]
    told = Counter(key for key in result["sent"] if key.startswith("tell:"))
    assert max(told.values(), default=1) == 1, [key for key, n in told.items() if n > 1]
    assert set(result["all"]) <= set(result["sent"]) | set(result["uncertain"])
    assert len(set(result["passed"])) == len(result["passed"])
    assert result["unannounced"] == 0
    assert set(result["jobs"]) <= {"done", "uncertain"}
    return len(result["acknowledged"]), len(result["sent"]), len(result["uncertain"])
