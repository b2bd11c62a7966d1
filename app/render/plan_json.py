"""The canonical plan as JSON: what every other rendering must agree with, day for day.

Amounts are decimal text, exact where they end; shares are fractions as text ("1/10") beside the same in percent.
"""

from datetime import date
from fractions import Fraction

from app.planning.query import decimal_text
from app.render.plan_words import PlanWords
from knowledge.taper import Intake, Plan, Product, Refusal, Step, Units
from knowledge.taper.notes import Note, Value
from knowledge.taper.plan import added
from knowledge.taper.request import HoldReason

Json = dict[str, object]
_DIGITS = 6  # behind the point, of an amount that never ends


def plan_json(plan: Plan, words: PlanWords) -> Json:
    """A plan; codes come with their words.

    `steps[].mg` is the dose of each day of the row; `products` is what `intakes[].units[].product` counts in.
    """
    products = products_of(plan)
    return {
        "hash": plan.hash,
        "version": plan.version,
        "medicine": plan.request.medicine,
        "scheme": plan.scheme,
        "scheme_version": plan.scheme_version,
        "first_day": plan.request.first_day.isoformat(),
        "last_day": last_day(plan).isoformat(),
        "start_mg": amount(plan.start_mg),
        "last_mg": amount(plan.last_mg),
        "last_by": plan.last_by,
        "feasibility": {"code": str(plan.feasibility), "text": words.feasibility(plan)},
        "goes_on_from": _origin(plan),
        "switch": _switch(plan),
        "products": [_product(product) for product in products],
        "steps": [_step(step, products, words) for step in plan.steps],
        "supply": [_units(units, products) for units in plan.supply()],
        "notes": [_note(note, "caution", words) for note in plan.warnings],
        "alternatives": [_note(note, "alternative", words) for note in plan.alternatives],
    }


def refusal_json(refusal: Refusal, words: PlanWords) -> Json:
    """Why there is no plan, and what would help."""
    return {
        "because": [_note(note, "because", words) for note in refusal.because],
        "alternatives": [_note(note, "alternative", words) for note in refusal.alternatives],
    }


def products_of(plan: Plan) -> tuple[Product, ...]:
    """Every product the plan uses, in the order of first use."""
    return tuple(units.product for units in added(u for s in plan.steps for i in s.intakes for u in i.units))


def last_day(plan: Plan) -> date:
    """The last day on which something is taken."""
    return max(step.last_day for step in plan.steps if step.last_day)


def _step(step: Step, products: tuple[Product, ...], words: PlanWords) -> Json:
    return {
        "row": step.row,
        "kind": str(step.kind),
        "medicine": step.medicine,
        "first_day": step.first_day.isoformat(),
        "last_day": step.last_day.isoformat() if step.last_day else None,
        "days": step.days,
        "mg": amount(step.mg),
        "intakes": [_intake(intake, products) for intake in step.intakes],
        "drop_of_previous": share(step.drop_of_previous),
        "drop_of_start": share(step.drop_of_start),
        "flags": [_note(note, "flag", words) for note in step.flags],
        "supply": [_units(units, products) for units in step.supply],
    }


def _intake(intake: Intake, products: tuple[Product, ...]) -> Json:
    units = [_units(each, products) for each in intake.units]
    return {"when": str(intake.when), "mg": amount(intake.mg), "units": units}


def _units(units: Units, products: tuple[Product, ...]) -> Json:
    return {"product": products.index(units.product), "number": amount(units.number)}


def _product(product: Product) -> Json:
    return {
        "medicine": product.medicine,
        "form": str(product.form),
        "strength_mg": amount(product.strength_mg),
        "divisible_into": product.divisible_into,
        "verified": product.verified,
        "compounded": product.compounded,
        "modified_release": product.modified_release,
        "name": product.name,
    }


def _switch(plan: Plan) -> Json | None:
    if plan.switch is None:
        return None
    return {
        "to": "diazepam",
        "low_mg": amount(plan.switch.low_mg),
        "high_mg": amount(plan.switch.high_mg),
        "chosen_mg": amount(plan.switch.chosen_mg),
    }


def _origin(plan: Plan) -> Json | None:
    origin = plan.request.origin
    if origin is None:
        return None
    change = "hold" if origin.change == HoldReason.ASKED else str(origin.change)  # by the name it was asked for
    return {"plan": origin.plan_hash, "row": origin.row, "change": change}


def _note(note: Note, table: str, words: PlanWords) -> Json:
    values = {name: _value(name, value) for name, value in note.values}
    return {"code": str(note.code), "text": words.note(table, note), "values": values}


def _value(name: str, value: Value) -> object:
    if isinstance(value, Fraction):
        return amount(value) if name.endswith("_mg") or name == "mg" else share(value)
    return value if isinstance(value, int) else str(value)


def share(value: Fraction) -> Json:
    """A share, exactly and in percent."""
    return {"share": str(value), "percent": amount(value * 100, 2)}


def amount(value: Fraction, digits: int = _DIGITS) -> str:
    """Decimal text: exact where the number ends within 30 digits, else rounded to so many behind the point."""
    try:
        exact = decimal_text(value)
    except ValueError:
        exact = ""
    if exact and (digits == _DIGITS or len(exact.partition(".")[2]) <= digits):
        return exact
    return decimal_text(Fraction(round(value * 10**digits), 10**digits))
