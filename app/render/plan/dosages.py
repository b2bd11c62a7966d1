"""The doses of a plan as FHIR R4 Dosages (https://hl7.org/fhir/R4/dosage.html): in mg, with the units in words, each
within the days of its row."""

from datetime import date
from fractions import Fraction

from app.render.plan_words import PlanWords
from knowledge.taper import Form, Intake, Product, Step, Units, When

Json = dict[str, object]
UCUM = "http://unitsofmeasure.org"
# http://hl7.org/fhir/event-timing and v3-TimingEvent, both bound to Timing.repeat.when; When.DAY was not told.
_WHEN = {When.MORNING: "MORN", When.NOON: "NOON", When.EVENING: "EVE", When.NIGHT: "NIGHT"}
_SNOMED = "http://snomed.info/sct"


def number(value: Fraction) -> int | float:
    """A FHIR decimal: the shortest that reads back as the same decimal number."""
    return value.numerator if value.denominator == 1 else float(value)


def mg_quantity(mg: Fraction) -> Json:
    """An amount of medicine."""
    return {"value": number(mg), "unit": "mg", "system": UCUM, "code": "mg"}


def units_quantity(units: Units, words: PlanWords) -> Json:
    """So many tablets, capsules, millilitres or drops; only millilitres have a code that all agree on."""
    if units.product.form is Form.ML:
        return {"value": number(units.number), "unit": "mL", "system": UCUM, "code": "mL"}
    return {"value": number(units.number), "unit": words.phrases["counted"][units.product.form]}


def days_quantity(days: int) -> Json:
    """A length in days."""
    return {"value": days, "unit": "d", "system": UCUM, "code": "d"}


def dosages_of(step: Step, words: PlanWords, of: Product | None = None, sequence: int | None = None) -> list[Json]:
    """One Dosage for each intake of the row; `of` leaves what is taken of the other products out."""
    found = []
    for intake in step.intakes:
        units = tuple(each for each in intake.units if of in (None, each.product))
        if not units:
            continue
        mg = sum((each.mg for each in units), Fraction(0))
        dosage: Json = {} if sequence is None else {"sequence": sequence}
        dosage["text"] = dosage_text(intake.when, units, mg, words)
        dosage["timing"] = {"repeat": repeat_of(intake, step.first_day, step.last_day)}
        dosage["route"] = {"coding": [{"system": _SNOMED, "code": "26643006", "display": "Oral route"}]}
        dosage["doseAndRate"] = [{"doseQuantity": mg_quantity(mg)}]
        found.append(dosage)
    return found


def dosage_text(when: When, units: tuple[Units, ...], mg: Fraction, words: PlanWords) -> str:
    """What is taken then: "at night 1½ tablets of 5 mg (7.5 mg)"."""
    told = words.listed(words.marked_units(each) for each in units)
    return words.word("taken", when=words.phrases["when"][when], units=told, mg=words.mg(mg))


def repeat_of(intake: Intake, first: date, last: date | None) -> Json:
    """Once a day at that moment, within these days, both included."""
    bounds = {"start": first.isoformat(), **({"end": last.isoformat()} if last else {})}
    repeat: Json = {"boundsPeriod": bounds, "frequency": 1, "period": 1, "periodUnit": "d"}
    return {**repeat, "when": [_WHEN[intake.when]]} if intake.when in _WHEN else repeat


def products_in(step: Step) -> tuple[Product, ...]:
    """The products of a row, in the order of first use."""
    return tuple(dict.fromkeys(units.product for intake in step.intakes for units in intake.units))
