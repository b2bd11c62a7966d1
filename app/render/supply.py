"""The same order for a shorter time: only supply and end are changed, and everything else goes back as it came."""

from collections.abc import Mapping
from fractions import Fraction
from math import ceil

from app.intake.quantity import read_quantity
from app.intake.units import Kind

Json = dict[str, object]
_WORTH_IT = 7  # days that a supply must become shorter by, if nothing else changes
_BOUNDS = ("boundsPeriod", "boundsDuration", "boundsRange", "count")


def with_supply(original: Json, days: int, units_a_day: Fraction | None) -> Json | None:
    """The order with a supply for `days` days, once. None where it already is that short, or where the quantity it
    names cannot be made smaller without guessing."""
    changed = _members(original.get("dispenseRequest"))
    repeats = changed.get("numberOfRepeatsAllowed", 0) not in (0, None)
    told = _days(changed.get("expectedSupplyDuration"))
    quantity = _members(changed.get("quantity"))
    if told is not None and told <= days and not repeats:
        return None
    if quantity:
        amount = _smaller(quantity, days, told, units_a_day)
        if amount is None or (told is None and not repeats and not _is_worth_it(quantity, amount, units_a_day)):
            return None
        changed["quantity"] = {**quantity, "value": amount}
    if told is None or told > days:
        changed["expectedSupplyDuration"] = _duration(days)
    changed["numberOfRepeatsAllowed"] = 0
    return {**original, "dispenseRequest": changed}


def _smaller(quantity: Json, days: int, told: int | None, units_a_day: Fraction | None) -> int | None:
    """What lasts `days` days: in proportion to the supply that was told, else by what is taken a day."""
    amount = quantity.get("value")
    if not isinstance(amount, int) or isinstance(amount, bool):
        return None
    if told is not None:
        enough = Fraction(amount * days, told)
        return amount if told <= days else int(enough) if enough.denominator == 1 else None
    read = read_quantity(quantity)
    if units_a_day is None or read is None or read.unit.kind is not Kind.COUNT:
        return None
    return min(amount, ceil(units_a_day * days))


def _is_worth_it(quantity: Json, amount: int, units_a_day: Fraction | None) -> bool:
    before = quantity.get("value")
    return isinstance(before, int) and units_a_day is not None and before - amount >= _WORTH_IT * units_a_day


def with_end(original: Json, days: int) -> Json | None:
    """The order with an end after `days` days; None where it has one, or where its one instruction tells no rhythm."""
    instructions = original.get("dosageInstruction")
    if not isinstance(instructions, list) or len(instructions) != 1 or not isinstance(instructions[0], Mapping):
        return None
    timing = _members(instructions[0].get("timing"))
    repeat = _members(timing.get("repeat"))
    if not repeat or any(key in repeat for key in _BOUNDS):
        return None
    ended = {**timing, "repeat": {**repeat, "boundsDuration": _duration(days)}}
    return {**original, "dosageInstruction": [{**instructions[0], "timing": ended}]}


def _duration(days: int) -> Json:
    return {"value": days, "unit": "d", "system": "http://unitsofmeasure.org", "code": "d"}


def _days(duration: object) -> int | None:
    if not isinstance(duration, Mapping):
        return None
    value = duration.get("value")
    of_unit = {"d": 1, "day": 1, "days": 1, "wk": 7, "week": 7, "weeks": 7}.get(
        str(duration.get("code") or duration.get("unit"))
    )
    return value * of_unit if of_unit and isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


def _members(value: object) -> Json:
    return dict(value) if isinstance(value, Mapping) else {}
