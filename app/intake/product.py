"""What one unit or one mL of a product holds: told by the Medication itself, the site's table, a code or the label.

Where two of them tell different things, none is believed.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from app.intake.elements import Json, element, elements, reference_of, text
from app.intake.quantity import read_quantity
from app.intake.span import decimal
from app.intake.strength import Strength, read_strength
from app.intake.units import Kind


def strength_of_medication(medication: Json) -> Strength | None:
    """The strength in `Medication.ingredient` of a product with one ingredient (R4 `strength`, R5 `strengthRatio`)."""
    ingredients = [item for item in elements(medication.get("ingredient")) if item.get("isActive") is not False]
    if len(ingredients) != 1:
        return None
    ratio = element(ingredients[0].get("strength")) or element(ingredients[0].get("strengthRatio"))
    sent = ratio.get("numerator") or ingredients[0].get("strengthQuantity")
    mass = read_quantity(sent)
    if mass is None or mass.unit.kind is not Kind.MASS or mass.span.low <= 0:
        return None
    if not ratio:
        return Strength(mg_per_unit=decimal(Fraction(mass.span.low)))
    per = read_quantity(_counted(ratio.get("denominator")))
    if per is None or per.span.low <= 0 or per.unit.kind not in (Kind.COUNT, Kind.VOLUME):
        return None
    each = decimal(Fraction(mass.span.low) / Fraction(per.span.low))
    return Strength(mg_per_unit=each) if per.unit.kind is Kind.COUNT else Strength(mg_per_ml=each)


def ingredients_of(medication: Json, beside: Sequence[Json], included: Mapping[str, Json]) -> list[Json]:
    """The concept of each ingredient of a Medication: told in it (R4, R5), or by a Substance or Medication it refers to,
    among the resources contained `beside` it or in the call."""
    found = []
    for ingredient in elements(medication.get("ingredient")):
        item = element(ingredient.get("item"))
        told = element(ingredient.get("itemCodeableConcept")) or element(item.get("concept"))
        reference = element(ingredient.get("itemReference")) or element(item.get("reference"))
        if not told and reference:
            told = _referenced(reference, (*beside, *elements(medication.get("contained"))), included)
        found += [told] if told else []
    return found


def _referenced(reference: Json, beside: Iterable[Json], included: Mapping[str, Json]) -> Json:
    wanted = reference_of(reference)
    held = next((one for one in beside if wanted and wanted == f"#{text(one.get('id'))}"), None)
    code = element(element(held if held is not None else included.get(wanted)).get("code"))
    return element(code.get("concept")) or code or {"text": text(reference.get("display"))}


def _counted(quantity: object) -> object:
    """A denominator without a unit is one of the product."""
    if isinstance(quantity, Mapping) and not any(quantity.get(key) for key in ("unit", "code", "system")):
        return {**quantity, "code": "1", "system": "http://unitsofmeasure.org"}
    return quantity


def agreed(told: Iterable[Strength | None], labels: Iterable[str]) -> tuple[Strength | None, bool]:
    """The strength that all who tell one agree on, and whether they do; they differ: None, and false."""
    strengths = [one for one in (*told, *map(read_strength, labels)) if one]
    fields = [{value for value in values if value is not None} for values in zip(*map(_values, strengths), strict=True)]
    if any(len(values) > 1 for values in fields):
        return None, False
    return (Strength(*(next(iter(values), None) for values in fields)) if fields else None), True


def _values(strength: Strength) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    return strength.mg_per_unit, strength.mg_per_ml, strength.drops_per_ml
