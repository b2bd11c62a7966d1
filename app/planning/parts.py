"""The lists among the fields: intakes, products, holds and changes. Each item is an object, or its short form in text."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from app.planning.fields import Reading
from knowledge.taper import SCHEMES, Form, Hold, Intake, Product, Units, When

Fields = Mapping[str, object]
MOST_PRODUCTS, MOST_HOLDS, MOST_CHANGES = 12, 12, 24
_SHORT_PRODUCT = re.compile(r"(?P<form>[a-z]+):(?P<strength_mg>[\d.,]+)(?:/(?P<divisible_into>\d+))?")
_SHORT_INTAKE = re.compile(r"(?P<when>[a-z]+):(?P<mg>[\d.,]+)")
_SHORT_HOLD = re.compile(r"(?P<after_reductions>\d+):(?P<days>\d+)")
_SHORT_CHANGE = re.compile(r"(?P<change>[a-z]+):(?P<row>\d+):(?P<on>[\d-]{10})(?::(?P<days>\d+))?")
_INTAKE, _UNITS, _HOLD = ("when", "mg", "units"), ("strength_mg", "form", "number"), ("after_reductions", "days")
_PRODUCT = ("form", "strength_mg", "divisible_into", "verified", "compounded", "modified_release", "name", "medicine")
_CHANGE = ("change", "row", "on", "days", "to_row", "step_percent", "step_mg", "interval_days", "plan")
_MARKS = (1, 2, 4, 5, 10, 20, 25, 50, 100)  # per millilitre: those that leave every dose a decimal number


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of a plan from `row` on: see knowledge.taper.replan. `plan` is the hash it is meant for, if told."""

    change: str
    row: int
    on: date
    path: str
    days: int | None = None
    to_row: int | None = None
    step: Fraction | None = None
    interval_days: int | None = None
    plan: str | None = None


def products_of(
    table: Fields, name: str, medicine: str, reading: Reading, known: tuple[Product, ...] = ()
) -> tuple[Product, ...]:
    """The products under a name, each once. One that does not say whether its strength was verified, and that `known` holds
    as unverified, is unverified."""
    doubtful = {(each.form, each.strength_mg) for each in known if not each.verified}
    found = []
    for path, item in reading.list_of(table.get(name), name, MOST_PRODUCTS):
        one = _written(item, _SHORT_PRODUCT, path, "tablet:2.5/2", _PRODUCT, reading)
        product = one and _product(one, path, medicine, reading, doubtful)
        if product:
            found.append(product)
    return tuple(dict.fromkeys(found))


def _product(
    one: Fields, path: str, medicine: str, reading: Reading, doubtful: set[tuple[Form, Fraction]]
) -> Product | None:
    form = reading.one_of(one.get("form"), Form, f"{path}.form")
    mg = reading.amount(one.get("strength_mg"), f"{path}.strength_mg")
    parts = reading.whole(one.get("divisible_into"), f"{path}.divisible_into", 1, 100)
    _needed(one, path, ("form", "strength_mg"), reading)
    if form is Form.ML and parts not in (None, *_MARKS):
        reading.fault(
            f"{path}.divisible_into", f"A syringe has one of these marks per ml: {', '.join(map(str, _MARKS))}."
        )
    if form is None or mg is None:
        return None
    try:
        return Product(
            reading.text(one.get("medicine"), f"{path}.medicine") or medicine,
            form,
            mg,
            parts or 1,
            verified=reading.yes(one["verified"], f"{path}.verified")
            if "verified" in one
            else (form, mg) not in doubtful,
            compounded=reading.yes(one.get("compounded"), f"{path}.compounded"),
            modified_release=reading.yes(one.get("modified_release"), f"{path}.modified_release"),
            name=reading.text(one.get("name"), f"{path}.name") or "",
        )
    except ValueError as error:
        field, _, said = str(error).partition(": ")
        reading.fault(f"{path}.{field}", f"{said[:1].upper()}{said[1:]}.")
        return None


def intakes_of(table: Fields, products: tuple[Product, ...], reading: Reading) -> tuple[Intake, ...]:
    """The intakes of a day, with the units that are in fact taken where they were told."""
    found = []
    for path, item in reading.list_of(table.get("intakes"), "intakes", len(When)):
        one = _written(item, _SHORT_INTAKE, path, "night:2", _INTAKE, reading)
        if one is None:
            continue
        _needed(one, path, ("when", "mg"), reading)
        when, mg = reading.one_of(one.get("when"), When, f"{path}.when"), reading.amount(one.get("mg"), f"{path}.mg")
        units = _units(one, path, products, reading)
        if mg is not None and mg <= 0:
            reading.fault(f"{path}.mg", "An intake is above 0 mg: leave out a moment at which nothing is taken.")
        elif when and mg:
            found.append(Intake(when, mg, units))
    return tuple(found)


def _units(one: Fields, path: str, products: tuple[Product, ...], reading: Reading) -> tuple[Units, ...]:
    found = []
    for where, item in reading.list_of(one.get("units"), f"{path}.units", MOST_PRODUCTS):
        told = reading.table(item, where, _UNITS) or {}
        mg, number = (reading.amount(told.get(name), f"{where}.{name}") for name in ("strength_mg", "number"))
        form = reading.one_of(told.get("form"), Form, f"{where}.form")
        fitting = [each for each in products if each.strength_mg == mg and form in (None, each.form)]
        if mg is not None and not fitting:
            reading.fault(f"{where}.strength_mg", "None of the products has this strength.")
        if number is not None and number > 0 and fitting:
            found.append(Units(fitting[0], number))
        elif number is None or number <= 0:
            reading.fault(f"{where}.number", "Say how many of them, above 0.")
    return tuple(found)


def holds_of(table: Fields, reading: Reading) -> tuple[Hold, ...]:
    """The holds asked for from the outset."""
    found = []
    for path, item in reading.list_of(table.get("holds"), "holds", MOST_HOLDS):
        one = _written(item, _SHORT_HOLD, path, "2:14", _HOLD, reading)
        if one is None:
            continue
        _needed(one, path, _HOLD, reading)
        after = reading.whole(one.get("after_reductions"), f"{path}.after_reductions", 0, 400)
        days = reading.whole(one.get("days"), f"{path}.days", 1, 366)
        if after is not None and days is not None:
            found.append(Hold(after, days))
    return tuple(found)


def changes_of(table: Fields, scheme: str, reading: Reading) -> tuple[Change, ...]:
    """What becomes of the plan, in the order given."""
    found = []
    for path, item in reading.list_of(table.get("changes"), "changes", MOST_CHANGES):
        one = _written(item, _SHORT_CHANGE, path, "hold:3:2027-01-04:14", _CHANGE, reading)
        if one is None:
            continue
        _needed(one, path, ("change", "row", "on"), reading)
        kind, row = one.get("change"), reading.whole(one.get("row"), f"{path}.row", 0, 1_000)
        if kind == "slower" and "days" in one:
            if not isinstance(item, str):
                reading.fault(f"{path}.days", "A slower course is not held. Give `interval_days` between reductions.")
            one = {**one, "interval_days": one["days"], "days": None}  # the last number of the short form
        on = reading.day(one.get("on"), f"{path}.on")
        days = reading.whole(one.get("days"), f"{path}.days", 1, 366)
        if kind not in (None, "hold", "back", "slower"):
            reading.fault(f"{path}.change", "This is none of: hold, back, slower.")
        if kind == "hold" and days is None and "days" not in one:
            reading.fault(f"{path}.days", "Say for how many days the dose is held.")
        step, to_row = (
            step_of(one, f"{path}.", scheme, reading),
            reading.whole(one.get("to_row"), f"{path}.to_row", 0, 1_000),
        )
        interval = reading.whole(one.get("interval_days"), f"{path}.interval_days", 1, 366)
        plan = reading.text(one.get("plan"), f"{path}.plan")
        if isinstance(kind, str) and row is not None and on is not None:
            found.append(Change(kind, row, on, path, days, to_row, step, interval, plan))
    return tuple(found)


def step_of(table: Fields, path: str, scheme: str, reading: Reading) -> Fraction | None:
    """The reduction asked for, in the scheme's own terms: a share, or mg."""
    percent = reading.amount(table.get("step_percent"), f"{path}step_percent")
    mg = reading.amount(table.get("step_mg"), f"{path}step_mg")
    known = SCHEMES.get(scheme)
    in_mg = known is not None and known.of == "mg"
    if percent is not None and in_mg:
        reading.fault(f"{path}step_percent", "This scheme counts in mg. Give `step_mg`.")
    if mg is not None and not in_mg:
        reading.fault(f"{path}step_mg", "This scheme counts in shares. Give `step_percent`.")
    return mg if in_mg else percent / 100 if percent is not None else None


def _written(
    item: object, short: re.Pattern[str], path: str, example: str, keys: tuple[str, ...], reading: Reading
) -> Fields | None:
    """The object, or what its short form says."""
    if not isinstance(item, str):
        return reading.table(item, path, keys)
    match = short.fullmatch(item.strip())
    if match is None:
        reading.fault(path, f"This cannot be read. Write it like {example}.")
        return None
    return {name: value for name, value in match.groupdict().items() if value is not None}


def _needed(one: Fields, path: str, names: tuple[str, ...], reading: Reading) -> None:
    for name in names:
        if one.get(name) is None:
            reading.fault(f"{path}.{name}", "This field must be there.")
