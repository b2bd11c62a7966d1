"""The taper schemes, read once from schemes.toml, each with its source and what is unverified in it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """One way to taper. schemes.toml says what each field means and in which unit."""

    id: str
    version: str
    medicines: str  # the group it is for
    region: str
    of: str  # what `step` is a share of: "current", "start"; or "mg": it is an amount
    step: Fraction
    step_from: Fraction
    step_to: Fraction
    days: int
    source: str
    source_date: str
    where: str
    says: str
    status: str
    compared: str
    unverified: tuple[str, ...]
    house: tuple[str, ...]
    least_of_step: Fraction | None = None
    usual_to: Fraction | None = None  # the upper end of what the source calls usual
    days_from: int = 1
    days_to: int = 84
    days_choice: tuple[int, ...] = ()
    cap_of_current: Fraction | None = None
    cap_of_start: Fraction | None = None
    cap_mg: Fraction | None = None
    low_dose_of_start: Fraction | None = None
    last_of_start: Fraction | None = None
    stop_of_start: Fraction | None = None
    target_mg: Fraction | None = None  # it ends at this dose, and does not stop
    programme: bool = False  # capsules made to order, one a day, for those who are eligible
    holds: int | None = None  # None: as many as wanted
    hold_days: int | None = None

    def allows_days(self, days: int) -> bool:
        """Whether so many days between reductions fit the scheme."""
        if self.days_choice:
            return days in self.days_choice
        return self.days_from <= days <= self.days_to


EXACT = frozenset({
    "step", "step_from", "step_to", "usual_to", "least_of_step", "cap_of_current", "cap_of_start", "cap_mg",
    "low_dose_of_start", "last_of_start", "stop_of_start", "target_mg",
})  # fmt: skip
LISTS = ("unverified", "house", "days_choice")


def read_scheme(table: Mapping[str, Any]) -> Scheme:
    """One [[scheme]] of schemes.toml. Raises ValueError naming a field that is unknown, missing or not exact."""
    known = {field.name for field in fields(Scheme)}
    if unknown := set(table) - known:
        raise ValueError(f"schemes.toml, {table.get('id')}: unknown {sorted(unknown)}")
    values: dict[str, Any] = dict(table)
    for name in EXACT:
        if name in values:
            values[name] = exact_text(values[name], f"schemes.toml, {table.get('id')}: {name}")
    for name in LISTS:
        values[name] = tuple(values.get(name, ()))
    try:
        scheme = Scheme(**values)
    except TypeError as error:
        raise ValueError(f"schemes.toml, {table.get('id')}: {error}") from error
    if scheme.of not in ("current", "start", "mg") or not scheme.step_from <= scheme.step <= scheme.step_to:
        raise ValueError(f"schemes.toml, {scheme.id}: `of` or `step` is out of range")
    if not scheme.allows_days(scheme.days):
        raise ValueError(f"schemes.toml, {scheme.id}: `days` is not among the days it allows")
    return scheme


def exact_text(value: object, where: str) -> Fraction:
    """The number in a text such as "1/10". Raises ValueError for a number that is not text: TOML makes it a float."""
    if not isinstance(value, str):
        raise ValueError(f"{where} must be text, so that it stays exact")  # noqa: TRY004  (a fault of the file)
    return Fraction(value)


_TEXT = Path(__file__).with_name("schemes.toml").read_bytes()
_TABLES = tomllib.loads(_TEXT.decode())

DIGEST = sha256(_TEXT).hexdigest()
SCHEMES: Mapping[str, Scheme] = MappingProxyType({t["id"]: read_scheme(t) for t in _TABLES["scheme"]})
REFUSED: Mapping[str, str] = MappingProxyType({t["id"]: t["missing"] for t in _TABLES["refused"]})
GROUPS: Mapping[str, frozenset[str]] = MappingProxyType({k: frozenset(v) for k, v in _TABLES["medicines"].items()})
