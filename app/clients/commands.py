"""`wane client`: list those that are registered, and make a bearer token for one."""

import secrets
from typing import Annotated, NoReturn

import typer

from app.settings import SettingsFault, read_settings

client = typer.Typer(no_args_is_help=True, help="Who may call.")


@client.command("token")
def token(name: Annotated[str, typer.Argument(help="The client, by the name of its file.")]) -> None:
    """Make a bearer token, and print it once, with the line that registers it. Only its hash is kept, by you."""
    from app.clients.door import hash_of  # noqa: PLC0415 - brings the whole service with it

    try:
        settings = read_settings()
    except SettingsFault as fault:
        _fail(str(fault))
    found = next((each for each in settings.clients if each.name == name), None)
    made = f"wane_{secrets.token_urlsafe(32)}"
    hashes = ", ".join(f'"{each}"' for each in (*(found.tokens if found else ()), hash_of(made)))
    typer.echo(f"The token, shown this once; give it to the client:\n{made}\n")
    typer.echo(f"Write this into clients/{name}.toml in the site folder, and start Wane again:\ntokens = [{hashes}]")
    if found is None:
        typer.echo(
            f'\nNo client {name} is registered yet: clients/{name}.toml also needs unreviewed = "show" or "shadow".'
        )


@client.command("list")
def listed() -> None:
    """Print every registered client, and how it proves who it is."""
    try:
        settings = read_settings()
    except SettingsFault as fault:
        _fail(str(fault))
    for each in settings.clients:
        proofs = [f"JWTs of {each.issuer}"] if each.issuer else []
        proofs += [f"{len(each.tokens)} bearer token{'s'[: len(each.tokens) > 1]}"] if each.tokens else []
        typer.echo(f"{each.name}: {' and '.join(proofs)}")
    if not settings.clients:
        typer.echo("No client is registered: Wane answers this machine only, unless WANE_OPEN is set.")


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(1)
