"""The next step of a plan as the same order: only dose, timing and supply are changed, and everything else goes back as it
came. Where something in the order would still tell the old dose, there is no such order."""

from collections.abc import Mapping
from datetime import timedelta
from fractions import Fraction

from app.intake.elements import element, elements
from app.intake.included import Included
from app.intake.orders import Draft
from app.intake.quantity import read_days, read_quantity
from app.intake.units import Kind
from app.planning.query import decimal_text
from app.planning.taken import taken_fields
from app.render.plan.dosages import days_quantity, dosage_text, mg_quantity, number, repeat_of
from app.render.plan.papers import PLANS
from app.render.plan_words import PlanWords
from app.render.valid import is_valid_order
from knowledge.library import Library
from knowledge.taper import Form, Intake, Plan, Step
from knowledge.taper.plan import supply_for

Json = dict[str, object]
MOST_DAYS = 28  # of supply at once: review within the two to four weeks between reductions (ASAM 2025)
_STAYS = ("route", "site", "method", "extension", "modifierExtension", "additionalInstruction")
_TELLS_A_DOSE = ("patientInstruction", "maxDosePerPeriod", "maxDosePerAdministration", "maxDosePerLifetime")


def next_order(
    draft: Draft, plan: Plan, step: Step, prior: str | None, words: PlanWords, library: Library, included: Included
) -> Json | None:
    """The draft with the dose of this row, within its days, for at most 28 days at once, without repeats; read back, it
    says the dose of the row, or it is not offered.

    `prior` is the prescription in use that it takes the place of.
    """
    original = draft.original
    if not _is_made_of(step, draft):
        return None
    dosages = _dosages(original, draft, step, words)
    dispense = _dispense(original, draft, step)
    if dosages is None or dispense is None:
        return None
    changed: Json = {name: value for name, value in original.items() if name != "text"}
    changed |= {"dosageInstruction": dosages, "dispenseRequest": dispense}
    changed.setdefault("groupIdentifier", {"system": PLANS, "value": plan.hash})
    if prior is not None:
        changed.setdefault("priorPrescription", {"reference": prior})
    if not is_valid_order(changed) or _extensions(original) - _extensions(changed):
        return None
    told = taken_fields(changed, library, step.first_day, included)
    return changed if told.get("daily_mg") == decimal_text(step.mg) and "daily_mg_to" not in told else None


def _dosages(original: Mapping[str, object], draft: Draft, step: Step, words: PlanWords) -> list[Json] | None:
    """One instruction for each intake; what else the instructions hold must be the same in all of them, and no dose."""
    before = elements(original.get("dosageInstruction"))
    if not before or any(name in one for one in before for name in _TELLS_A_DOSE) or len(step.intakes) < len(before):
        return None
    stays = [{name: one[name] for name in _STAYS if name in one} for one in before]
    if any(each != stays[0] for each in stays):
        return None
    return [_dosage(before[0], intake, draft, step, words, stays[0]) for intake in step.intakes]


def _dosage(
    before: Mapping[str, object], intake: Intake, draft: Draft, step: Step, words: PlanWords, stays: Json
) -> Json:
    first_rate = next(iter(elements(before.get("doseAndRate"))), {})
    quantity = _dose(element(first_rate.get("doseQuantity")), intake, draft)
    dosage: Json = dict(stays)
    dosage["text"] = dosage_text(intake.when, intake.units, intake.mg, words)
    dosage["timing"] = {"repeat": repeat_of(intake, step.first_day, step.last_day)}
    dosage["doseAndRate"] = [
        {**({"type": first_rate["type"]} if "type" in first_rate else {}), "doseQuantity": quantity}
    ]
    return dosage


def _dose(before: Mapping[str, object], intake: Intake, draft: Draft) -> Json:
    """In tablets, where the order counted them and they are the ones that are taken; else in mg."""
    read = read_quantity(before) if before else None
    strength = draft.recognised.strength
    if read is None or read.unit.kind is not Kind.COUNT or strength is None or strength.mg_per_unit is None:
        return mg_quantity(intake.mg)
    if len(intake.units) != 1 or intake.units[0].product.strength_mg != Fraction(strength.mg_per_unit):
        return mg_quantity(intake.mg)
    kept = {name: value for name, value in before.items() if name in ("unit", "system", "code")}
    return {"value": number(intake.units[0].number), **kept}


def _is_made_of(step: Step, draft: Draft) -> bool:
    """Whether the row can be taken of what the order names: its one strength, or any where it names none."""
    strength = draft.recognised.strength
    if strength is None:
        return True
    products = {units.product for intake in step.intakes for units in intake.units}
    return strength.mg_per_unit is not None and all(
        product.form in (Form.TABLET, Form.CAPSULE) and product.strength_mg == Fraction(strength.mg_per_unit)
        for product in products
    )


def _dispense(original: Mapping[str, object], draft: Draft, step: Step) -> Json | None:
    """A supply for the days of the row, at most 28 and never more days than the order itself had."""
    told = original.get("dispenseRequest")
    if told is not None and (not isinstance(told, Mapping) or "initialFill" in told):
        return None
    before: Json = dict(told) if isinstance(told, Mapping) else {}
    own = read_days(before.get("expectedSupplyDuration"))
    if "expectedSupplyDuration" in before and own is None:
        return None
    days = min(step.days, MOST_DAYS, int(own) if own else MOST_DAYS)
    last = step.first_day + timedelta(days=days - 1)
    changed = {**before, "validityPeriod": {"start": step.first_day.isoformat(), "end": last.isoformat()}}
    changed["numberOfRepeatsAllowed"] = 0
    changed["expectedSupplyDuration"] = {**element(before.get("expectedSupplyDuration")), **days_quantity(days)}
    changed.pop("dispenseInterval", None)
    quantity = before.get("quantity")
    if quantity is not None:
        read = read_quantity(quantity)
        if read is None or read.unit.kind is not Kind.COUNT or draft.recognised.strength is None:
            return None
        (units,) = supply_for(step.intakes, days)
        changed["quantity"] = {**element(quantity), "value": number(units.number)}
    return changed


def _extensions(node: object) -> set[str]:
    """The addresses of all extensions in it."""
    if isinstance(node, Mapping):
        own = {str(each.get("url")) for key in ("extension", "modifierExtension") for each in elements(node.get(key))}
        return own.union(*(_extensions(value) for value in node.values()))
    return set().union(*(_extensions(item) for item in node)) if isinstance(node, list) else set()
