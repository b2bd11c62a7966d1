"""`wane journal`: show, verify, forget, rotate-key."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, NoReturn

import orjson
import typer

from app.settings import Settings, SettingsFault, read_settings

if TYPE_CHECKING:
    from sqlalchemy import Connection

journal = typer.Typer(no_args_is_help=True, help="Look at what was answered, and keep it in order.")


@journal.command("show")
def show(
    card: Annotated[str | None, typer.Argument(metavar="CARD-UUID", help="The uuid of a card.")] = None,
    hook_instance: Annotated[str | None, typer.Option(help="The hookInstance of a call.")] = None,
    reference: Annotated[
        list[str] | None,
        typer.Option(help="A reference you have at hand, like Condition/c-1: shown where it was used."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Explain a past answer: its cards, every rule's outcome, and every criterion."""
    from app.journal import show as shown  # noqa: PLC0415 - the other commands need no database
    from app.journal.keys import read_keys  # noqa: PLC0415
    from app.journal.wording import explained  # noqa: PLC0415

    if (card is None) == (hook_instance is None):
        _fail("Give the uuid of a card, or --hook-instance.")
    with opened() as (settings, connection):
        keys = read_keys(settings)
        if card is not None:
            found = shown.find_card(connection, card)
        else:
            found = shown.find_hook_instance(connection, hook_instance or "", keys)
        if not found:
            _fail("There is no such call in the journal. It may have been forgotten, or still be in a spool.")
        names = shown.Names.of(reference or [], keys)
        calls = [shown.as_json(past, connection, keys, names) for past in found]
    if as_json:
        typer.echo(orjson.dumps(calls, option=orjson.OPT_INDENT_2))
    else:
        typer.echo("\n\n".join(explained(call, card and card.lower()) for call in calls))


@journal.command("verify")
def verify() -> None:
    """Hold every row against its checksum, and every call against the count of who wrote it. Fails on any fault."""
    from app.journal.keys import read_keys  # noqa: PLC0415
    from app.journal.spool import look  # noqa: PLC0415
    from app.journal.verify import verify as verified  # noqa: PLC0415

    spool = look(_settings().spool_folder)
    with opened() as (settings, connection):
        found = verified(connection, read_keys(settings), spool)
    typer.echo(f"{found.calls} calls with {found.cards} cards read; {found.spooled} more wait in the spool.")
    if found.faults:
        _fail("\n".join([*found.faults, f"{len(found.faults)} faults."]))
    typer.echo("No fault found.")


@journal.command("forget")
def forget(
    older_than: Annotated[str | None, typer.Option(help="Calls older than this, in days: 400d.")] = None,
    patient: Annotated[
        str | None, typer.Option(help="Calls about this patient: the id as the client writes it.")
    ] = None,
    client: Annotated[str | None, typer.Option(help="Of this client only: another may use the same id.")] = None,
) -> None:
    """Erase calls, for retention or because a patient asks. What they counted stays, per day and rule."""
    from app.journal.database import engine_for  # noqa: PLC0415
    from app.journal.forget import forget as erase  # noqa: PLC0415
    from app.journal.forget import forget_stray_feedback, in_spool, of_patient, older, without_key  # noqa: PLC0415
    from app.journal.keys import read_keys  # noqa: PLC0415
    from app.journal.record import written  # noqa: PLC0415
    from app.journal.spool import look  # noqa: PLC0415

    if (older_than is None) == (patient is None):
        _fail("Give --older-than or --patient.")
    now, beyond = datetime.now(UTC), 0
    with opened() as (settings, connection):
        if older_than is not None:
            chosen = older(written(now - _days(older_than)))
        else:
            keys = read_keys(settings)
            chosen, beyond = of_patient(patient or "", client, keys), without_key(connection, keys)
        erased = erase(engine_for(settings), chosen.condition, written(now))
        if older_than is not None:
            forget_stray_feedback(engine_for(settings), written(now - _days(older_than)))
        waiting = in_spool(chosen, look(settings.spool_folder))
    typer.echo(f"{erased} calls forgotten.")
    if waiting:
        _fail(f"{waiting} more wait in the spool. Run this again when the database has taken them.")
    if beyond:
        _fail(
            f"{beyond} calls carry a key that is not at hand, so that nobody can say whether they are about this patient. "
            "Run this again with that key behind the current one, or where it is."
        )


@journal.command("rotate-key")
def rotate_key() -> None:
    """Make a new key for pseudonyms. Older keys are kept for as long as calls carry them."""
    from app.journal.keys import key_file, read_keys, rotate  # noqa: PLC0415
    from app.journal.past import keys_carried  # noqa: PLC0415
    from app.journal.spool import look  # noqa: PLC0415

    with opened() as (settings, connection):
        if settings.pseudonym_key is not None:
            _fail(
                "The key comes from WANE_PSEUDONYM_KEY. Put a new secret (openssl rand -hex 32) and a comma in front of "
                "what is there, on every host, and start Wane again."
            )
        carried = keys_carried(connection, look(settings.spool_folder))
        before = read_keys(settings)
        keys = rotate(settings, carried)
    dropped = before.by_id.keys() - keys.by_id.keys()
    typer.echo(f"New calls carry key {keys.current.id} once Wane is started again. It is in {key_file(settings)}.")
    typer.echo(f"Kept: {', '.join(each for each in keys.by_id if each != keys.current.id)}.")
    if dropped:
        typer.echo(f"Dropped, since no call carries it: {', '.join(sorted(dropped))}.")


@contextmanager
def opened() -> "Iterator[tuple[Settings, Connection]]":
    """The journal, for reading, as it is at this moment."""
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415

    from app.journal.database import DatabaseAway, engine_for, kind_of  # noqa: PLC0415

    settings = _settings()
    try:
        if not settings.database_url and not settings.journal.exists():
            _fail(f"There is no journal at {settings.journal}. WANE_JOURNAL or WANE_DATABASE_URL names it.")
        engine = engine_for(settings, reads=True)
        with engine.connect().execution_options(**_SNAPSHOT.get(engine.dialect.name, {})) as connection:
            yield settings, connection
    except SettingsFault as fault:
        _fail(str(fault))
    except (SQLAlchemyError, DatabaseAway, OSError) as error:
        _fail(f"The journal cannot be read ({kind_of(error)}).")


def _settings() -> Settings:
    try:
        return read_settings()
    except SettingsFault as fault:
        _fail(str(fault))


_SNAPSHOT = {"postgresql": {"isolation_level": "REPEATABLE READ"}}


def _days(written: str) -> timedelta:
    match = re.fullmatch(r"(\d{1,6})d", written.strip())
    if match is None:
        _fail("--older-than is a number of days, like 400d.")
    return timedelta(days=int(match[1]))


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(1)
