"""The command line: one file per command, each loaded when it is called."""

import sys
from importlib import import_module

import click

from stanch import __version__
from stanch.errors import StanchError

COMMANDS = {
    "scan": "Find what a capture gives away, whose, and to whom.",
    "contract": "Write the least that every response needs, as a contract.",
    "guard": "Hold test traffic against the contract and what was accepted.",
    "explain": "Say why a finding was judged as it was.",
    "law": "Say who must be told what by when, from rules as data.",
    "trace": "Trace findings to the lines of code that cause them.",
    "replay": "Replay a capture against a mended service and say what differs.",
    "affected": "Say who received whose data.",
    "ledger": "Keep who received whose data, encrypted and under pseudonyms.",
    "serve": "Serve the incident console.",
    "declare": "Declare an incident from a report.",
    "verify": "Check that no journal was tampered with.",
    "backup": "Copy the console's data, and prove that the copy works.",
    "restore": "Make a data folder from a backup.",
    "doctor": "Examine the console before something goes wrong.",
    "contain": "Stop a leak on the gateway: plan, check, apply, lift, status.",
    "gateway": "Run the embedded reverse proxy that policies hold on.",
    "demo": "Play the whole scenario on the sample backend.",
}


class Lazy(click.Group):
    """A group whose commands are imported only when they run, so that ``--help`` stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command: click.Command = import_module(f"stanch.cli.{name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=Lazy,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    invoke_without_command=True,
)
@click.version_option(__version__, prog_name="stanch")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Stop API data leaks: find what responses give away too much, say why, and contain it.

    Exit codes: 0 done · 1 done, something at or above --fail-on · 2 a mistake in the call or the input · 3 an outside thing failed · 70 a fault of stanch.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def main() -> None:
    """Run the command line; every error becomes one line and an exit code."""
    try:
        cli(standalone_mode=False)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except StanchError as error:
        click.echo(f"stanch: {error}", err=True)
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("stanch: stopped", err=True)
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except Exception as error:  # noqa: BLE001 -- the outermost loop: a fault of ours is one line; its text could hold a value, so only its kind is shown
        place = error.__traceback__
        while place and place.tb_next:
            place = place.tb_next
        spot = f"{place.tb_frame.f_globals.get('__name__')}:{place.tb_lineno}" if place else "unknown place"
        click.echo(f"stanch: a fault of ours: {type(error).__name__} at {spot} (please report it with this line)", err=True)
        sys.exit(70)
