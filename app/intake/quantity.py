"""FHIR Quantity, Range and Ratio → exact amounts (https://hl7.org/fhir/R4/datatypes.html#Quantity).

None means that it cannot be read; whether it was there at all, its reader has to look.
"""

from dataclasses import dataclass
from fractions import Fraction

from app.intake.span import Exact, Span, exact, exactly, over
from app.intake.units import BARE, MG, ML, Kind, Unit, unit_of

DAYS_PER: dict[str, Exact] = {
    "d": 1,
    "h": Fraction(1, 24),
    "min": Fraction(1, 1440),
    "wk": 7,
    "mo": Fraction(487, 16),  # 30.4375: a twelfth of 365.25
    "a": Fraction(1461, 4),
}
_TIME_WORDS = {
    "d": "d day days dag dagen jour jours tag tage day(s) tag(e) 24h",
    "h": "h hr hrs hour hours uur uren heure heures stunde stunden std hour(s) stunde(n)",
    "min": "min minute minutes minuut minuten",
    "wk": "wk week weeks weken semaine semaines sem woche wochen woche(n) week(s)",
    "mo": "mo month months maand maanden mois monat monate monaten monat(e) month(s)",
    "a": "a year years jaar jaren an ans année années jahr jahre",
}
TIME_WORDS = {word: code for code, words in _TIME_WORDS.items() for word in words.split()}


@dataclass(frozen=True, slots=True)
class Measured:
    """An amount in base units: mg for masses, mL for volumes, else counted in `unit`."""

    span: Span
    unit: Unit

    def times(self, span: Span) -> "Measured":
        return Measured(self.span * span, self.unit)


def measured(span: Span, unit: Unit) -> Measured:
    """An amount as it was written, in base units."""
    if unit.factor == 1:
        return Measured(span, unit)
    return Measured(span.times(unit.factor), MG if unit.kind is Kind.MASS else ML)


# Numbers of tablets that people take at one time; any other bare number is a dose whose unit was lost.
BARE_COUNTS: frozenset[Exact] = frozenset(Fraction(quarters, 4) for quarters in (0, 1, 2, 3, 4, 6, 8, 12, 16))


def read_quantity(value: object, *, handed_out: bool = False) -> Measured | None:
    """The amount of a Quantity; None where it cannot be read (no value, a comparator, a unit nobody knows).

    A number without a unit is a count; a big one is only that where it counts what was handed out.
    """
    if not isinstance(value, dict) or value.get("comparator") or value.get("modifierExtension"):
        return None
    number = exact(value.get("value"))
    unit = unit_of(value.get("unit"), value.get("code"), value.get("system"))
    if number is None or unit is None or number < 0 or (unit is BARE and number not in BARE_COUNTS and not handed_out):
        return None
    return measured(exactly(number), unit)


def read_range(value: object) -> Measured | None:
    """The amount of a Range; both ends must be there, in one unit."""
    if not isinstance(value, dict):
        return None
    low, high = read_quantity(value.get("low")), read_quantity(value.get("high"))
    if low is None or high is None or low.unit != high.unit or low.span.high > high.span.low:
        return None
    return Measured(Span(low.span.low, high.span.high), low.unit)


def read_days(value: object) -> Exact | None:
    """The length in days of a Duration ("2 wk", "24 hour"); None where it cannot be read or is not positive."""
    if not isinstance(value, dict) or value.get("comparator"):
        return None
    number, days = exact(value.get("value")), _days_of(value.get("unit"), value.get("code"))
    return number * days if number is not None and days is not None and number > 0 else None


def _days_of(unit: object, code: object) -> Exact | None:
    said = TIME_WORDS.get(unit.strip().lower()) if isinstance(unit, str) else None
    coded = TIME_WORDS.get(code.strip().lower()) if isinstance(code, str) else None
    if said and coded and said != coded:
        return None
    found = coded or said
    return DAYS_PER[found] if found else None


def read_ratio_per_day(value: object) -> Measured | None:
    """The amount per day of a Ratio of an amount to a time ("8 tablets / 24 h"). A bare numerator stays bare."""
    if not isinstance(value, dict):
        return None
    amount, days = read_quantity(value.get("numerator"), handed_out=True), read_days(value.get("denominator"))
    return amount.times(exactly(over(1, days))) if amount and days else None


def same_kind(one: Unit, other: Unit) -> bool:
    """Whether amounts in these units can be compared: one mass with another, one counted thing with another.

    A bare number counts whatever is counted.
    """
    if BARE in (one, other):
        return not {one.kind, other.kind} & {Kind.MASS, Kind.VOLUME}
    if one.kind is Kind.COUNT and other.kind is Kind.COUNT:
        return True
    return one.name == other.name


def words_of(concept: object) -> list[str]:
    """What a CodeableConcept says in words: its text, and the displays of its codes."""
    if not isinstance(concept, dict):
        return []
    codings = concept.get("coding")
    found = [concept.get("text")]
    found += [one.get("display") for one in codings if isinstance(one, dict)] if isinstance(codings, list) else []
    return [words for words in found if isinstance(words, str) and words.strip()]
