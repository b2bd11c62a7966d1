"""`wane`: serve, openapi, dose, config check | table, client token | list, knowledge check | show | new, journal show |
verify | forget | rotate-key."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from app.clients.commands import client
from app.configuring import config
from app.journal.commands import journal
from app.settings import SettingsFault
from knowledge.fault import KnowledgeFault

main = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__, pretty_exceptions_enable=False)
knowledge = typer.Typer(no_args_is_help=True, help="Look at the knowledge base, and check it.")
main.add_typer(knowledge, name="knowledge")
main.add_typer(journal, name="journal")
main.add_typer(config, name="config")
main.add_typer(client, name="client")


@main.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 8000,
    workers: Annotated[int, typer.Option(help="Processes.", min=1, max=64)] = 1,
) -> None:
    """Start the service and print how to try it."""
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


@knowledge.command("check")
def knowledge_check(
    documents: Annotated[
        Path | None, typer.Option(help="Folder with the documents: hold every passage against it.")
    ] = None,
) -> None:
    """Load the whole knowledge base and hold rules, cases, texts and claims against each other."""
    from knowledge.check import faults  # noqa: PLC0415
    from knowledge.library import read_library  # noqa: PLC0415

    try:
        library = read_library()
        found = list(faults(library, datetime.now(UTC).date()))
    except KnowledgeFault as error:
        _fail(str(error))
    if documents is not None:
        from knowledge.passages import verify  # noqa: PLC0415

        found += [str(fault) for fault in verify(library.documents, documents).faults]
    if found:
        _fail("\n".join([*found, f"{len(found)} faults in the knowledge base."]))
    cases = sum(len(cases) for cases in library.cases.values())
    claims = sum(len(document.claims) for document in library.documents)
    typer.echo(
        f"Knowledge {library.version}: {len(library.rules)} rules, {cases} cases, {claims} claims. No fault found."
    )


@knowledge.command("show")
def knowledge_show(rule: Annotated[str, typer.Argument(help="The rule's id.")], lang: str = "en") -> None:
    """Print a rule so that a clinician can hold it against its document."""
    from app.showing import shown  # noqa: PLC0415
    from knowledge.library import read_library  # noqa: PLC0415
    from knowledge.texts import LANGUAGES  # noqa: PLC0415

    library = read_library()
    if rule not in library.by_id:
        _fail(f"There is no rule {rule}. Rules: {', '.join(sorted(library.by_id))}.")
    if lang not in LANGUAGES:
        _fail(f"--lang is one of: {', '.join(LANGUAGES)}.")
    typer.echo(shown(library.by_id[rule], library, lang))


@knowledge.command("new")
def knowledge_new(
    rule: Annotated[str, typer.Argument(help="The id of the new rule, like bzra-something.")],
    folder: Annotated[Path, typer.Option(help="Where the rules are.")] = Path("knowledge/rules"),
) -> None:
    """Lay out the folder of a new rule: rule.toml, cases.toml and texts.toml, to be filled in."""
    from knowledge.scaffold import lay_out  # noqa: PLC0415

    try:
        for path in lay_out(rule, folder):
            typer.echo(f"Wrote {path}.")
    except KnowledgeFault as fault:
        _fail(str(fault))
    typer.echo("Fill them in, then run `wane knowledge check`.")


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(1)
