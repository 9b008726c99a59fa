from stanch.contain.propose import Wish
from stanch.engines.local import Source, open_source, read_chunks
from stanch.gateway.rehearse import rehearse
from stanch.traffic.capture import read_capture


def test_the_sample_leak_is_stopped_on_the_running_backend(example, leaky_report, leaky_file):
    """The scenario: real backend, real requests, from report to verified mask."""

    def capture():
        with open_source(Source(path=leaky_file, name="leaky.har")) as stream:
            yield from read_capture(read_chunks(stream), name="leaky.har")

    with example.running(example.create_app(fixed=False, seed=7)) as port:
        done = rehearse(leaky_report, f"http://127.0.0.1:{port}", capture, Wish(name="comment-author-leak"))
    assert done.stopped
    assert done.proof.n_targets > 1000
    assert done.after.n_members > 10
    assert "still stands" in done.before.faults[0]
    assert done.apply_ms > 0


def test_an_origin_that_is_mended_already_has_nothing_to_stop(example, leaky_report, leaky_file):
    def capture():
        with open_source(Source(path=leaky_file, name="leaky.har")) as stream:
            yield from read_capture(read_chunks(stream), name="leaky.har")

    with example.running(example.create_app(fixed=True, seed=7)) as port:
        done = rehearse(leaky_report, f"http://127.0.0.1:{port}", capture, Wish(name="comment-author-leak"))
    assert not done.stopped
    assert "nothing is proved" in done.after.says
