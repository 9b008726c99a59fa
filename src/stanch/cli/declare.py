"""``stanch declare``: from a report to an incident in a console's data folder."""

import click

from stanch.cli.scan import read_bytes
from stanch.console.home import DEFAULT
from stanch.console.run import Serving, set_up
from stanch.errors import InputError


@click.command("declare", epilog="Example: stanch declare report.json --data incidents")
@click.argument("report_path", metavar="REPORT")
@click.option("--data", metavar="DIR", default=DEFAULT, show_default=True, help="The console's data folder.")
@click.option("--database", metavar="URL", default="", help="The console's PostgreSQL, where it has one.")
@click.option("--title", default="", help="Title (default: made from the findings).")
@click.option("--incident", "key", metavar="KEY", default="", help="Add the report to this incident instead of declaring a new one.")
@click.option("--exercise", is_flag=True, help="It is an exercise: every page says so.")
@click.option("--restricted", is_flag=True, help="Only people with a role in it may see it.")
def command(report_path: str, data: str, database: str, title: str, key: str, *, exercise: bool, restricted: bool) -> None:
    """Declare an incident from a JSON report of ``stanch scan``; print its key.

    The playbook starts at once, and whoever opens the console first takes the lead. A running console shows the incident within a second.
    """
    report = read_bytes(report_path)
    set_up(Serving(data=data, database=database))
    from stanch.console.actions import declare as declaring  # noqa: PLC0415 -- Django is set up now
    from stanch.console.clock import now  # noqa: PLC0415
    from stanch.console.models import IncidentRow  # noqa: PLC0415
    from stanch.console.stage import first_actor  # noqa: PLC0415

    actor = first_actor(token="cli")  # noqa: S106 -- a name, not a secret
    if actor is None:
        raise InputError("nobody is there to answer yet", where=data, hint="start stanch serve and make the first account")
    if key and not IncidentRow.objects.filter(key=key).exists():
        raise InputError("there is no such incident", where=key)
    wish = declaring.Wish(title=title, exercise=exercise, restricted=restricted)
    if key:
        incident = declaring.add_report(actor, key, report, name=report_path, now=now())
    else:
        incident = declaring.declare_report(actor, report, wish, name=report_path, now=now())
    click.echo(incident.key)
