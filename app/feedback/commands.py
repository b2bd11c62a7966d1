"""`wane feedback report`: what became of advice."""

from datetime import UTC, date, datetime
from typing import Annotated

import orjson
import typer

from app.journal.commands import opened

feedback = typer.Typer(no_args_is_help=True, help="What clinicians did with cards.")
LAST_DAYS = 90
_DAY = ["%Y-%m-%d"]


@feedback.callback()
def _of_one_command() -> None:
    """What clinicians did with cards."""


@feedback.command("report")
def report(
    since: Annotated[
        datetime | None, typer.Option(formats=_DAY, help=f"First day; else {LAST_DAYS} days back.")
    ] = None,
    until: Annotated[datetime | None, typer.Option(formats=_DAY, help="Last day; else today.")] = None,
    client: Annotated[str | None, typer.Option(help="Of this client only, without calls that were forgotten.")] = None,
    csv: Annotated[bool, typer.Option("--csv", help="For spreadsheets.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Shown, accepted, overridden by reason, withheld, acted on later: a line for each rule."""
    from app.feedback import report as reporting  # noqa: PLC0415 - the other commands need no database
    from knowledge.library import read_library  # noqa: PLC0415

    first, last = days(since and since.date(), until and until.date())
    with opened() as (_, connection):
        told = reporting.report(connection, first, last, client)
    reasons = list(read_library().override_reasons)
    if csv:
        typer.echo(reporting.as_csv(told, reasons), nl=False)
    elif as_json:
        typer.echo(orjson.dumps(reporting.as_json(told), option=orjson.OPT_INDENT_2))
    else:
        typer.echo("\n".join(reporting.as_text(told, reasons)))


def days(since: date | None, until: date | None) -> tuple[date, date]:
    """The first and the last day: the last ones where nothing is said."""
    last = until or datetime.now(UTC).date()
    return since or date.fromordinal(max(1, last.toordinal() - LAST_DAYS)), last
