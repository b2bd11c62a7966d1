"""Loads the documents Wane rests on and their claims from `knowledge/documents/<document-id>/`, strictly."""

import re
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

from knowledge.claim import APPLIES_TO, HOOKS, KINDS, NOT_STATED, Claim, Document, Issue, Newer
from knowledge.figures import read_figure
from knowledge.strict_toml import MISSING, Table, read_toml

DOCUMENTS = Path(__file__).parent / "documents"


class ClaimsError(ValueError):
    """The documents or claims cannot be used. `faults` says of each fault what, where and what next."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


def load_documents(folder: Path = DOCUMENTS) -> tuple[Document, ...]:
    """Every document with its claims, both sorted by id.

    Raises ClaimsError, with every fault found, for a missing or unknown key, a value of the wrong form, an id that
    stands twice, a claim that is named but does not exist, or a line beyond the end of the document.
    """
    faults: list[str] = []
    folders = sorted(path for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []
    if not folders:
        faults.append(f"{folder.name}: no document found. Add a folder with document.toml and claims.toml.")
    documents = tuple(_document(path, faults) for path in folders)
    _check_ids(documents, faults)
    if faults:
        raise ClaimsError(faults)
    return documents


def all_claims(documents: Iterable[Document]) -> dict[str, Claim]:
    return {claim.id: claim for document in documents for claim in document.claims}


def _document(folder: Path, faults: list[str]) -> Document:
    name = f"{folder.name}/document.toml"
    table = Table(read_toml(folder / "document.toml", name, faults) or {}, name, faults)
    document = Document(
        id=table.text("id"),
        title=table.text("title"),
        cite=table.text("cite"),
        publisher=table.text("publisher"),
        language=table.one_of("language", ("nl", "fr", "en", "de")),
        date=_date(table),
        date_basis=table.text("date_basis"),
        url=table.text_or_none("url"),
        obtained=table.text("obtained"),
        file=table.text("file"),
        sha256=_sha256(table, "sha256"),
        lines=table.number("lines"),
        superseded_by=table.text_or_none("superseded_by"),
        newer=tuple(_newer(entry, f"{name}, newer {i}", faults) for i, entry in enumerate(table.tables("newer"), 1)),
        issues=tuple(_issue(entry, f"{name}, issue {i}", faults) for i, entry in enumerate(table.tables("issue"), 1)),
        claims=_claims(folder, faults),
    )
    table.close()
    if document.id != folder.name:
        table.fault(f"'id' is '{document.id}', the folder is '{folder.name}'", "Give both the same name.")
    return document


def _newer(values: object, where: str, faults: list[str]) -> Newer:
    table = Table(values, where, faults)
    newer = Newer(
        id=table.text("id"),
        date=_date(table),
        text=table.text("text"),
        source=table.text("source"),
        checked=table.truth("checked"),
        claims=table.texts("claims"),
    )
    table.close()
    return newer


def _issue(values: object, where: str, faults: list[str]) -> Issue:
    table = Table(values, where, faults)
    places = table.anything("lines")
    if not isinstance(places, list) or not places:
        table.fault("'lines' is not a list of places", "Write [[from, to]] or [[from, to], [from, to]].")
        places = []
    issue = Issue(tuple(_lines(table, place) for place in places), table.text("text"), table.texts("claims"))
    table.close()
    return issue


def _claims(folder: Path, faults: list[str]) -> tuple[Claim, ...]:
    name = f"{folder.name}/claims.toml"
    table = Table(read_toml(folder / "claims.toml", name, faults) or {}, name, faults)
    claims = [_claim(values, folder.name, name, i, faults) for i, values in enumerate(table.tables("claim"), 1)]
    table.close()
    for one, next_one in pairwise(claims):
        if one.id and next_one.id and one.id > next_one.id:
            table.fault(f"{next_one.id} comes after {one.id}", "Sort the claims by id.")
    return tuple(claims)


def _claim(values: object, document: str, file: str, position: int, faults: list[str]) -> Claim:
    named = values.get("id") if isinstance(values, dict) else None
    table = Table(values, f"{file}, claim {named or position}", faults)
    claim = Claim(
        id=table.text("id"),
        document=document,
        section=table.text("section"),
        lines=_lines(table, table.anything("lines")),
        statement=table.text("statement"),
        figures=_figures(table),
        applies_to=_applies_to(table, faults),
        kind=table.one_of("kind", KINDS),
        action=table.text("action"),
        hooks=table.texts("hooks"),
        use=table.text("use"),
        note=table.text_or_none("note"),
        passage=_sha256(table, "passage"),
    )
    table.close()
    if claim.id and not re.fullmatch(r"[A-Z]+(-[A-Z]+)*-\d{3}", claim.id):
        table.fault(f"'id' is '{claim.id}'", "Write letters and a number of three digits, such as BZD-055.")
    for hook in claim.hooks:
        if hook not in HOOKS:
            table.fault(f"the hook '{hook}' is not known", f"Write one of: {', '.join(sorted(HOOKS))}.")
    return claim


def _figures(table: Table) -> tuple[str, ...]:
    figures = table.texts("figures")
    for figure in figures:
        try:
            read_figure(figure)
        except ValueError as error:
            table.fault(str(error), "See knowledge/figures.py for how a figure is compared.")
    return figures


def _applies_to(table: Table, faults: list[str]) -> tuple[tuple[str, str], ...]:
    values = table.anything("applies_to")
    if values is MISSING:
        return ()
    inner = Table(values, f"{table.where}, applies_to", faults)
    keys = [key for key in sorted(APPLIES_TO) if isinstance(values, dict) and key in values]
    pairs = tuple((key, inner.text(key)) for key in keys)
    inner.close()
    return pairs


def _lines(table: Table, value: object) -> tuple[int, int]:
    match value:
        case [int(first), int(last)] if 1 <= first <= last:
            return first, last
    if value is not MISSING:
        table.fault(f"lines {value!r} are no range", "Write [from, to], counted from 1, both ends included.")
    return 1, 1


def _date(table: Table) -> str:
    date = table.text("date")
    if date and date != NOT_STATED and not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", date):
        table.fault(f"'date' is '{date}'", f"Write 2015, 2015-06, 2015-06-30 or '{NOT_STATED}'.")
    return date


def _sha256(table: Table, key: str) -> str:
    value = table.text(key)
    if value and not re.fullmatch("[0-9a-f]{64}", value):
        table.fault(f"'{key}' is '{value}'", "Write a SHA-256 as 64 digits of 0-9 and a-f.")
    return value


def _check_ids(documents: Iterable[Document], faults: list[str]) -> None:
    home: dict[str, str] = {}
    for document in documents:
        for claim in document.claims:
            where = f"{document.id}/claims.toml, claim {claim.id}"
            if claim.id and claim.id in home:
                faults.append(
                    f"{where}: the id stands also in {home[claim.id]}/claims.toml. Give one of the two a free number."
                )
            home[claim.id] = document.id
            if document.lines and claim.lines[1] > document.lines:
                faults.append(
                    f"{where}: lines {claim.lines[0]}-{claim.lines[1]}, but the document has {document.lines}. "
                    "Correct the lines."
                )
    for document in documents:
        named = [entry.claims for entry in document.newer] + [entry.claims for entry in document.issues]
        for claims in named:
            for claim_id in claims:
                if home.get(claim_id) != document.id:
                    faults.append(
                        f"{document.id}/document.toml: names {claim_id}, which is no claim of this document. "
                        "Correct the id."
                    )
