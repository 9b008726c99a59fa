"""Counts for Prometheus: what happened and how long it took, by rule and route template. Never a path, an address or a value.

Source: Prometheus text exposition format 0.0.4.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from math import isinf

BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
HELP = {
    "stanch_requests_total": "Requests by what was done and status class.",
    "stanch_fields_masked_total": "Members masked, by rule.",
    "stanch_fields_dropped_total": "Members dropped, by rule.",
    "stanch_responses_withheld_total": "Responses kept back because they could not be masked with certainty, by rule.",
    "stanch_refused_total": "Requests refused, by rule and why.",
    "stanch_alarms_total": "Tripwires hit and responses passed by decision, by rule.",
    "stanch_bad_requests_total": "Requests refused because they were malformed or ambiguous.",
    "stanch_upstream_errors_total": "Failures of the origin, by kind.",
    "stanch_faults_total": "Faults of stanch, by kind of exception.",
}
Labels = tuple[tuple[str, str], ...]


class Metrics:
    """The counts of one worker; several are added up."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[str, Labels]] = Counter()
        self.durations = [0] * (len(BUCKETS_S) + 1)
        self.duration_sum_s = 0.0

    def add(self, name: str, n: int = 1, **labels: str) -> None:
        self.counts[name, tuple(labels.items())] += n

    def took(self, seconds: float) -> None:
        self.durations[bisect_left(BUCKETS_S, seconds)] += 1
        self.duration_sum_s += seconds

    def snapshot(self) -> dict[str, object]:
        """Give everything as plain values, for another process."""
        rows = [[name, list(map(list, labels)), n] for (name, labels), n in self.counts.items()]
        return {"counts": rows, "durations": list(self.durations), "duration_sum_s": self.duration_sum_s}

    def total(self, name: str) -> int:
        return sum(n for (found, _), n in self.counts.items() if found == name)


def merged(snapshots: Iterable[Mapping[str, object]]) -> Metrics:
    total = Metrics()
    for snapshot in snapshots:
        rows, durations, seconds = snapshot["counts"], snapshot["durations"], snapshot["duration_sum_s"]
        if not isinstance(rows, list) or not isinstance(durations, list) or not isinstance(seconds, int | float):
            continue
        for name, labels, n in rows:
            total.counts[name, tuple((key, value) for key, value in labels)] += n
        total.durations = [a + b for a, b in zip(total.durations, durations, strict=True)]
        total.duration_sum_s += seconds
    return total


def exposition(metrics: Metrics, gauges: Mapping[str, float]) -> str:
    """Write everything in Prometheus' text form."""
    return "\n".join([*counter_lines(metrics), *duration_lines(metrics), *gauge_lines(gauges)]) + "\n"


def counter_lines(metrics: Metrics) -> Iterator[str]:
    last = ""
    for (name, labels), n in sorted(metrics.counts.items()):
        if name != last:
            yield from (f"# HELP {name} {HELP.get(name, name)}", f"# TYPE {name} counter")
            last = name
        inside = ",".join(f'{key}="{escaped(value)}"' for key, value in labels)
        yield f"{name}{{{inside}}} {n}" if inside else f"{name} {n}"


def escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def duration_lines(metrics: Metrics) -> Iterator[str]:
    name = "stanch_request_duration_seconds"
    yield from (f"# HELP {name} From the request's head to the response's end.", f"# TYPE {name} histogram")
    so_far = 0
    for limit, n in zip((*map(str, BUCKETS_S), "+Inf"), metrics.durations, strict=True):
        so_far += n
        yield f'{name}_bucket{{le="{limit}"}} {so_far}'
    yield from (f"{name}_sum {metrics.duration_sum_s:.6f}", f"{name}_count {so_far}")


def gauge_lines(gauges: Mapping[str, float]) -> Iterator[str]:
    for name, value in sorted(gauges.items()):
        if isinf(value):
            continue
        yield from (f"# TYPE {name} gauge", f"{name} {value:g}")
