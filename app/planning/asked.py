"""Plain fields → what a taper is asked for. Every door uses this one: JSON, query string, command line, FHIR, cards.

A fact that is missing or unsafe is the planner's to refuse, by name; a field that cannot be read is a fault here.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from app.planning.fields import Fault, Reading
from app.planning.parts import Change, changes_of, holds_of, intakes_of, products_of, step_of
from app.planning.products import known_products
from knowledge.library import Library
from knowledge.taper import Circumstances, Conversion, Equivalence, Fact, Intake, PlanRequest, Product
from knowledge.taper.request import DIAZEPAM
from knowledge.taper.schemes import GROUPS

# Every field, and what it means: the documentation of all doors is written from this.
FIELDS: dict[str, str] = {
    "medicine": "The medicine as it is taken: id, name, brand or ATC code.",
    "daily_mg": "The dose in fact taken, mg a day. Without it, what the intakes add up to.",
    "daily_mg_to": "The upper end, where the dose is a range; a range is refused, by name.",
    "as_needed": "Taken as needed, without a fixed dose: refused, by name.",
    "route": "`oral`; any other route is refused. Left out: not told, and the plan says so.",
    "intakes": 'How the dose is divided over the day: {"when": "night", "mg": "2"} or `night:2`; `when` is morning, noon, '
    "evening, night or day. `units` may say what is in fact taken then.",
    "products": 'What the pharmacy has: {"form": "tablet", "strength_mg": "2", "divisible_into": 2} or `tablet:2/2`; forms: '
    "tablet, capsule, ml (one millilitre), drop. Without it, what the site has of the medicine, else the known strengths of "
    "`country`.",
    "modified_release": "The known strengths are those of prolonged-release tablets.",
    "country": "ISO 3166-1 alpha-2: whose known strengths count, and whether the Belgian programme applies.",
    "scheme": "asam-2025, nl-guided-reduction, bcfi-tenth, riziv-5, riziv-10 or baclofen-80.",
    "first_day": "The day the plan begins. Without it, today.",
    "step_percent": "The reduction asked for, in percent of what the scheme counts from. Without it, the scheme's own.",
    "step_mg": "The reduction asked for in mg, for a scheme that counts in mg.",
    "interval_days": "Days between reductions. Without it, the scheme's own.",
    "holds": 'Doses kept longer: {"after_reductions": 2, "days": 14} or `2:14`; 0 is the dose of now.',
    "last_mg": "The dose from which the clinician will stop.",
    "start_mg": "The dose the taper began from, where it began before this plan.",
    "convert_to_diazepam": "The clinician asks to switch to diazepam. Never done unasked.",
    "diazepam_products": "What the pharmacy has of diazepam; without it, as for `products`.",
    "age_years": "Age in years.",
    "continuous_days": "Days of continuous use up to the start.",
    "present": "What is so of the patient, as codes.",
    "absent": "What is known not to be so. A code in neither list is not told, which is never no.",
    "changes": 'What becomes of the plan, one after the other: {"change": "hold", "row": 3, "on": "2027-01-04", "days": 14}, '
    "`back` (also `to_row`) or `slower` (`step_percent`, `step_mg`, `interval_days`); or `hold:3:2027-01-04:14`, where the "
    "last number of `slower` is its `interval_days`. `plan` may name the hash of the plan that is changed.",
}
MOST_YEARS, MOST_DAYS = 120, 36_500
Fields = Mapping[str, object]
_PLURALS = {"intake": "intakes", "product": "products", "hold": "holds", "change": "changes"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A request to the planner, and what is to become of the plan afterwards. `products_from` says whose products they
    are: "request", "site", a country, or "none"."""

    request: PlanRequest
    products_from: str
    changes: tuple[Change, ...] = ()


def asked(
    fields: Mapping[str, object], library: Library, today: date, country: str | None = None
) -> Asked | tuple[Fault, ...]:
    """What is asked for, or everything that cannot be read in it. `country` is that of the client, where the fields name
    none; `today` the day on which a plan begins that names none.

    Fields are those of FIELDS; anything else is a fault.
    """
    reading = Reading()
    table = reading.table({_PLURALS.get(key, key): value for key, value in fields.items()}, "", FIELDS) or {}
    medicine, place = _medicine(table, library, reading), _country(table, reading) or country
    products, products_from = _products(table, medicine, place, library, reading)
    intakes = intakes_of(table, products, reading)
    scheme = reading.text(table.get("scheme"), "scheme") or _scheme_for(medicine)
    values: dict[str, Any] = {
        "medicine": medicine,
        "daily_mg": _daily(table, intakes, reading),
        "daily_mg_to": reading.amount(table.get("daily_mg_to"), "daily_mg_to"),
        "as_needed": reading.yes(table.get("as_needed"), "as_needed"),
        "route": reading.text(table.get("route"), "route"),
        "intakes": intakes,
        "products": products,
        "scheme": scheme,
        "first_day": reading.day(table.get("first_day"), "first_day") or today,
        "step": step_of(table, "", scheme, reading),
        "interval_days": reading.whole(table.get("interval_days"), "interval_days", 1, MOST_DAYS),
        "holds": holds_of(table, reading),
        "last_mg": reading.amount(table.get("last_mg"), "last_mg"),
        "start_mg": reading.amount(table.get("start_mg"), "start_mg"),
        "conversion": _conversion(table, place, library, reading),
        "patient": _patient(table, place, reading),
        **_known_of(medicine, library),
    }
    changes = changes_of(table, scheme, reading)
    return tuple(reading.faults) or Asked(PlanRequest(**values), products_from, changes)


def _medicine(table: Fields, library: Library, reading: Reading) -> str:
    """The medicine's id; one that nobody knows stays as it was written, for the planner to refuse."""
    written = reading.text(table.get("medicine"), "medicine")
    if written is None:
        if table.get("medicine") in (None, ""):
            reading.fault("medicine", "This field must be there: name the medicine.")
        return ""
    known = library.medicines
    if written.lower() in known.by_id:
        return written.lower()
    hit = known.of_code("atc", written.upper())
    named = known.in_text(written)
    return hit.medicine if hit else next(iter(named)) if len(named) == 1 else written


def _country(table: Fields, reading: Reading) -> str | None:
    written = reading.text(table.get("country"), "country")
    if written is not None and not re.fullmatch("[A-Za-z]{2}", written):
        reading.fault("country", "This is no country code of two letters, such as BE.")
        return None
    return written.upper() if written else None


def _products(
    table: Fields, medicine: str, place: str | None, library: Library, reading: Reading
) -> tuple[tuple[Product, ...], str]:
    slow = reading.yes(table.get("modified_release"), "modified_release")
    known = known_products(medicine, place, library, modified_release=slow)
    if table.get("products"):
        return products_of(table, "products", medicine, reading, known.products), "request"
    return known.products, known.whose


def _daily(table: Fields, intakes: tuple[Intake, ...], reading: Reading) -> Fraction | None:
    if table.get("daily_mg") in (None, ""):
        return sum((intake.mg for intake in intakes), Fraction(0)) if intakes else None
    return reading.amount(table.get("daily_mg"), "daily_mg")


def _scheme_for(medicine: str) -> str:
    return "baclofen-80" if medicine in GROUPS["baclofen"] else "asam-2025"


def _conversion(table: Fields, place: str | None, library: Library, reading: Reading) -> Conversion | None:
    given = products_of(table, "diazepam_products", DIAZEPAM, reading)
    if not reading.yes(table.get("convert_to_diazepam"), "convert_to_diazepam"):
        if given:
            reading.fault(
                "diazepam_products", "Ask for the switch with `convert_to_diazepam`: it is never done unasked."
            )
        return None
    return Conversion(given or known_products(DIAZEPAM, place, library).products)


def _patient(table: Fields, place: str | None, reading: Reading) -> Circumstances:
    told = {
        name: frozenset(
            fact for path, item in reading.list_of(table.get(name), name, len(Fact))
            if (fact := reading.one_of(item, Fact, path))
        )
        for name in ("present", "absent")
    }  # fmt: skip
    if both := sorted(told["present"] & told["absent"]):
        reading.fault("absent", f"These stand in `present` too: {', '.join(both)}.")
        return Circumstances()
    return Circumstances(
        age_years=reading.whole(table.get("age_years"), "age_years", 0, MOST_YEARS),
        country=place,
        continuous_days=reading.whole(table.get("continuous_days"), "continuous_days", 0, MOST_DAYS),
        **told,
    )


def _known_of(medicine: str, library: Library) -> dict[str, Any]:
    """What the knowledge base tells of the medicine: its tables, and the limit of the Belgian programme (3 DDD)."""
    known = library.medicines.by_id.get(medicine)
    tables, defined = (known.equivalence, known.defined_dose) if known else (None, None)
    return {
        "equivalence": Equivalence(Fraction(tables.lowest), Fraction(tables.highest)) if tables else None,
        "programme_limit_mg": Fraction(defined) * 3 if defined else None,
    }
