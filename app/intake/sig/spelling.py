"""How dosage texts are spelled: shorthand, signs and lists of days → one form, before they are cut into tokens."""

import re
from functools import partial

_VULGAR = {"½": "1/2", "¼": "1/4", "¾": "3/4", "⅓": "1/3", "⅔": "2/3", "⅛": "1/8"}
_INITIALS = re.compile(r"\b([a-z])\.\s?([a-z])\.(?:\s?([a-z])\.(?:\s?([a-z])\.)?)?")
_HYPHEN = re.compile(r"(?<=\w)-(?=[^\W\d_])")  # "6-hourly", "petit-déjeuner"
_ABBREVIATED = re.compile(
    r"\b(max|maxi|tabl?|tbl|caps?|tgl|tägl|stk?|std|min|dr|tr|trpf|gtt|comp?|co|cpr?|cps|supp|amp|ca|inkl)\."
)
_BLANKS = re.compile(r"[ \t\u00a0\u202f]+")
_DASH = re.compile(r"\s[-–—]\s|[–—]")
_SIG = re.compile(r"\b(?:sig|s)\s?[:/]\s?(?=\S)")
_SPACED = re.compile(r"(?<![\d.,/-])\d[\d.,/]*(?:\s-\s\d[\d.,/]*){1,3}(?![\d.,/-])")  # "1 - 0 - 1", "½ - 1"
_GLUED = re.compile(r"(?<=\d)\s?(mg|g|ml|mcg|µg|ug)x(?=\d)")  # "2mgx4"
_ORDINAL = re.compile(
    r"(?<=\d)(?:\.(?=\s*(?:tag|abend|woche|monat|stunde))|(?:e|de|ste|st|nd|rd|th|er|ème|eme|ter|ten)\b)"
)

_ENDS = r"(?=\s*(?:$|[.,;()/+\n]|(?:for|prn|if|when|and)\b))"
_COUNTED = r"mg|mcg|g|ml|tabl?(?:et(?:ten)?)?|caps?(?:ules?)?|stuks?|druppels?|t|c"
# Capitals tell "ON" (omni nocte) from "on", and "z.N." (zur Nacht) from "z.n." (zo nodig).
_SHORTHAND = (
    (re.compile(rf"\b(?:ON|[oO]\.\s?[nN]\.?){_ENDS}"), " nocte "),
    (re.compile(rf"\b(?:OM|[oO]\.\s?[mM]\.?){_ENDS}"), " mane "),
    (re.compile(r"\bz\.\s?N\.?(?!\w)|\bzur\s+N\.(?!\w)"), " zur nacht "),
    (re.compile(r"\bb\.\s?B\.?(?!\w)|\bb(?:ei|\.)?\s?Bed(?:\.|\b)(?!\w)"), " bei bedarf "),
)
_SHORT = (
    (re.compile(r"\ba\.\s?n\.(?!\w)"), " antenoctem "),
    (re.compile(rf"\b({_COUNTED})\s+an{_ENDS}"), r" \1 antenoctem "),
    (re.compile(r"\bv\.\s?n\.(?!\w)"), " vn "),
    (re.compile(r"\b(\d)d(?=\d)"), r"\1 dd "),  # 3D1T
    (re.compile(r"(?<=dd )(\d+)\s?c\b"), r"\1 capsule "),
    (re.compile(r"\b(\d{1,2})\s?(?:u|uur|uhr|h)\s?:"), r"\1:00 "),  # 8u: 1 tablet
    (re.compile(r"#\s?\d+\b|\b(?:disp(?:ense)?|qty|quantity)\s?[:.]?\s?#?\d+\s?(?:tab|cap|pill)?[a-z]*\b\.?"), " "),
    (re.compile(r"\b\d+ (?:refills?|repeats?)\b|\brefills?\s?:?\s?\d+\b"), " "),
)
_HALVES = re.compile(r"^((?:take |neem |prendre |nehmen )?\d+)\s?(?:[&+]|and|en|et|und)\s?(?=[123]/[48]?2?(?!\d))")
_EACH_SIDE = re.compile(r"\bpm\b")  # "2 mg am, 4 mg pm"; a lone "am" is a German word
_MERIDIEM = re.compile(r"(?<!\d)(?<!\d )\b([ap])m\b")

_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHORT_DAYS = (
    "mon|tues?|wed|thu(?:rs?)?|fri|sat|sun",
    "maa?|di|woe?|do|vr(?:ij)?|zat?|zon?",
    "lun|mar|mer|jeu|ven|sam|dim",
    "mo|di|mi|do|fr|sa|so",
)
_LONG_DAYS = (
    "|".join(_WEEK),
    "maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag",
    "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche",
    "montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag",
)
_BETWEEN = r"\.?(?:\s?[/,&+-]\s?|\s(?:and|en|et|und|&)\s|\s)"
_THROUGH = r"\.?\s?(?:-|\bto\b|\bthrough\b|\bthru\b|\btot en met\b|\bt/m\b|\btot\b|\bau\b|\bà\b|\bbis\b)\s?"


def plain(text: str) -> str:
    """The text in small letters, with one form for what is written in several; of a whole prescription, its sig."""
    for sign, digits in _VULGAR.items():
        text = text.replace(sign, f" {digits}")
    for written, meant in _SHORTHAND:
        text = written.sub(meant, text)
    text = _BLANKS.sub(" ", _SIG.split(text.lower())[-1].replace("’", "'").replace("'", " ").replace("⁄", "/"))
    text = _SPACED.sub(lambda match: match.group().replace(" ", ""), text.strip())
    for written, meant in _SHORT:
        text = written.sub(meant, text)
    text = _HALVES.sub(r"\1 ", text)
    if _EACH_SIDE.search(text):
        text = re.sub(r"(?<=\d) am\b", "am", text)
        text = _MERIDIEM.sub(lambda match: " morning " if match[1] == "a" else " evening ", text)
    for in_row, through, names in _DAYS:
        text = through.sub(partial(_from_to, names), text)
        text = in_row.sub(partial(_spelled_out, names), text)
    text = _HYPHEN.sub(" ", _DASH.sub(" , ", text))
    text = _INITIALS.sub(lambda match: f" {''.join(part for part in match.groups() if part)} ", text)
    text = _GLUED.sub(r" \1 x ", text)
    return _ABBREVIATED.sub(r"\1 ", _ORDINAL.sub("", text))


def _day_patterns() -> list[tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]]:
    """For each language: several short names in a row, two names with "to" between them, and the names one by one.

    One short name alone is a word of its own ("do", "so", "sun").
    """
    found = []
    for short, long in zip(_SHORT_DAYS, _LONG_DAYS, strict=True):
        name = rf"(?:{long}|{short})"
        one_by_one = "|".join(f"({a}|{b})" for a, b in zip(long.split("|"), short.split("|"), strict=True))
        row = re.compile(rf"\b(?:{short})(?:{_BETWEEN}(?:{short}))+\b(?!\s?-)\.?")
        through = re.compile(rf"(?<!-)(?<!- )\b({name}){_THROUGH}({name})\b(?!\s?-)\.?")
        found.append((row, through, re.compile(rf"\b(?:{one_by_one})\b")))
    return found


_DAYS = _day_patterns()


def _places(written: str, names: re.Pattern[str]) -> list[int]:
    return [(match.lastindex or 1) - 1 for match in names.finditer(written)]


def _from_to(names: re.Pattern[str], match: re.Match[str]) -> str:
    """ "ma t/m vr" → all five days."""
    first, last = _places(match.group(), names)
    return f" {' '.join(_WEEK[(first + more) % 7] for more in range((last - first) % 7 + 1))} "


def _spelled_out(names: re.Pattern[str], match: re.Match[str]) -> str:
    """ "ma, wo, vr" → the days by their full names."""
    return f" {' '.join(_WEEK[place] for place in _places(match.group(), names))} "
