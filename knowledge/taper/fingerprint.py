"""The name of a plan's content: the same request gives the same hash, any change another one."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from fractions import Fraction
from functools import cache
from hashlib import sha256
from typing import Any

from knowledge.taper.plan import Plan, Step
from knowledge.taper.products import Product
from knowledge.taper.request import Intake
from knowledge.taper.schemes import DIGEST

PLANNER = "1.0.0"
VERSION = f"{PLANNER}+{DIGEST[:12]}"


def fingerprint(plan: Plan) -> str:
    """The SHA-256, in hexadecimal, of everything in the plan but its hash."""
    texts: dict[int, str] = {}
    shown = [f"{name}={text_of(getattr(plan, name))}" for name in _names(Plan) if name not in ("hash", "steps")]
    shown += [_step(step, texts) for step in plan.steps]
    return sha256("\n".join(shown).encode()).hexdigest()


def text_of(value: Any) -> str:
    """One text per value, the same for equal values: sets are sorted, so are products."""
    kind: Any = type(value)
    if kind is Fraction or value is None:
        return str(value)
    if kind is tuple:
        parts = [text_of(part) for part in value]
        if value and isinstance(value[0], Product):
            parts.sort()
        return f"({','.join(parts)})"
    if kind is frozenset:
        return f"{{{','.join(sorted(map(text_of, value)))}}}"
    if names := _names(kind):
        return f"{kind.__name__}({','.join([f'{name}={text_of(getattr(value, name))}' for name in names])})"
    return repr(str(value))


def _step(step: Step, texts: dict[int, str]) -> str:
    """Rows share their intakes and products, so the text of each is made once (`texts`, by identity)."""
    return ";".join(
        (
            f"{step.row},{step.kind},{step.medicine},{step.first_day},{step.days},{step.mg}",
            f"{step.drop_of_previous},{step.drop_of_start}",
            *_each(step.intakes, texts),
            *(f"{flag.code}{''.join([f',{name}={value}' for name, value in flag.values])}" for flag in step.flags),
            *(f"{_known(units.product, texts)}*{units.number}" for units in step.supply),
        )
    )


def _each(intakes: tuple[Intake, ...], texts: dict[int, str]) -> Iterator[str]:
    for intake in intakes:
        if id(intake) not in texts:
            units = ",".join(f"{_known(units.product, texts)}*{units.number}" for units in intake.units)
            texts[id(intake)] = f"{intake.when}:{intake.mg}={units}"
        yield texts[id(intake)]


def _known(product: Product, texts: dict[int, str]) -> str:
    if id(product) not in texts:
        texts[id(product)] = text_of(product)
    return texts[id(product)]


@cache
def _names(kind: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()
