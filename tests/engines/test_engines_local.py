import gzip
import io
import json
import os

import pytest

from stanch.engines.local import Source, expand, scan, sources
from stanch.errors import InputError
from stanch.finding.build import build
from stanch.finding.render.json import render_json


def report_bytes(paths, *, jobs=1) -> bytes:
    return render_json(build(scan(sources([str(p) for p in paths]), jobs=jobs)))


@pytest.fixture(scope="module")
def halves(leaky_har, tmp_path_factory):
    """The recording as two captures, so that whose token is whose is learned across files."""
    folder = tmp_path_factory.mktemp("halves")
    entries = json.loads(leaky_har)["log"]["entries"]
    for name, part in (("a.har", entries[::2]), ("b.har", entries[1::2])):
        (folder / name).write_text(json.dumps({"log": {"entries": part}}))
    return folder


def test_several_workers_give_the_same_bytes_as_one(leaky_file):
    assert report_bytes([leaky_file], jobs=3) == report_bytes([leaky_file])


def test_the_order_of_files_does_not_matter(halves):
    a, b = halves / "a.har", halves / "b.har"
    assert report_bytes([a, b]) == report_bytes([b, a]) == report_bytes([halves])


def test_two_halves_say_what_the_whole_says(halves, leaky_file):
    split, whole = (build(scan(sources([str(path)]))) for path in (halves, leaky_file))
    assert [(f.fingerprint, f.verdict, f.n_subjects, f.n_recipients, f.confidence) for f in split.findings] == [
        (f.fingerprint, f.verdict, f.n_subjects, f.n_recipients, f.confidence) for f in whole.findings
    ]


def test_a_compressed_capture_is_the_same_capture(leaky_har, leaky_file, tmp_path):
    packed = tmp_path / "leaky.har"
    packed.write_bytes(gzip.compress(leaky_har))
    assert report_bytes([packed]) == report_bytes([leaky_file])


def test_a_folder_gives_its_captures_and_nothing_else(leaky_har, tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "traffic.har").write_bytes(leaky_har)
    (tmp_path / "packed.har.gz").write_bytes(gzip.compress(leaky_har))
    (tmp_path / "package.json").write_text('{"name": "app"}')
    (tmp_path / "notes.txt").write_text("nothing")
    (tmp_path / ".hidden.har").write_bytes(leaky_har)
    assert [source.name for source in sources([str(tmp_path)])] == ["deep/traffic.har", "packed.har.gz"]


def test_a_folder_without_captures_is_refused(tmp_path):
    with pytest.raises(InputError, match="holds no captures"):
        expand(tmp_path)


def test_a_missing_file_is_refused_by_name(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        expand(tmp_path / "gone.har")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_refused(tmp_path):
    path = tmp_path / "secret.har"
    path.write_text("{}")
    path.chmod(0)
    with pytest.raises(InputError, match="can't be read"):
        scan([Source(path=path, name=path.name)])


def test_standard_input_is_a_capture_too(monkeypatch):
    lines = b'{"method":"GET","url":"https://api.example.org/me","status":200,"response_body":{"email":"ann@example.org"}}\n' * 3
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(lines)))
    report = build(scan(sources(["-"]), jobs=4))
    assert report.capture.n_exchanges == 3
    assert [f.datatype for f in report.fields] == ["contact.email"]


def test_progress_adds_up_to_the_file(leaky_file):
    seen = []
    scan(sources([str(leaky_file)]), progress=seen.append)
    assert sum(seen) == leaky_file.stat().st_size
