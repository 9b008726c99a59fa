import io

import pytest

from stanch.engines.local import Source, open_source, read_chunks, scan, sources
from stanch.engines.tapfile import MAGIC, key_path, make_key, opened, seal
from stanch.errors import InputError
from stanch.gateway.tap import Tap
from stanch.traffic.capture import read_capture
from stanch.traffic.exchange import Exchange

CANARY = "ann.7731@example.org"
EXCHANGE = Exchange(
    where="tap", method="GET", url="http://api.example.org/a?x=1", request_headers=(("accept", "*/*"),), status=200,
    response_headers=(("content-type", "application/json"),),
    response_body=b'{"email":"ann.7731@example.org","raw":"\\u00e9"}', client_ip="192.0.2.1",
)  # fmt: skip


def recorded(path):
    with open_source(Source(path=path, name=path.name)) as stream:
        return list(read_capture(read_chunks(stream), name=path.name))


@pytest.mark.parametrize("sealed", [True, False])
def test_what_is_recorded_is_read_back_by_the_scanner(tmp_path, sealed):
    path = tmp_path / "tap.ndjson"
    tap = Tap(path, sealed=sealed)
    for _ in range(3):
        tap(EXCHANGE)
    tap.close()
    found = recorded(path)
    assert len(found) == 3
    assert (found[0].response_body, found[0].url, found[0].client_ip) == (EXCHANGE.response_body, EXCHANGE.url, "192.0.2.1")
    assert scan([Source(path=path, name="tap")]).n_exchanges == 3
    assert (CANARY.encode() in path.read_bytes()) is False
    assert path.stat().st_mode & 0o077 == 0


def test_a_folder_of_sealed_recordings_is_a_folder_of_captures(tmp_path):
    Tap(tmp_path / "a.ndjson").close()
    assert [source.name for source in sources([str(tmp_path)])] == ["a.ndjson"]


def test_recording_goes_on_where_it_stopped_and_ends_at_its_bound(tmp_path):
    path = tmp_path / "tap.ndjson"
    for _ in range(2):
        tap = Tap(path)
        tap(EXCHANGE)
        tap.close()
    assert len(recorded(path)) == 2
    full = Tap(path, max_bytes=path.stat().st_size + 10)
    full(EXCHANGE)
    full.close()
    assert full.n_left_out == 1
    assert len(recorded(path)) == 2


def test_a_line_that_is_still_being_written_is_left_for_later(tmp_path):
    path = tmp_path / "tap.ndjson"
    key = make_key(path)
    path.write_bytes(MAGIC + seal(key, b"one\n") + seal(key, b"two\n")[:-5])
    with opened(path.open("rb"), path) as file:
        assert file.read() == b"one\n"


def test_another_key_and_a_changed_line_are_refused_by_their_place(tmp_path):
    path = tmp_path / "tap.ndjson"
    key = make_key(path)
    assert key_path(path).stat().st_mode & 0o077 == 0
    path.write_bytes(MAGIC + seal(key, b"one\n") + seal(b"x" * 32, b"two\n"))
    with opened(path.open("rb"), path) as file, pytest.raises(InputError, match="line 3"):
        file.read()
    key_path(path).unlink()
    with pytest.raises(InputError, match="key can't be read"):
        opened(path.open("rb"), path)


def test_a_plain_file_is_read_as_it_is(tmp_path):
    path = tmp_path / "x"
    path.write_bytes(b"plain")
    assert opened(io.BytesIO(b"plain"), path).read() == b"plain"
