"""`wane config`: what Wane would run with here, and the table of all settings."""

import sys

import typer

from app.journal.keys import read_keys
from app.settings import SettingsFault, read_effective
from app.settings.shown import as_markdown, clients_as_markdown, shown
from app.site_knowledge import site_library
from knowledge.fault import KnowledgeFault

config = typer.Typer(no_args_is_help=True, help="Look at the settings, and check them.")


@config.command("check")
def check() -> None:
    """Read the environment and the site folder, its products and codes too, and print every setting with its origin;
    secrets are held to what is asked of them, and not shown."""
    try:
        effective = read_effective()
        site_library(effective.settings.site)
        if effective.settings.pseudonym_key is not None:  # else they are in a file, and made where there is none
            read_keys(effective.settings)
    except (SettingsFault, KnowledgeFault) as fault:
        typer.echo(str(fault), err=True)
        raise typer.Exit(1) from None
    typer.echo(shown(effective))
    typer.echo(f"\nClients: {', '.join(client.name for client in effective.settings.clients) or 'none'}.")
    typer.echo("\nNo fault found.")


@config.command("table")
def table() -> None:
    """Print every setting there is, and every key of a client's file, with its default, as Markdown tables."""
    sys.stdout.write(f"{as_markdown()}\n{clients_as_markdown()}")
