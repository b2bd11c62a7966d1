"""How many mg one unit or one mL of a product holds, as its label says ("LORAZEPAM TABLET 2,5MG", "10mg/5ml")."""

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

from app.intake.span import decimal
from app.intake.units import WORDS, Kind


@dataclass(frozen=True, slots=True)
class Strength:
    """What one product holds: mg in each thing that is counted (tablet, capsule, puff), or mg in each mL.

    `drops_per_ml` is not on labels; it comes from a product table.
    """

    mg_per_unit: Decimal | None = None
    mg_per_ml: Decimal | None = None
    drops_per_ml: Decimal | None = None


_NUMBER = r"\d{1,6}(?:[.,]\d{1,4})?"
_MASS = r"(?:mg|milligramm?e?s?|g|gram|gramm|gramme|mcg|µg|μg|ug|micrograms?|microgrammes?|mikrogramm)"
_PER = r"(?:ml|millilit(?:er|re)s?|l|g|do|dosis|doses?|stuk|tablets?|puffs?|sprays?|actuat(?:ion)?|h|hr|hours?|uur|u)"
_AMOUNT = re.compile(
    rf"(?<![\w.,])({_NUMBER})\s?({_MASS})(?![a-zà-ÿ²2])(?:\)?\s*(=|/|\bper\b|\bpar\b|\bpro\b)\s*({_NUMBER})?\s*({_PER})\b)?",
    re.IGNORECASE,
)
_COMBINED = re.compile(rf"\d\s*{_MASS}?\s*[/+]\s*\d[\d.,]*\s*{_MASS}(?![a-z])", re.IGNORECASE)
_JOINED = re.compile(r"[/+]|\b(?:and|en|et|und|with|met|avec|mit)\b", re.IGNORECASE)
# "1.000 mg" is a thousand to one writer and one to the next.
_AMBIGUOUS = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")


def read_strength(label: object) -> Strength | None:
    """The strength a product's label tells; None where it tells none, or several (a combination of ingredients).

    Decimal comma and point are both read. "10 MG / 5 ML" and "2 mg/ml" give mg per mL, "20 mg" mg per unit, and
    "5MG=2,5ML" both. Strengths per hour and per gram (patches, creams) are left alone.
    """
    return _read(label) if isinstance(label, str) and len(label) <= 400 else None


@lru_cache(maxsize=2048)
def _read(label: str) -> Strength | None:
    if _COMBINED.search(label):
        return None
    matches = list(_AMOUNT.finditer(label))
    between = (label[one.end() : other.start()] for one, other in pairwise(matches))
    if any(_JOINED.search(words) for words in between):
        return None
    told = [_told(*match.groups()) for match in matches]
    per_unit = {unit for unit, _ in told if unit}
    per_ml = {ml for _, ml in told if ml}
    if (None, None) in told or len(per_unit) > 1 or len(per_ml) > 1 or (per_unit and per_ml and "=" not in label):
        return None
    if not told:
        return None
    return Strength(*(decimal(one.pop()) if one else None for one in (per_unit, per_ml)))


def _told(number: str, mass: str, sign: str | None, per: str | None, unit: str | None) -> tuple[Fraction | None, ...]:
    """mg per unit and mg per mL as one amount on the label tells them; neither if it tells something else."""
    if _AMBIGUOUS.fullmatch(number) or (per and _AMBIGUOUS.fullmatch(per)):
        return None, None
    amount = Fraction(number.replace(",", ".")) * WORDS[mass.lower()].factor
    if not amount:
        return None, None
    if unit is None:
        return amount, None
    divisor = Fraction(per.replace(",", ".")) if per else Fraction(1)
    known = WORDS.get({"do": "dose", "u": "uur"}.get(unit.lower(), unit.lower()))
    if known is None or not divisor or known.kind not in (Kind.VOLUME, Kind.COUNT):
        return None, None
    if known.kind is Kind.VOLUME:
        return (amount if sign == "=" else None), amount / (divisor * known.factor)
    return amount / divisor, None
