"""Renderings of a plan read back by their own words, as a person would: what is taken on every day, at every moment."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from html.parser import HTMLParser
from xml.etree import ElementTree

from icalendar.cal import Component

from app.render.plan_words import PlanWords, plan_words
from knowledge.taper import Form, Plan, When

Taken = dict[str, Fraction]  # moment → mg
Days = dict[date, Taken]
SVG = "{http://www.w3.org/2000/svg}"
_PARTS = {"¼": Fraction(1, 4), "½": Fraction(1, 2), "¾": Fraction(3, 4), "⅓": Fraction(1, 3), "⅔": Fraction(2, 3)}
_NUMBER = r"[\d.,/ ]*[¼½¾⅓⅔]?"


def days_of(plan: Plan) -> Days:
    """What the plan itself says."""
    return {day: {intake.when: intake.mg for intake in intakes} for day, _, intakes in plan.days()}


def doses_of(plan: Plan) -> dict[date, Fraction]:
    return {day: mg for day, mg, _ in plan.days()}


def number_in(text: str, language: str) -> Fraction:
    """ "1½", "2,5", "1 1/3" as a person reads it."""
    text = text.strip().replace(plan_words()[language]["decimal"], ".")
    part = _PARTS.get(text[-1:], Fraction(0))
    pieces = text.rstrip("¼½¾⅓⅔").split()
    return sum((Fraction(piece) for piece in pieces), part)


def count_and_mg(text: str, language: str) -> tuple[Fraction, Fraction]:
    """ "1½ tabletten van 5 mg" → 1½ and 5."""
    words = plan_words()[language]
    for form in Form:
        pattern = re.escape(words[f"of_{form}"]).replace(r"\{n\}", f"({_NUMBER})")
        pattern = pattern.replace(r"\{unit\}", f"(?:{words[form]}|{words[f'{form}s']})").replace(
            r"\{mg\}", f"({_NUMBER})"
        )
        match = re.fullmatch(pattern.replace(r"\ ", " "), text.strip())
        if match:
            return number_in(match[1], language), number_in(match[2], language)
    raise AssertionError(f"nobody can read: {text}")


def mg_in(text: str, language: str) -> Fraction:
    count, mg = count_and_mg(text, language)
    return count * mg


def dose_in(text: str, language: str) -> Fraction:
    """A dose a day: "7,5 mg/dag"."""
    before, after = plan_words()[language]["mg_a_day"].split("{mg}")
    return number_in(text.removeprefix(before).removesuffix(after), language)


def day_of(event: Component, name: str) -> date:
    """The day under this name; fails for a time."""
    day = event.decoded(name)
    assert type(day) is date
    return day


def spread(first: date, days: int, taken: Taken) -> Days:
    return {first + timedelta(days=n): taken for n in range(days)}


def parsed(svg: str) -> ElementTree.Element:
    """The drawing. Raises ParseError where it is not well-formed."""
    return ElementTree.fromstring(svg)  # noqa: S314 - Wane made it


def figures_of_svg(svg: str) -> dict[date, Fraction]:
    """By the figures that every step carries."""
    found: dict[date, Fraction] = {}
    for step in parsed(svg).iter(f"{SVG}g"):
        if step.get("class") == "step":
            days = spread(date.fromisoformat(step.attrib["data-first"]), int(step.attrib["data-days"]), {})
            assert not days.keys() & found.keys(), "a day is drawn twice"
            found |= dict.fromkeys(days, Fraction(step.attrib["data-mg"]))
    return found


def heights_of_svg(svg: str, first: date) -> dict[date, float]:
    """By the drawn line alone: the height, in mg of the last medicine, over the middle of every day."""
    curve = next(path for path in parsed(svg).iter(f"{SVG}path") if path.get("class") == "curve")
    left, width, floor, height = (
        float(Fraction(curve.attrib[f"data-{name}"])) for name in ("left", "day-width", "floor", "mg-height")
    )
    found: dict[date, float] = {}
    x = y = 0.0
    for letter, value, other in re.findall(r"([MHV])([\d.]+)(?: ([\d.]+))?", curve.attrib["d"]):
        if letter == "M":
            x, y = float(value), float(other)
        elif letter == "V":
            y = float(value)
        else:
            days = range(round((x - left) / width), round((float(value) - left) / width))
            found |= {first + timedelta(days=n): (floor - y) / height for n in days}
            x = float(value)
    return found


def days_of_table(html: str, wording: PlanWords) -> Days:
    """By the words in the table of a leaflet or a letter: units times strength, and the day's dose beside them."""
    table = tables_of(html)["plan"]
    moments = [When(cell.when) for cell in table[0] if cell.when]
    found: Days = {}
    for row in table[1:]:
        times = [time for cell in row for time in cell.times]
        if len(times) < 2:
            continue
        first, last = times
        cells = [
            cell for cell in row if not cell.times and "total" not in cell.classes and "supply" not in cell.classes
        ]
        taken: Taken = {
            when: sum((mg_in(line, wording.language) for line in cell.lines), Fraction(0))
            for when, cell in zip(moments, cells[-len(moments) :], strict=True)
            if cell.lines
        }
        total = next(cell for cell in row if "total" in cell.classes)
        said = next(line.strip() for line in total.text.split("\n") if line.strip()[:1].isdigit())
        assert dose_in(said, wording.language) == sum(taken.values()), "the day's dose is another"
        days = spread(first, (last - first).days + 1, taken)
        assert not days.keys() & found.keys(), "a day stands in the table twice"
        found |= days
    return found


@dataclass(slots=True)
class Cell:
    """A cell: its text, the lines of units in it, the day in it, and the moment it is the head of."""

    classes: str
    when: str | None
    text: str = ""
    lines: list[str] = field(default_factory=list)
    times: list[date] = field(default_factory=list)


class _Tables(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tables: dict[str, list[list[Cell]]] = {}
        self._rows: list[list[Cell]] = []
        self._cell: Cell | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "table":
            self._rows = self.tables[(told.get("class") or "").split()[0]] = []
        elif tag == "tr":
            self._rows.append([])
        elif tag in ("td", "th"):
            self._cell = Cell(told.get("class") or "", told.get("data-when"))
            self._rows[-1].append(self._cell)
        elif self._cell and tag == "time":
            self._cell.times.append(date.fromisoformat(told["datetime"] or ""))
        elif self._cell and tag == "small":
            self._cell.text += "\n"
        elif self._cell and told.get("class") == "units":
            self._cell.lines.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._cell = None
        elif tag == "span" and self._cell:
            self._cell.text += "\n"

    def handle_data(self, data: str) -> None:
        if self._cell:
            self._cell.text += data
            if self._cell.lines and data.strip():
                self._cell.lines[-1] += data


def tables_of(html: str) -> dict[str, list[list[Cell]]]:
    """Every table of a page by its first class, row by row."""
    reader = _Tables()
    reader.feed(html)
    return reader.tables


def lines_of(text: str) -> Iterator[str]:
    yield from (line for line in text.split("\n") if line.strip())
