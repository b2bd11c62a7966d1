"""Numbers as documents write them, read so that a claim's figure can be looked for in its passage.

A figure is a short English text around one or more numbers: ">80 mg/day", "10-15 mg per step", "22-10-2024".
Decimals have a point, thousands no separator. Compared are

- numbers and ranges, also written as Dutch words ("twaalf", "een derde", "10 tot 15"), with a decimal comma, with
  thousands or millions, across a line break;
- the unit, where the figure names one this module knows (mg, %, hours, days …);
- the sign of a limit (<, <=, >, >=), which the passage must say as a sign or in words beside the number
  ("hoger dan", "of meer", "maximaal"). At least and more than are different claims.

Everything else in a figure ("per step", "OR", "/day") is for the reader and is not compared.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

UNITS = {
    **dict.fromkeys(("mg", "milligram"), "mg"),
    **dict.fromkeys(("microgram", "micrograms", "mcg", "μg"), "microgram"),
    "ml": "ml",
    **dict.fromkeys(("%", "procent", "percent"), "%"),
    **dict.fromkeys(("minuten", "minuut", "minutes", "min"), "min"),
    **dict.fromkeys(("uur", "uren", "hours", "hour", "h"), "h"),
    **dict.fromkeys(("dag", "dagen", "day", "days"), "d"),
    **dict.fromkeys(("week", "weken", "weeks"), "wk"),
    **dict.fromkeys(("maand", "maanden", "month", "months"), "mo"),
    **dict.fromkeys(("jaar", "jaren", "jarige", "year", "years"), "a"),
    "euro": "EUR",
}
_COUNTED = ("geen", "één", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf", "twaalf")
NUMBER_WORDS = {
    **{word: Fraction(value) for value, word in enumerate(_COUNTED)},
    "twintig": Fraction(20),
    "helft": Fraction(1, 2),
    "een derde": Fraction(1, 3),
    "kwart": Fraction(1, 4),
}
MULTIPLES = {"duizend": 1_000, "thousand": 1_000, "miljoen": 1_000_000, "million": 1_000_000}

_SIGNS_BEFORE = {
    "<=": r"\b(maximum|maximaal|maximale|hooguit|hoogstens|(niet|geen) (meer|langer|hoger) dan)\b",
    ">=": r"\b(minimum|minimaal|minimale|minstens|ten minste|vanaf)\b",
    ">": r"(?<!niet )(?<!geen )\b(hoger|meer|groter|langer|ouder)\b( \w+)? dan\b|\b(ruim|boven)\b",
    "<": r"\b(minder|lager|kleiner|korter|jonger)\b( \w+)? dan\b|\bonder\b",
}
_SIGNS_AFTER = {">=": r"\bof (meer|hoger|langer|ouder)\b", "<=": r"\bof (minder|lager|korter|jonger)\b"}
_WORDS_BEFORE, _WORDS_AFTER = 5, 3


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_DATE = r"(?<![\d/-])(?P<date>\d{1,2}([-/])\d{1,2}\2\d{2}(?:\d{2})?)(?![\d/-])"
_GRADE = r"(?<!\w)(?P<grade>\d[a-d])(?!\w)"
_ONE = rf"een(?=\s(?:{_any(UNITS)})\b)"
_NUMBER = rf"(?:\d+/\d+|\d+(?:[.,]\d+)*|[.,]\d+|\b(?:{_any(NUMBER_WORDS)}|{_ONE})\b)(?:\s(?:{_any(MULTIPLES)})\b)?"
_QUANTITY = (
    rf"(?:(?P<sign>[<>]=?|[≤≥])\s?|(?<![\w.,])(?<!\d/))(?P<low>{_NUMBER})(?:\s?(?:-|–|\btot\b|\bto\b)\s?(?P<high>{_NUMBER}))?"
    rf"(?:\s?-?(?P<unit>{_any(UNITS)})(?!\w))?(?!\w)"
)
_TOKEN = re.compile(f"{_DATE}|{_GRADE}|{_QUANTITY}")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number (`low == high`) or a range. `literal` holds what is compared as written: a date, a grade ("2d")."""

    low: Fraction = Fraction(0)
    high: Fraction = Fraction(0)
    unit: str | None = None
    signs: frozenset[str] = frozenset()
    literal: str | None = None


def read_figure(figure: str) -> tuple[Quantity, ...]:
    """The quantities of a claim's figure.

    Raises ValueError, with what to write instead, for a figure without a number or with a comma in a number.
    """
    if re.search(r"\d,\d", figure):
        raise ValueError(f"the figure '{figure}' has a comma. Write 1.5 for a decimal, 200000 for thousands")
    found = tuple(quantity for options in _read(figure) for quantity in options[:1])
    if not found:
        raise ValueError(f"the figure '{figure}' holds no number. Say it in the statement and leave it out here")
    return found


def stands_in(figure: str, passage: str) -> bool:
    """Whether every quantity of the figure is said by the passage. Raises ValueError as `read_figure` does."""
    said = [quantity for options in _read(passage) for quantity in options]
    return all(any(_says(there, wanted) for there in said) for wanted in read_figure(figure))


def _says(there: Quantity, wanted: Quantity) -> bool:
    if (there.literal, there.low, there.high) != (wanted.literal, wanted.low, wanted.high):
        return False
    return wanted.unit in (None, there.unit) and wanted.signs <= there.signs


def _read(text: str) -> Iterator[tuple[Quantity, ...]]:
    """Each number of the text with all it may mean: "200,000" is 200 or 200,000. The decimal reading comes first."""
    flat = _flat(text)
    matches = list(_TOKEN.finditer(flat))
    for i, match in enumerate(matches):
        if literal := match["date"] or match["grade"]:
            yield (Quantity(literal=literal),)
            continue
        before = flat[matches[i - 1].end() if i else 0 : match.start()]
        after = flat[match.end() : matches[i + 1].start() if i + 1 < len(matches) else len(flat)]
        signs = _signs(match["sign"], before, after)
        lows = _values(match["low"])
        highs = _values(match["high"]) if match["high"] else lows
        unit = UNITS[match["unit"]] if match["unit"] else None
        yield tuple(Quantity(low, high, unit, signs) for low, high in zip(lows, highs, strict=False))


def _signs(sign: str | None, before: str, after: str) -> frozenset[str]:
    if sign:
        return frozenset([sign.replace("≤", "<=").replace("≥", ">=")])
    near = " ".join(re.split(r"[.;:]\s", before)[-1].split()[-_WORDS_BEFORE:])
    next_to = " ".join(re.split(r"[.;:,](?:\s|$)", after)[0].split()[:_WORDS_AFTER])
    said = {sign for sign, words in _SIGNS_BEFORE.items() if re.search(words, near)}
    said |= {sign for sign, words in _SIGNS_AFTER.items() if re.search(words, next_to)}
    return frozenset(said)


def _values(number: str) -> tuple[Fraction, ...]:
    words = number.split()
    times = MULTIPLES.get(words[-1], 1)
    digits = " ".join(words[:-1]) if words[-1] in MULTIPLES else number
    if digits == "een":
        return (Fraction(times),)
    if digits in NUMBER_WORDS:
        return (NUMBER_WORDS[digits] * times,)
    if "/" in digits:
        top, bottom = digits.split("/")
        return (Fraction(int(top), int(bottom)),) if int(bottom) else ()
    separators = len(re.findall("[.,]", digits))
    decimal = (Fraction(digits.replace(",", ".")) * times,) if separators < 2 else ()
    thousands = re.fullmatch(r"[1-9]\d{0,2}([.,]\d{3})+", digits)
    return (*decimal, Fraction(re.sub("[.,]", "", digits)) * times) if thousands else decimal


def _flat(text: str) -> str:
    """One line, lower case, words and dates that a line break split put together again."""
    text = unicodedata.normalize("NFKC", text).lower()
    text = re.sub(r"(?<=[^\W\d_])-[ \t]*\n\s*(?=[^\W\d_])", "", text)
    text = re.sub(r"(?<=\d)-[ \t]*\n\s*(?=\d)", "-", text)
    text = " ".join(text.split())
    return re.sub(r"([<>≤≥]=?)\s+(?=[\d.,])", r"\1", text)
