"""`wane config`: what Wane would run with here, and the table of all settings."""

import sys

import typer

from app.settings import SettingsFault, read_effective
from app.settings.shown import as_markdown, shown
from app.site_knowledge import site_library
from knowledge.fault import KnowledgeFault

config = typer.Typer(no_args_is_help=True, help="Look at the settings, and check them.")


@config.command("check")
def check() -> None:
    """Read the environment and the site folder, its products and codes too, and print every setting with its origin;
    secrets are not shown."""
    try:
        effective = read_effective()
        site_library(effective.settings.site)
    except (SettingsFault, KnowledgeFault) as fault:
        typer.echo(str(fault), err=True)
        raise typer.Exit(1) from None
    typer.echo(shown(effective))
    typer.echo("\nNo fault found.")


@config.command("table")
def table() -> None:
    """Print every setting there is, with its default, as a Markdown table."""
    sys.stdout.write(as_markdown())
