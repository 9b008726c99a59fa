import io

import pytest
from rich.console import Console

from stanch.cli.progress import Lines, duration, progress


def test_lines_tell_how_far_how_fast_and_how_long_still():
    times = iter([0.0, 1.0, 5.0, 6.0, 10.0, 20.0])
    said = []
    lines = Lines("scanning 1 capture", 40_000_000, said.append, lambda: next(times))
    for _ in range(5):
        lines(5_000_000)
    assert said == [
        "scanning 1 capture 40.0 MB",
        "scanning 1 capture 10.0 MB, of 40.0 MB, 2.0 MB/s, 15 s left",
        "scanning 1 capture 20.0 MB, of 40.0 MB, 2.0 MB/s, 10 s left",
        "scanning 1 capture 25.0 MB, of 40.0 MB, 1.2 MB/s, 12 s left",
    ]


def test_of_a_stream_without_an_end_only_what_is_known_is_said():
    times = iter([0.0, 8.0])
    said = []
    Lines("reading", 0, said.append, lambda: next(times))(800)
    assert said == ["reading", "reading 800 bytes, 100 bytes/s"]


@pytest.mark.parametrize(("seconds", "words"), [(0.4, "0 s"), (59, "59 s"), (61, "1 min 01 s"), (3600, "60 min 00 s")])
def test_times_read_well(seconds, words):
    assert duration(seconds) == words


@pytest.mark.parametrize(("quiet", "terminal", "expected"), [(True, True, ""), (True, False, ""), (False, False, "scanning 10 bytes\n")])
def test_quiet_is_quiet_and_a_file_gets_lines(quiet, terminal, expected):
    console = Console(file=io.StringIO(), force_terminal=terminal)
    with progress("scanning", 10, quiet=quiet, console=console) as advance:
        advance(10)
    assert console.file.getvalue() == expected


def test_a_terminal_gets_a_bar():
    console = Console(file=io.StringIO(), force_terminal=True, width=80)
    with progress("scanning", 10, quiet=False, console=console) as advance:
        advance(10)
    assert "scanning" in console.file.getvalue()
