"""Timing.code → times per day: the abbreviations doctors write, as HL7 lists them.

Read under the two URIs in use for the FHIR list (v3-GTSAbbreviation and timing-abbreviation) and the older HL7 v2
table 0335, or without any URI. A code of another system is not read.
"""

import re
from fractions import Fraction

from app.intake.span import Exact, over

_SYSTEMS = ("GTSAbbreviation", "timing-abbreviation", "v2-0335", "v2/0335", "TimingEvent")
_PER_DAY: dict[str, Exact] = {
    "QD": 1, "OD": 1, "QDAY": 1, "DAILY": 1, "BID": 2, "BD": 2, "TID": 3, "TDS": 3, "QID": 4, "QDS": 4,
    "AM": 1, "PM": 1, "QAM": 1, "QPM": 1, "BED": 1, "HS": 1, "QHS": 1, "QN": 1,
    "QOD": Fraction(1, 2), "WK": Fraction(1, 7), "QWK": Fraction(1, 7), "QW": Fraction(1, 7),
    "BIW": Fraction(2, 7), "TIW": Fraction(3, 7), "MO": Fraction(16, 487),
}  # fmt: skip
_EVERY = re.compile(r"Q([1-9]\d?)([HDW])")
_PER_EVERY: dict[str, Exact] = {"H": 24, "D": 1, "W": Fraction(1, 7)}


def times_per_day_of(code: str) -> Exact | None:
    """Times per day of one abbreviation, its case aside ("BID" 2, "Q8H" 3, "QOD" ½); None where it is not known."""
    word = code.strip().upper().rstrip(".").replace(".", "")
    if word in _PER_DAY:
        return _PER_DAY[word]
    every = _EVERY.fullmatch(word)
    return over(_PER_EVERY[every[2]], int(every[1])) if every else None


def known_system(system: object) -> bool:
    """Whether the abbreviations may be trusted under this code system."""
    return system is None or (isinstance(system, str) and any(name in system for name in _SYSTEMS))
