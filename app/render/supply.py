"""The same order for a shorter time: only supply and end are changed, and everything else goes back as it came."""

from collections.abc import Mapping
from fractions import Fraction
from math import ceil

from app.intake.quantity import read_days, read_quantity
from app.intake.units import Kind

Json = dict[str, object]
_WORTH_IT = 7  # days that a supply must become shorter by, where only its quantity tells how long it lasts
_NEAR_ENOUGH = (
    10  # a supply told in days and one counted by what is taken a day may differ by one in so many: packs are round
)
_BOUNDS = ("boundsPeriod", "boundsDuration", "boundsRange", "count")


def with_supply(original: Mapping[str, object], days: int, units_a_day: Fraction | None = None) -> Json | None:
    """The order with a supply for `days` days, once. None where it already is that short, or where a length or a
    quantity it names cannot be made smaller without guessing."""
    dispense = original.get("dispenseRequest")
    changed = _members(dispense)
    duration, quantity = changed.get("expectedSupplyDuration"), changed.get("quantity")
    told = read_days(duration)
    if (dispense is not None and not isinstance(dispense, Mapping)) or (duration is not None and told is None):
        return None
    repeats = changed.get("numberOfRepeatsAllowed")
    if "initialFill" in changed or (told is not None and (told < days or (told == days and not repeats))):
        return None
    if quantity is not None:
        amount = _smaller(_members(quantity), days, told, units_a_day)
        if amount is None or (told is None and not repeats and not _is_worth_it(quantity, amount, units_a_day)):
            return None
        changed["quantity"] = {**_members(quantity), "value": amount}
    if told is None or told > days:
        changed["expectedSupplyDuration"] = {**_members(duration), **_in_days(days)}
    changed["numberOfRepeatsAllowed"] = 0
    return {**original, "dispenseRequest": changed}


def _smaller(quantity: Json, days: int, told: Fraction | int | None, units_a_day: Fraction | None) -> int | None:
    """What lasts `days` days: by what is taken a day, else in proportion to the supply that was told. None where that is
    more than is handed out at once, or where the two say different things."""
    amount = quantity.get("value")
    if not isinstance(amount, int) or isinstance(amount, bool):
        return None
    read = read_quantity(quantity)
    if units_a_day and read is not None and read.unit.kind is Kind.COUNT:
        needed = ceil(units_a_day * days)
        lasts = Fraction(amount) / units_a_day
        agree = told is None or abs(lasts - told) <= Fraction(told) / _NEAR_ENOUGH
        return needed if agree and needed <= amount else None
    if told is None:
        return None
    fewer = min(Fraction(amount), Fraction(amount * days) / Fraction(told))
    return int(fewer) if fewer.denominator == 1 else None


def _is_worth_it(quantity: object, amount: int, units_a_day: Fraction | None) -> bool:
    before = _members(quantity).get("value")
    return isinstance(before, int) and units_a_day is not None and before - amount >= _WORTH_IT * units_a_day


def lasts_at_most(original: Mapping[str, object], days: int) -> bool:
    """Whether nothing of its supply says that it is meant for longer: no length above `days`, and no repeats."""
    dispense = _members(original.get("dispenseRequest"))
    told = read_days(dispense.get("expectedSupplyDuration"))
    unreadable = "expectedSupplyDuration" in dispense and told is None
    return not (dispense.get("numberOfRepeatsAllowed") or unreadable or (told is not None and told > days))


def with_end(original: Mapping[str, object], days: int) -> Json | None:
    """The order with an end after `days` days; None where it has one, or where its one instruction tells no rhythm."""
    instructions = original.get("dosageInstruction")
    if not isinstance(instructions, list) or len(instructions) != 1 or not isinstance(instructions[0], Mapping):
        return None
    timing = _members(instructions[0].get("timing"))
    repeat = _members(timing.get("repeat"))
    if not repeat or any(key in repeat for key in _BOUNDS):
        return None
    ended = {**timing, "repeat": {**repeat, "boundsDuration": _in_days(days)}}
    return {**original, "dosageInstruction": [{**instructions[0], "timing": ended}]}


def _in_days(days: int) -> Json:
    return {"value": days, "unit": "d", "system": "http://unitsofmeasure.org", "code": "d"}


def _members(value: object) -> Json:
    return dict(value) if isinstance(value, Mapping) else {}
