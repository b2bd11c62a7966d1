"""The strengths of a medicine that are sold in a country, as its file under `medicines/` tells them."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import tomli


@dataclass(frozen=True, slots=True)
class Strength:
    """One strength: mg in one unit of `form`, or in one millilitre of a liquid.

    `divisible_into`: the equal parts the licence allows; None where no source says. `verified` is false where the
    strength itself was not seen in a source; `compounded` is true of what a pharmacy makes to order.
    """

    country: str  # ISO 3166-1 alpha-2
    form: str
    mg: Decimal
    per_ml: bool
    divisible_into: int | None
    verified: bool
    source: str
    compounded: bool = False


def strengths_of(medicine: str, folder: Path) -> tuple[Strength, ...]:
    """Every known strength, in the order of the file; none for a medicine that has no file in `folder` (`medicines/`)."""
    path = folder / f"{medicine}.toml"
    if "/" in medicine or not path.is_file():
        return ()
    rows = tomli.loads(path.read_text(encoding="utf-8")).get("strength", [])
    return tuple(strength for row in rows for strength in _strengths(row))


def _strengths(row: Mapping[str, Any]) -> list[Strength]:
    per_ml = "mg_per_ml" in row
    return [
        Strength(
            country=row["country"],
            form=row["form"],
            mg=Decimal(mg),
            per_ml=per_ml,
            divisible_into=row.get("divisible_into"),
            verified=row["verified"],
            source=row["source"],
            compounded=row.get("compounded", False),
        )
        for mg in ([row["mg_per_ml"]] if per_ml else row["mg"])
    ]
