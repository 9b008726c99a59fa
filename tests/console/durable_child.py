"""A running incident, to be killed: writes notes and runs the worker; says what was acknowledged, one line each.

Runs until it is killed. What goes outside is appended to a file with one write each, with the job's key.
"""

import os
import sys
from itertools import count
from pathlib import Path

from stanch.console.run import Serving, set_up

data, database, acknowledged, sent = sys.argv[1:5]
set_up(Serving(data=data, database=database))

from stanch.console import book, send, worker  # noqa: E402
from stanch.console.clock import now  # noqa: E402
from stanch.console.models import IncidentRow  # noqa: E402
from stanch.incident import event as e  # noqa: E402


def line(path, text):
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.write(handle, f"{text}\n".encode())
    os.close(handle)


def fake(job):
    line(sent, job.key)


send.KINDS["tell"] = send.KINDS["webhook"] = fake
key = IncidentRow.objects.get().key
run = Path(acknowledged).stat().st_size if Path(acknowledged).exists() else 0
for n in count():
    name = f"{run}-{n}"
    asked = e.DecisionAsked(decision=f"d{name}", question="q", role="lead", due_at=now()) if n % 3 == 0 else e.NoteAdded(text=name)
    book.record(key, asked, by="system", now=now(), key=name)
    line(acknowledged, name)
    worker.once()
