"""What a hospital adds to the knowledge base: its products, its codes, and the addresses it knows code systems by.

`read_site` is the entry. A product table is a CSV, an overlay a TOML file; both are refused whole, naming file, line
and remedy, where one entry cannot be used: half a table would be a table nobody can rely on.
"""

import csv
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from pathlib import Path

from knowledge.codes import Codes
from knowledge.fault import fail
from knowledge.library import Library
from knowledge.medicine import Medicines, words
from knowledge.overlay import with_overlay

OTHER = "other"  # a product of no medicine in the knowledge base: known, and none of ours
_AMOUNTS = ("mg_per_unit", "mg_per_ml", "drops_per_ml")
_COLUMNS = ("system", "code", "ingredient", *_AMOUNTS, "form", "route", "divisible_into", "release")
_NEEDED = ("system", "code", "ingredient")
_PARTS = (1, 2, 4)  # that a tablet is divided into
_MOST_MARKS = 100  # on a syringe, in a millilitre
RELEASES = ("immediate", "modified")


@dataclass(frozen=True, slots=True)
class Product:
    """One product of the site. `medicine` None: none of ours. `divisible_into`: the equal parts its licence allows of a
    unit, or the marks for a millilitre; None or an empty `release`: not told."""

    medicine: str | None
    mg_per_unit: Decimal | None = None
    mg_per_ml: Decimal | None = None
    drops_per_ml: Decimal | None = None
    form: str = ""
    route: str | None = None
    divisible_into: int | None = None
    release: str = ""


Products = Mapping[tuple[str, str], Product]  # by (short name of the system, or its URI; code)


def read_site(library: Library, products: Path | None = None, overlay: Path | None = None) -> Library:
    """The knowledge base with what this site adds. The overlay comes first: the product table may use its aliases.

    Raises KnowledgeFault naming the file, the line, what is wrong and what to write instead. The version of the
    library then also says which site files judged.
    """
    digest = hashlib.sha256()
    for path in (overlay, products):
        digest.update(path.read_bytes() if path else b"\0")
    if overlay:
        library = with_overlay(library, overlay)
    if products:
        read = read_products(products, library.medicines, library.codes)
        library = replace(library, products=read, stock=_by_medicine(read))
    return replace(library, version=f"{library.version}.site.{digest.hexdigest()[:12]}")


def _by_medicine(products: Products) -> Mapping[str, tuple[Product, ...]]:
    found: dict[str, list[Product]] = {}
    for product in products.values():
        if product.medicine:
            found.setdefault(product.medicine, []).append(product)
    return {medicine: tuple(each) for medicine, each in found.items()}


def with_icd10(library: Library, icd10: str | None) -> Library:
    """The knowledge base for a client that means WHO ICD-10 ("who") or ICD-10-CM ("cm") by the URI of WHO ICD-10. None:
    it did not tell, and a code that is in other lists in the one than in the other is not sure."""
    return replace(library, codes=replace(library.codes, icd10=icd10))


def read_products(path: Path, medicines: Medicines, codes: Codes) -> Products:
    """The product table of a site: `system,code,ingredient` and, where known, `mg_per_unit`, `mg_per_ml`,
    `drops_per_ml`, `form`, `route`, `divisible_into` and `release`.

    `system` is a short name of codes/systems.toml or a URI; `ingredient` a medicine's id, name or ATC code, or "other".
    """
    found: dict[tuple[str, str], Product] = {}
    for line, row in _rows(path):
        where = f"{path.name} line {line}"
        key = (system_key(codes, row["system"]), row["code"])
        product = _product(row, where, medicines, codes)
        if found.setdefault(key, product) != product:
            fail(
                where,
                f"{row['system']} {row['code']} stands there twice, with different contents.",
                "Keep one of them.",
            )
    return found


def system_key(codes: Codes, system: str) -> str:
    """The name a system is filed under: its short name where it is known, else its URI as it stands."""
    return codes.system_of(system) or (system if system in codes.systems.values() else system.rstrip("/").lower())


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        written = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        fail(path.name, "is missing.", f"Put it at {path.parent.name}/{path.name}, or take it out of the settings.")
    except UnicodeDecodeError as error:
        fail(path.name, f"is not UTF-8 (byte {error.start}).", "Save it as UTF-8.")
    reader = csv.DictReader(written.splitlines(), delimiter=";" if ";" in written.split("\n", 1)[0] else ",")
    columns = [column or "" for column in reader.fieldnames or ()]
    for column in _NEEDED:
        if column not in columns:
            fail(f"{path.name} line 1", f'the column "{column}" is missing.', f"Begin with: {','.join(_COLUMNS)}.")
    for column in columns:
        if column not in _COLUMNS:
            fail(
                f"{path.name} line 1", f'"{column}" is no column of this table.', f"Use some of: {', '.join(_COLUMNS)}."
            )
    for row in reader:
        if None in row or None in row.values():
            fail(f"{path.name} line {reader.line_num}", "has too many or too few fields.", "Quote texts with commas.")
        yield reader.line_num, {column: row[column].strip() for column in columns}


def _product(row: Mapping[str, str], where: str, medicines: Medicines, codes: Codes) -> Product:
    for column in _NEEDED:
        if not row[column]:
            fail(where, f"{column} is empty.", "Fill it in, or take the line out.")
    route = row.get("route") or None
    if route and route not in codes.routes.values():
        fail(
            where, f'the route "{route}" is not known.', f"Use one of: {', '.join(sorted(set(codes.routes.values())))}."
        )
    release = row.get("release", "").lower()
    if release and release not in RELEASES:
        fail(where, f'the release "{release}" is not known.', f"Use {' or '.join(RELEASES)}, or leave it empty.")
    return Product(
        medicine=_medicine(row["ingredient"], where, medicines),
        mg_per_unit=_amount(row, "mg_per_unit", where),
        mg_per_ml=_amount(row, "mg_per_ml", where),
        drops_per_ml=_amount(row, "drops_per_ml", where),
        form=row.get("form", ""),
        route=route,
        divisible_into=_parts(row, where, release),
        release=release,
    )


def _medicine(written: str, where: str, medicines: Medicines) -> str | None:
    if written.lower() == OTHER:
        return None
    hit = medicines.of_code("atc", written.upper())
    found = hit.medicine if hit else medicines.by_name.get(words(written))
    if written.lower() in medicines.by_id:
        found = written.lower()
    if found is None:
        fail(
            where,
            f'the ingredient "{written}" is not known.',
            'Write its ATC code or its name, or "other" if it is none of ours.',
        )
    return found


def _parts(row: Mapping[str, str], where: str, release: str) -> int | None:
    written = row.get("divisible_into", "")
    if not written:
        return None
    parts = int(written) if written.isascii() and written.isdecimal() and len(written) <= len(str(_MOST_MARKS)) else 0
    liquid = not row.get("mg_per_unit") and bool(row.get("mg_per_ml"))
    if not (1 <= parts <= _MOST_MARKS if liquid else parts in _PARTS):
        fail(
            where,
            f'divisible_into "{written}" is no division.',
            f"Write 1, 2 or 4 for a tablet, and 1 to {_MOST_MARKS} marks for a millilitre of a liquid.",
        )
    if release == "modified" and parts > 1 and not liquid:
        fail(where, "what is released slowly is taken whole.", "Leave divisible_into empty, or write 1.")
    return parts


def _amount(row: Mapping[str, str], column: str, where: str) -> Decimal | None:
    written = row.get(column, "")
    if not written:
        return None
    try:
        value = Decimal(written)
    except InvalidOperation:
        value = Decimal(-1)
    if not value.is_finite() or not 0 < value < 100_000:
        fail(where, f'{column} "{written}" is no amount.', "Write a number above 0 with a decimal point, such as 2.5.")
    return value
