"""How much was handed out, how long it lasts, and what it makes a day."""

import re
from fractions import Fraction
from functools import lru_cache

from app.intake.elements import Json, element
from app.intake.quantity import Measured, read_quantity
from app.intake.span import decimal
from app.intake.strength import Strength
from app.intake.told import in_mg
from app.intake.units import WORDS, Kind
from knowledge.facts import Certainty, DailyDose

_PACKS = ("pack", "box", "doos", "verpakking", "boîte", "boite", "packung", "blister", "bottle", "fles", "op", "carton")
_PACK = re.compile(rf"[{{}}\[\] ]*(?:{'|'.join(_PACKS)})(?:s| |[{{}}\[\] ]*$)", re.IGNORECASE)
_COUNTED = {unit.name for unit in WORDS.values() if unit.kind is Kind.COUNT} | {"unit", "piece"}
_UCUM = "http://unitsofmeasure.org"


def amount_of(quantity: object, strength: Strength | None = None) -> Measured | None:
    """What a quantity hands out: in mg where the strength tells it. Packs of an unknown size are not readable."""
    sent = element(quantity)
    if not sent or "comparator" in sent or "modifierExtension" in sent:
        return None
    try:
        return _amount(sent.get("value"), sent.get("unit"), sent.get("code"), sent.get("system"), strength)
    except TypeError:  # a list or an object where a value belongs
        return None


@lru_cache(maxsize=2048, typed=True)
def _amount(value: object, unit: object, code: object, system: object, strength: Strength | None) -> Measured | None:
    sent = {"value": value, "unit": unit, "code": code, "system": system}
    if _is_pack(sent):
        return None
    if not (unit or code or system):
        sent |= {"code": "1", "system": _UCUM, "unit": None}  # a bare number counts tablets, however many
    amount = read_quantity(sent)
    if amount is None or not 0 < amount.span.high < 1_000_000:
        return None
    return in_mg(amount, strength)


def _is_pack(quantity: Json) -> bool:
    return any(_PACK.match(said) for key in ("unit", "code") if isinstance(said := quantity.get(key), str))


def days_of(amount: Measured | None, daily: DailyDose | None) -> Fraction | None:
    """How many days it lasts at this dose: at the high end of a range, so that it is never too long."""
    if amount is None or daily is None or daily.high <= 0 or not comparable(amount.unit.name, daily.unit):
        return None
    return Fraction(amount.span.low) / Fraction(daily.high)


def daily_of(amount: Measured | None, days: Fraction | int | None) -> DailyDose | None:
    """What it makes a day, if it lasts so many days."""
    if amount is None or not days or days <= 0:
        return None
    low, high = (decimal(Fraction(end) / Fraction(days)) for end in (amount.span.low, amount.span.high))
    return DailyDose(low, high, amount.unit.name, Certainty.LIKELY, "supply")


def comparable(one: str, other: str) -> bool:
    """Whether amounts in these units can be held together: the same unit, or two that count things."""
    return one == other or (one in _COUNTED and other in _COUNTED)
