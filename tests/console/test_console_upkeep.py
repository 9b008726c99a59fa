"""Backups prove themselves, the doctor sees what is wrong, deployment texts name what exists."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from console_stage import report_bytes

from stanch.cli.serve import command as serve_command
from stanch.console import doctor, queue
from stanch.console.actions import settings as connecting
from stanch.console.backup import back_up, copy_database, restore, write
from stanch.console.clock import now
from stanch.console.home import Home, open_home
from stanch.errors import InputError

ROOT = Path(__file__).resolve().parents[2]


def stanch(*args):
    env = {k: v for k, v in os.environ.items() if not k.startswith(("STANCH_", "DJANGO_"))}
    return subprocess.run([sys.executable, "-m", "stanch", *map(str, args)], env=env, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    folder = tmp_path_factory.mktemp("served")
    (folder / "report.json").write_bytes(report_bytes())
    code = "import sys, pathlib; from stanch.console.run import *; print(prepare(Serving(data=sys.argv[1]), pathlib.Path(sys.argv[2])))"
    env = {k: v for k, v in os.environ.items() if not k.startswith(("STANCH_", "DJANGO_"))}
    done = subprocess.run([sys.executable, "-c", code, folder / "data", folder / "report.json"], env=env, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("/setup/")
    return folder


def test_a_backup_is_restored_and_verified(served):
    made = stanch("backup", served / "b.tar", "--data", served / "data")
    assert made.returncode == 0, made.stderr
    assert "restored to the side and verified" in made.stdout
    assert (served / "b.tar").stat().st_mode & 0o077 == 0
    assert stanch("restore", served / "b.tar", "--data", served / "again").returncode == 0
    kept = stanch("verify", "--data", served / "data", "--keep", served / "heads")
    assert kept.returncode == 0
    checked = stanch("verify", "--data", served / "again", "--head", served / "heads")
    assert checked.returncode == 0, checked.stdout
    with pytest.raises(InputError, match="there is a file already"):
        back_up(Home(served / "data"), served / "b.tar")


def test_a_changed_backup_is_refused_and_leaves_nothing(served, tmp_path):
    write(Home(served / "data"), served / "data" / "stanch.sqlite3", tmp_path / "b.tar")
    data = bytearray((tmp_path / "b.tar").read_bytes())
    data[len(data) // 2] ^= 1
    (tmp_path / "b.tar").write_bytes(data)
    with pytest.raises(InputError, match="was changed"):
        restore(tmp_path / "b.tar", tmp_path / "new")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.tar"]


def test_an_archive_that_climbs_out_is_refused(tmp_path):
    with tarfile.open(tmp_path / "evil.tar", "w") as archive:
        archive.add(__file__, arcname="../../evil")
    with pytest.raises(InputError):
        restore(tmp_path / "evil.tar", tmp_path / "new")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("data", [b"", b"x" * 5_000])
def test_what_is_no_backup_is_refused(tmp_path, data):
    (tmp_path / "x").write_bytes(data)
    with pytest.raises(InputError, match="no backup"):
        restore(tmp_path / "x", tmp_path / "new")


def test_heads_kept_elsewhere_show_a_journal_that_was_rolled_back(served, tmp_path):
    for name in ("keys", "evidence"):
        shutil.copytree(served / "data" / name, tmp_path / "rolled-back" / name)
    copy_database(served / "data" / "stanch.sqlite3", tmp_path / "rolled-back" / "stanch.sqlite3")
    assert stanch("declare", served / "report.json", "--data", served / "data").returncode == 0
    stanch("verify", "--data", served / "data", "--keep", tmp_path / "heads")
    found = stanch("verify", "--data", tmp_path / "rolled-back", "--head", tmp_path / "heads")
    assert found.returncode == 1
    assert "not here any more" in found.stdout


def test_a_report_is_declared_from_the_command_line(served):
    done = stanch("declare", served / "report.json", "--data", served / "data", "--exercise", "--title", "Drill")
    assert re.fullmatch(r"INC-\d+\n", done.stdout)
    assert "make the first account" in stanch("declare", served / "report.json", "--data", served / "empty").stderr


@pytest.mark.parametrize("args", [["--listen", "0.0.0.0:8400"], ["--listen", "nonsense"], ["--listen", "127.0.0.1:99999"]])
def test_beyond_loopback_only_behind_tls(tmp_path, args):
    with pytest.raises(InputError) as refused:
        serve_command.main(["--data", str(tmp_path / "d"), *args], standalone_mode=False)
    assert "\n" not in str(refused.value)
    assert not (tmp_path / "d").exists()


def test_open_keys_are_refused(tmp_path):
    home = open_home(tmp_path / "d")
    assert len(home.key("signing")) == 32
    (home.root / "keys" / "signing").chmod(0o644)
    with pytest.raises(InputError, match="others may read this key"):
        home.key("signing")


def test_a_database_without_its_keys_is_refused(tmp_path):
    (tmp_path / "stanch.sqlite3").write_bytes(b"")
    with pytest.raises(InputError, match="no keys"):
        open_home(tmp_path)


def test_the_doctor_says_what_is_wrong(world):
    levels = {check.what: check.level for check in doctor.examine()}
    assert levels["2 admins"] == "ok"
    assert levels["no mail server: messages are sent by hand"] == "warning"
    world.people["Eve"].memberships.all().delete()
    assert any("only one admin" in check.what for check in doctor.examine())
    queue.add("k", "tell", {}, now())
    queue.fail(queue.claim(now()), "gone", now(), permanent=True)
    assert any("1 jobs are dead" in check.what for check in doctor.examine())


def test_the_doctor_runs_as_a_command(served):
    done = stanch("doctor", "--data", served / "data")
    assert done.returncode == 0, done.stdout
    assert "the database file is sound" in done.stdout


def test_numbers_are_for_an_admins_token(world):
    client = world.browser()
    assert client.get("/metrics").status_code == 401
    for name, status in (("Dan", 200), ("Rob", 401), ("Eve", 200)):
        secret = connecting.make_token(world.actor(name), name="m", scopes=["read"], days=1, now=now())
        answer = client.get("/metrics", headers={"Authorization": f"Bearer {secret}"})
        assert answer.status_code == status, name
        if status == 200:
            assert re.search(r'^stanch_incidents_open\{contained="leaking"\} 1$', answer.content.decode(), re.MULTILINE)


@pytest.mark.parametrize("name", ["stanch.service", "Containerfile"])
def test_deployment_texts_name_options_that_exist(name):
    text = (ROOT / "docs" / "deploy" / name).read_text()
    options = {option for param in serve_command.params for option in param.opts}
    used = set(re.findall(r"(?<![\w-])--(?:data|listen|origin|database|[a-z-]*mfa)\b", text))
    assert {"--data", "--listen", "--origin"} <= used <= options


def test_the_systemd_unit_is_strict():
    text = (ROOT / "docs" / "deploy" / "stanch.service").read_text()
    for line in ("NoNewPrivileges=yes", "ProtectSystem=strict", "UMask=0077", "CapabilityBoundingSet=", "StateDirectoryMode=0700"):
        assert line in text
