"""Fields of a resource that are there and cannot be read: each costs itself, and is named (DESIGN invariant 3).

Doses have a reason of their own where they cannot be read; here are the dates, lengths, states and reasons beside them.
"""

from collections.abc import Callable, Iterator

from app.intake.elements import Json, code_of, codings, element, elements, is_date, reference_of, words_of
from app.intake.quantity import read_days


def unread_fields(resource: Json) -> Iterator[str]:
    """The names of the fields of a request, dispense or statement that hold something else than they should."""
    for name, value in resource.items():
        is_read = _CHECKED.get(name)
        if is_read is not None and value is not None and not is_read(value):
            yield name
    for instruction in elements(resource.get("dosageInstruction")) or elements(resource.get("dosage")):
        repeat = element(element(instruction.get("timing")).get("repeat"))
        if "boundsPeriod" in repeat and not _is_period(repeat["boundsPeriod"]):
            yield "boundsPeriod"


def _is_code(value: object) -> bool:
    return bool(code_of(value))


def _is_period(value: object) -> bool:
    if not isinstance(value, dict):
        return False
    return all(value.get(end) is None or is_date(value[end]) for end in ("start", "end"))


def _is_supply(value: object) -> bool:
    """A dispenseRequest."""
    if not isinstance(value, dict):
        return False
    repeats, length = value.get("numberOfRepeatsAllowed"), value.get("expectedSupplyDuration")
    counted = repeats is None or (isinstance(repeats, int) and not isinstance(repeats, bool))
    return counted and (length is None or _is_length(length))


def _is_length(value: object) -> bool:
    return read_days(value) is not None


def _is_extension(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def _is_said(value: object) -> bool:
    """Concepts or references, or one of them."""
    items = value if isinstance(value, list) else [value]
    return all(_says(item) for item in items)


def _says(item: object) -> bool:
    told = element(item)
    named = any(told.get(key) for key in ("identifier", "display", "concept")) or bool(reference_of(told))
    return named or bool(words_of(told)) or any(coding.code for coding in codings(told))


_CHECKED: dict[str, Callable[[object], bool]] = {
    "status": _is_code,
    "intent": _is_code,
    "authoredOn": is_date,
    "dateWritten": is_date,
    "dateAsserted": is_date,
    "effectiveDateTime": is_date,
    "effectivePeriod": _is_period,
    "effectiveDosePeriod": _is_period,
    "dispenseRequest": _is_supply,
    "daysSupply": _is_length,
    "reasonCode": _is_said,
    "reasonCodeableConcept": _is_said,
    "reasonReference": _is_said,
    "reason": _is_said,
    "extension": _is_extension,
}
