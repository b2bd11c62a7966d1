"""`wane`: serve, openapi, dose, plan, config check | table, client token | list, knowledge check | show | impact | new,
journal show | verify | forget | rotate-key, feedback report."""

import gc
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from app.clients.commands import client
from app.configuring import config
from app.feedback.commands import feedback
from app.journal.commands import journal
from app.knowledge_commands import knowledge
from app.planning.commands import plan
from app.settings import SettingsFault
from knowledge.fault import KnowledgeFault

main = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__, pretty_exceptions_enable=False)
main.add_typer(knowledge, name="knowledge")
main.add_typer(journal, name="journal")
main.add_typer(config, name="config")
main.add_typer(client, name="client")
main.add_typer(feedback, name="feedback")
main.command()(plan)


@main.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 8000,
    workers: Annotated[int, typer.Option(help="Processes.", min=1, max=64)] = 1,
) -> None:
    """Start the service and print how to try it."""
    gc.disable()  # see app.loading
    from app.serving import run  # noqa: PLC0415 - the other commands need no web server

    try:
        run(host, port, workers)
    except (SettingsFault, KnowledgeFault) as fault:
        _fail(str(fault))


@main.command()
def openapi(
    check: Annotated[Path | None, typer.Option(help="Fail unless this file is what would be written.")] = None,
) -> None:
    """Write the OpenAPI description of the API to standard output."""
    from app.openapi_file import written  # noqa: PLC0415 - builds the whole application

    text = written()
    if check is None:
        sys.stdout.write(text)
    elif not check.exists() or check.read_text(encoding="utf-8") != text:
        _fail(f"{check} is not in step with the code. Run `make openapi` and commit it.")


@main.command()
def dose(
    today: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day that decides which of several steps is told.")
    ] = None,
) -> None:
    """Read prescriptions (NDJSON) from standard input and write what is taken per day, one JSON line for each."""
    from app.intake.dose_lines import read_line  # noqa: PLC0415
    from app.settings import read_settings  # noqa: PLC0415
    from app.site_knowledge import site_library  # noqa: PLC0415

    try:
        library = site_library(read_settings().site)
    except (SettingsFault, KnowledgeFault) as fault:
        _fail(str(fault))
    for line in sys.stdin.buffer:
        if line.strip():
            sys.stdout.buffer.write(read_line(line, library, today=today.date() if today else None) + b"\n")
            sys.stdout.buffer.flush()


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(1)


if __name__ == "__main__":
    main()
