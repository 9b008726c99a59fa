"""The demo's stage: numbered steps, each command shown as a person would type it, then what it says."""

import shlex
import shutil
import sys
from contextlib import redirect_stderr, redirect_stdout
from importlib import import_module
from io import StringIO
from pathlib import Path

import click
from rich.console import Console

from stanch.errors import StanchError


class Stage:
    """Says what happens and runs commands in this process."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder = folder
        self.console = Console(stderr=True, highlight=False, soft_wrap=True)
        self.n_steps = 0

    @property
    def report(self) -> Path:
        return self.folder / "report.json"

    def fresh(self, name: str) -> Path:
        """Give a path in the demo's folder where nothing is left of an earlier run."""
        for path in self.folder.glob(f"{name}*"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        return self.folder / name

    def step(self, name: str, what: str) -> None:
        self.n_steps += 1
        self.console.print(f"\n[bold]{self.n_steps} {name}[/]  [dim]{what}[/]")

    def say(self, text: str) -> None:
        self.console.print(f"  {text}", markup=False)

    def run(self, name: str, *args: object, silent: bool = False) -> int:
        """Type a command; give its exit code."""
        words = [str(arg) for arg in args]
        self.console.print(f"  [dim]$ stanch {shlex.join([name, *words])}[/]")
        sys.stderr.flush()
        command: click.Command = import_module(f"stanch.cli.{name}").command
        if not silent:
            return called(command, name, words)
        with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
            return called(command, name, words)


def called(command: click.Command, name: str, words: list[str]) -> int:
    try:
        command.main(words, prog_name=f"stanch {name}", standalone_mode=False)
    except SystemExit as done:
        code = done.code if isinstance(done.code, int) else 1
        if code > 1:
            raise StanchError("the step failed", where=f"stanch {name}") from None
        return code
    finally:
        sys.stdout.flush()
    return 0
