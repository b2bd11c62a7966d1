"""What a prescription says is taken, as fields of a plan: medicine, dose, division over the day, route."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from app.intake.elements import Json, element, elements
from app.intake.included import Included
from app.intake.instructions import dosage_of, instructions_of
from app.intake.medicine import Recognised, read_medicine
from app.intake.route import route_of
from app.planning.query import decimal_text
from knowledge.facts import Dosage
from knowledge.library import Library
from knowledge.taper import When

# http://hl7.org/fhir/ValueSet/event-timing, by what the code begins with; the longest that fits counts.
_MOMENTS = {
    "MORN": When.MORNING, "ACM": When.MORNING, "CM": When.MORNING, "PCM": When.MORNING, "WAKE": When.MORNING,
    "NOON": When.NOON, "AFT": When.NOON, "ACD": When.NOON, "CD": When.NOON, "PCD": When.NOON,
    "EVE": When.EVENING, "ACV": When.EVENING, "CV": When.EVENING, "PCV": When.EVENING,
    "NIGHT": When.NIGHT, "HS": When.NIGHT, "PHS": When.NIGHT,
}  # fmt: skip
_USUAL: dict[int, tuple[When, ...]] = {
    1: (When.DAY,),
    2: (When.MORNING, When.NIGHT),
    3: (When.MORNING, When.NOON, When.NIGHT),
    4: (When.MORNING, When.NOON, When.EVENING, When.NIGHT),
}
_HOURS = ((11, When.MORNING), (16, When.NOON), (21, When.EVENING), (24, When.NIGHT))


def taken_fields(
    prescription: Json, library: Library, today: date, included: Included | None = None
) -> dict[str, object]:
    """The fields that a prescription fills in; what it does not tell is left out, for the planner to miss by name.

    Times of day that it does not name are the usual ones of so many equal intakes.
    """
    recognised = read_medicine(prescription, library, included or Included())
    dosage = _dosage(prescription, recognised, today)
    fields: dict[str, object] = {"medicine": recognised.medicine or recognised.label or None}
    route = route_of(instructions_of(prescription), recognised, library.codes)
    if route:
        fields["route"] = route
    daily = dosage.daily
    if dosage.as_needed and daily is None:
        fields["as_needed"] = True
    if daily is not None and daily.unit == "mg":
        fields["daily_mg"] = decimal_text(Fraction(daily.low))
        if daily.high != daily.low:
            fields["daily_mg_to"] = decimal_text(Fraction(daily.high))
        elif division := _division(prescription, recognised, dosage, today):
            fields["intakes"] = [f"{when}:{decimal_text(mg)}" for when, mg in division.items()]
    return {name: value for name, value in fields.items() if value is not None}


def _dosage(prescription: Json, recognised: Recognised, today: date) -> Dosage:
    return dosage_of(prescription, recognised.strength, today=today, dispense=prescription.get("dispenseRequest"))


def _division(prescription: Json, recognised: Recognised, whole: Dosage, today: date) -> dict[When, Fraction]:
    """The mg at each moment, where all of it can be told and adds up to the dose of the day; else nothing."""
    instructions = elements(prescription.get("dosageInstruction"))
    found: dict[When, Fraction] = {}
    for one in instructions:
        alone = _dosage({**prescription, "dosageInstruction": [one]}, recognised, today)
        moments = _moments(one) or (_usual(alone.times) if len(instructions) == 1 else ())
        if not moments or alone.daily is None or alone.daily.unit != "mg" or alone.daily.low != alone.daily.high:
            return {}
        for when in moments:
            found[when] = found.get(when, Fraction(0)) + Fraction(alone.daily.low) / len(moments)
    told = whole.daily
    adds_up = told is not None and sum(found.values(), Fraction(0)) == Fraction(told.low)
    return found if adds_up and all(_ends(mg) for mg in found.values()) else {}


def usual_moments(times: int | None, daily_mg: Fraction) -> list[str]:
    """So many equal intakes at the usual times of day, as a field; nothing where they do not come out even."""
    moments = _usual(times)
    each = daily_mg / len(moments) if moments else Fraction(0)
    return [f"{when}:{decimal_text(each)}" for when in moments] if moments and _ends(each) else []


def _usual(times: int | None) -> tuple[When, ...]:
    return _USUAL.get(times or 0, ())


def _moments(instruction: Json) -> Sequence[When]:
    """The moments that it names, each once; nothing where one of them is of no known time of day."""
    repeat = element(element(instruction.get("timing")).get("repeat"))
    named = [_moment_of(code) for code in _listed(repeat.get("when"))]
    named += [_moment_at(hour) for hour in _listed(repeat.get("timeOfDay"))]
    return [] if None in named or len(set(named)) < len(named) else [when for when in named if when]


def _moment_of(code: str) -> When | None:
    return _MOMENTS.get(code.partition(".")[0])


def _moment_at(time: str) -> When | None:
    hour = time[:2]
    return next((when for before, when in _HOURS if int(hour) < before), None) if hour.isdecimal() else None


def _listed(value: object) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _ends(mg: Fraction) -> bool:
    try:
        decimal_text(mg)
    except ValueError:
        return False
    return True
