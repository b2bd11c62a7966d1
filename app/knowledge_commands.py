"""`wane knowledge`: check what stands there, show a rule, see what a newer edition of a document changes, lay out a rule."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from knowledge.fault import KnowledgeFault

knowledge = typer.Typer(no_args_is_help=True, help="Look at the knowledge base, and check it.")


@knowledge.command("check")
def check(
    documents: Annotated[
        Path | None, typer.Option(help="Folder with the documents: hold every passage against it.")
    ] = None,
) -> None:
    """Load the whole knowledge base and hold rules, cases, texts and claims against each other."""
    from knowledge.check import faults  # noqa: PLC0415
    from knowledge.library import read_library  # noqa: PLC0415
    from knowledge.passages import verify  # noqa: PLC0415

    try:
        library = read_library()
        found = list(faults(library, datetime.now(UTC).date()))
    except KnowledgeFault as error:
        _fail(str(error))
    verified = verify(library.documents, documents) if documents is not None else None
    if verified is not None:
        found += [str(fault) for fault in verified.faults]
    if found:
        _fail("\n".join([*found, f"{len(found)} faults in the knowledge base."]))
    cases = sum(len(cases) for cases in library.cases.values())
    claims = sum(len(document.claims) for document in library.documents)
    typer.echo(
        f"Knowledge {library.version}: {len(library.rules)} rules, {cases} cases, {claims} claims. No fault found."
    )
    if verified is not None and verified.skipped:
        typer.echo(f"Passages not held against their documents: {verified.skipped}", err=True)
    elif verified is not None:
        typer.echo(f"{verified.claims} passages and {verified.figures} figures stand in the documents as claimed.")


@knowledge.command("show")
def show(rule: Annotated[str, typer.Argument(help="The rule's id.")], lang: str = "en") -> None:
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


@knowledge.command("impact")
def impact(
    newer: Annotated[Path, typer.Argument(help="The newer edition, as plain text.", exists=True, dir_okay=False)],
    document: Annotated[str, typer.Option(help="The document's id.")],
    older: Annotated[
        Path | None,
        typer.Option(help="The edition the claims were written from.", exists=True, dir_okay=False),
    ] = None,
) -> None:
    """Tell what a newer edition of a document does to its claims, and to the rules and texts that rest on them.

    Without the older edition a passage is found again only where its lines are the same to the letter.
    """
    from app.showing_impact import told  # noqa: PLC0415
    from knowledge.citations import users_of_claims  # noqa: PLC0415
    from knowledge.coverage import load_coverage  # noqa: PLC0415
    from knowledge.impact import impact as impact_of  # noqa: PLC0415
    from knowledge.library import read_library  # noqa: PLC0415

    library = read_library()
    known = {each.id: each for each in library.documents}
    if document not in known:
        _fail(f"There is no document {document}. Documents: {', '.join(sorted(known))}.")
    try:
        text, before = newer.read_text("utf-8"), older.read_text("utf-8") if older else None
        found = impact_of(known[document], text, users_of_claims(library.folder), older=before)
    except UnicodeDecodeError as error:
        _fail(f"The file is no UTF-8 text (byte {error.start}). Save the document as plain text in UTF-8.")
    except ValueError as error:
        _fail(str(error))
    typer.echo(told(found, load_coverage(library.documents).entries))


@knowledge.command("new")
def new(
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
