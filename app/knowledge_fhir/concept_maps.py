"""What equals what (https://hl7.org/fhir/R4/conceptmap.html): doses in diazepam, with the range over the tables; and the codes
of products and ingredients in medicines."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import groupby

import orjson
import tomli

from app.knowledge_fhir.parts import DEFINITIONS, Json, canonical, copyright_of, head, may_ship, uris
from knowledge.library import Library
from knowledge.medicine import Medicine

EQUALS, STRENGTH = f"{DEFINITIONS}/equals-10-mg-diazepam", f"{DEFINITIONS}/strength"
_MEDICINES = canonical("CodeSystem", "medicines")
_MG = {"unit": "mg", "system": "http://unitsofmeasure.org", "code": "mg"}
_TITLES = ("Diazepam equivalence", "Products and ingredients")


def concept_maps(library: Library) -> list[Json]:
    """Both of them."""
    diazepam = head(
        "ConceptMap",
        "diazepam-equivalence",
        library.version,
        _TITLES[0],
        "What is held equal to 10 mg diazepam by mouth. Official tables differ up to two-fold, so that it is a range: from "
        "the smallest to the largest value found. It is no dose to give: a switch starts from the low end.",
    )
    products = head(
        "ConceptMap",
        "product-ingredient",
        library.version,
        _TITLES[1],
        "Which medicine a code of a product or an ingredient stands for, and what one unit of the product holds.",
    )
    groups = list(_products(library))
    return [
        {
            **diazepam,
            "sourceCanonical": canonical("ValueSet", "medicines"),
            "targetCanonical": canonical("ValueSet", "medicines"),
            "group": [{"source": _MEDICINES, "target": _MEDICINES, "element": list(_equivalents(library))}],
        },
        {
            **products,
            "copyright": copyright_of([system for system, _ in groups], library),
            "targetCanonical": canonical("ValueSet", "medicines"),
            "group": [group for _, group in groups],
        },
    ]


def _equivalents(library: Library) -> Iterator[Json]:
    for medicine in sorted(library.medicines.by_id.values(), key=lambda each: each.id):
        if "bzra" in medicine.classes and medicine.id not in ("bzra", "diazepam"):
            yield {"code": medicine.id, "display": medicine.names["en"], "target": [_equivalent(medicine)]}


def _equivalent(medicine: Medicine) -> Json:
    equal = medicine.equivalence
    if equal is None:
        return {"equivalence": "unmatched", "comment": "No table that is good enough: it is never converted by itself."}
    low, high = _shown(equal.lowest), _shown(equal.highest)
    return {
        "extension": [{"url": EQUALS, "valueRange": {"low": _mg(equal.lowest), "high": _mg(equal.highest)}}],
        "code": "diazepam",
        "display": "diazepam",
        "equivalence": "inexact",
        "comment": f"{low} to {high} mg {medicine.names['en']} are held equal to 10 mg diazepam by mouth.",
    }


def _products(library: Library) -> Iterator[tuple[str, Json]]:
    """A group for each code system: (its short name, the group)."""
    rows = sorted({*_of_files(library), *_of_codes(library)})
    for system, group in groupby(rows, key=lambda row: row[0]):
        elements = [_element(code, medicine, equivalence, mg) for _, code, medicine, equivalence, mg in group]
        yield system, {"source": uris(library.folder)[system], "target": _MEDICINES, "element": elements}


_Row = tuple[str, str, str, str, str]  # system, code, medicine, equivalence, mg per unit


def _of_files(library: Library) -> Iterator[_Row]:
    """What the medicines' own files say of their codes."""
    for name in library.medicines.by_id:
        path = library.folder / "medicines" / f"{name}.toml"
        for code in _codes(tomli.loads(path.read_text(encoding="utf-8"))) if path.exists() else ():
            if code.get("status") == "verified" and may_ship(str(code["system"]), str(code["code"])):
                mg = str(code.get("mg_per_unit", ""))
                same = "equivalent" if code["kind"] == "ingredient" else "wider"
                yield str(code["system"]), str(code["code"]), name, same, mg


def _codes(table: Mapping[str, object]) -> list[Mapping[str, object]]:
    found = table.get("code", [])
    return found if isinstance(found, list) else []


def _of_codes(library: Library) -> Iterator[_Row]:
    """Codes of medicines that are known as a class only."""
    own = {(system, code) for system, code, *_ in _of_files(library)}
    classes = {name for medicine in library.medicines.by_id.values() for name in medicine.classes}
    for (system, code), hit in library.medicines.by_code.items():
        if (system, code) not in own and may_ship(system, code):
            is_class = hit.medicine in classes or system == "rxnorm"
            yield system, code, hit.medicine, "wider" if is_class else "equivalent", ""


def _element(code: str, medicine: str, equivalence: str, mg: str) -> Json:
    target: Json = {"code": medicine, "equivalence": equivalence}
    if mg:
        target = {"extension": [{"url": STRENGTH, "valueQuantity": _mg(Decimal(mg))}], **target}
    return {"code": code, "target": [target]}


def _mg(value: Decimal) -> Json:
    return {"value": orjson.Fragment(_shown(value)), **_MG}


def _shown(value: Decimal) -> str:
    return f"{value.normalize():f}"
