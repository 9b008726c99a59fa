"""How far a long run is: a bar on a terminal, a line now and then elsewhere, nothing when asked to be quiet."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from rich.console import Console
from rich.filesize import decimal
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

LINE_EVERY_S = 5.0
Advance = Callable[[int], None]


@contextmanager
def progress(what: str, total_bytes: int, *, quiet: bool, console: Console | None = None) -> Iterator[Advance]:
    """Give a function that takes the number of bytes just done; 0 in all where that is not known."""
    console = console or Console(stderr=True)
    if quiet:
        yield lambda _: None
    elif console.is_terminal:
        columns = (TextColumn(what), BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
        with Progress(*columns, console=console, transient=True) as bar:
            task = bar.add_task(what, total=total_bytes or None)
            yield lambda n: bar.advance(task, n)
    else:
        yield Lines(what, total_bytes, lambda text: console.print(text, highlight=False, soft_wrap=True), monotonic)


class Lines:
    """Says where it is at the beginning and then every few seconds."""

    def __init__(self, what: str, total_bytes: int, say: Callable[[str], None], clock: Callable[[], float]) -> None:
        self.what = what
        self.total = total_bytes
        self.say = say
        self.clock = clock
        self.done = 0
        self.began = self.last = clock()
        say(f"{what}{f' {decimal(total_bytes)}' if total_bytes else ''}")

    def __call__(self, n_bytes: int) -> None:
        self.done += n_bytes
        now = self.clock()
        if now - self.last >= LINE_EVERY_S:
            self.last = now
            self.say(self.line(now - self.began))

    def line(self, elapsed_s: float) -> str:
        rate = self.done / elapsed_s
        parts = [decimal(self.done), f"{decimal(round(rate))}/s"]
        if self.total > self.done:
            parts.insert(1, f"of {decimal(self.total)}")
            parts.append(f"{duration((self.total - self.done) / rate)} left")
        return f"{self.what} {', '.join(parts)}"


def duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"
