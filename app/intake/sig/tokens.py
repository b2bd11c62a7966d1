"""A dosage text → tokens: numbers, times of day and 1-0-1 schemes are recognised here, words in `sig.words`."""

import re
from dataclasses import dataclass
from fractions import Fraction

from app.intake.quantity import Measured
from app.intake.sig.spelling import plain
from app.intake.sig.words import PHRASES
from app.intake.span import Span, exactly, over
from app.intake.units import Unit


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of a text. Besides the kinds of `sig.words`: K time of day, S scheme, d date, A amount, Q so many
    per day, B duration, C limit, J so many times, `.` and `&` between parts, `(` and `)`, ? anything else."""

    kind: str
    span: Span | None = None
    unit: Unit | None = None
    word: str | None = None
    amounts: tuple[Measured, ...] = ()


# How a frequency was told: counted out ("twice a day"), as the days on which times of day follow ("every day"), or as
# what an amount is divided by ("20 mg per day"). An adverb ("daily") carries no mark: it may be any of these.
TIMES, EACH, PER = "times", "each", "per"

# Marks a number, a "to" or an "in case of" before a word that nobody knows.
NOUN = "noun"

_MONTH = (
    r"(?:jan(?:uary|uari|uar|vier)?|feb(?:ruary|ruari|ruar)?|févr?(?:ier)?|mars?|march|märz|maart|apr(?:il)?|avr(?:il)?|may|mai|mei"
    r"|jun[ei]?|juni|juin|jul[yi]?|juil(?:let)?|aug(?:ust|ustus)?|août|sept?(?:ember|embre)?|o[ck]t(?:ober|obre)?|nov(?:ember|embre)?"
    r"|de[cz](?:ember)?|déc(?:embre)?)\b\.?"
)
_NUMBER = r"\d+(?:[.,]\d+)?"
_SCAN = re.compile(
    rf"""
    (?P<percent>\d+(?:[.,]\d+)?\s?%)
  | (?P<date>\d{{4}}-\d\d-\d\d | \d{{1,2}}[/.-]\d{{1,2}}[/.-](?:19|20)\d\d
      | {_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?(?:\s?-\s?\d{{1,2}})?(?:,?\s\d{{4}})?(?!\d)
      | \d{{1,2}}(?:st|nd|rd|th|er|\.)?\s(?:of\s|de\s)?{_MONTH}(?:\s\d{{4}})?\b )
  | (?P<clock>(?:[01]?\d|2[0-3])[:h][0-5]\d(?::[0-5]\d)?(?:\s?(?:uur|uhr|h|u|am|pm)\b)?
      | (?:[01]?\d|2[0-3])\.[0-5]\d\s?(?:uur|uhr|u)\b
      | (?:1[0-2]|\d)(?:am|\s?pm|\so\sclock)\b | (?:[01]?\d|2[0-4])\s?uhr\b
      | (?:(?<=\bom\s)|(?<=\bum\s)|(?<=\bà\s)(?<!\d\sà\s)|(?<=\bat\s))(?:[01]?\d|2[0-3])\s?(?:uur|u|h|heures?|am)\b )
  | (?P<scheme>(?<![\d.,/-])(?:{_NUMBER}(?:/\d)?)(?:\s?-\s?{_NUMBER}(?:/\d)?){{2,3}}(?![\d.,/-]))
  | (?P<mixed>\d+\s\d/\d(?!\d)) | (?P<fraction>\d+/\d+(?![\d/]))
  | (?P<number>{_NUMBER})
  | (?P<word>m[²2]\b|[^\W\d_]+)
  | (?P<mark>[.;|()/&+×,\n-])
    """,
    re.VERBOSE,
)
_FRACTIONS = {f"{a}/{b}": Fraction(a, b) for a, b in ((1, 2), (1, 3), (2, 3), (1, 4), (3, 4), (1, 8))}
_AMBIGUOUS = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
_SEPARATORS = {"-": "R", ",": "&", ";": ".", "|": ".", "\n": "."}
LONGEST = 600
_MOST_IN_SCHEME = 60  # drops; above, it is a date or a telephone number


def tokens_of(text: str) -> list[Token]:
    """The tokens of a text, in order. Words that nobody knows are kind "?"."""
    found: list[Token] = []
    words: list[str] = []
    for match in _SCAN.finditer(plain(text)):
        kind, written = match.lastgroup, match.group()
        if kind == "word" or written in "/&+×":
            words.append(written)
            continue
        found += _known(words)
        words = []
        if kind == "percent":
            continue
        found += _figures(kind, written) if kind != "mark" else _mark(written)
    return found + _known(words)


def _mark(sign: str) -> list[Token]:
    return [Token(_SEPARATORS.get(sign, sign))]


def _figures(kind: str | None, written: str) -> list[Token]:
    if kind == "date":
        return [Token("d")]
    if kind == "clock":
        return [Token("K", word=written)]
    if kind == "scheme":
        return [_scheme(written)]
    if kind == "mixed":
        whole, part = written.split()
        number = _FRACTIONS.get(part)
        return [Token("N", exactly(int(whole) + number)) if number else Token("!")]
    if kind == "fraction":
        number = _FRACTIONS.get(written)
        return [Token("N", exactly(number)) if number else Token("!")]
    return [_number(written)]


def _number(written: str) -> Token:
    if _AMBIGUOUS.fullmatch(written) or len(written) > 12:
        return Token("!")  # "1.000" is a thousand to one writer and one to the next
    return Token("N", exactly(over(Fraction(written.replace(",", ".")), 1)))


def _scheme(written: str) -> Token:
    """Morning-noon-evening(-night), with the total as its span; "!" for what may be a date or a list of numbers."""
    parts = re.split(r"\s?-\s?", written)
    if any(re.fullmatch(r"0\d.*", part) for part in parts):
        return Token("!")
    numbers = [_FRACTIONS.get(part, Fraction(part.replace(",", ".")) if "/" not in part else None) for part in parts]
    if any(number is None or number > _MOST_IN_SCHEME for number in numbers):
        return Token("!")
    given = [number for number in numbers if number is not None]
    return Token("S", exactly(sum(given, Fraction(0))), word="-".join(str(number) for number in given))


def _known(words: list[str]) -> list[Token]:
    """The tokens of a run of words, the longest known phrase first."""
    found: list[Token] = []
    at = 0
    while at < len(words):
        for phrase, kind, value in PHRASES.get(words[at], ()):
            if tuple(words[at : at + len(phrase)]) == phrase:
                found += _tokens(kind, value)
                at += len(phrase)
                break
        else:
            found.append(Token("?", word=words[at]))
            at += 1
    return found


def _tokens(kind: str, value: object) -> list[Token]:
    if kind == "NX":
        return [Token("N", value if isinstance(value, Span) else None), Token("X", word="said")]
    return [
        Token(
            kind,
            value if isinstance(value, Span) else None,
            value if isinstance(value, Unit) else None,
            value if isinstance(value, str) else None,
        )
    ]
