"""A plan in words: every code of the planner with its values, in one language.

The texts stand in knowledge/texts/taper/<language>.toml and are read when the first plan is told.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from string import Formatter

import tomli

from app.planning.query import decimal_text
from knowledge.library import Library
from knowledge.taper import Fact, Form, Plan, Refusal, Units
from knowledge.taper.notes import Note, Value
from knowledge.texts import Phrases, read_phrases

_SIGNS = {Fraction(1, 4): "¼", Fraction(1, 2): "½", Fraction(3, 4): "¾"}
_LISTS = {"facts": "fact", "check": "fact", "unverified": "unverified", "house": "house", "arrange": "arrange"}
_CODES = {"reason": "hold", "compared": "compared", "when": "when", "fact": "fact"}
_EXACT, _ROUNDED = 6, 2  # digits behind the decimal sign: of what ends within so many, and of what does not


@cache
def phrases_of(language: str, folder: Path) -> Phrases:
    """The texts of the planner in a language; `folder` is that of the knowledge base."""
    path = folder / "texts" / "taper" / f"{language}.toml"
    return read_phrases(tomli.loads(path.read_text(encoding="utf-8")), f"texts/taper/{path.name}")


@dataclass(frozen=True, slots=True)
class PlanWords:
    """The words of plans in one language (nl, fr, en, de)."""

    library: Library
    language: str

    @property
    def phrases(self) -> Phrases:
        return phrases_of(self.language, self.library.folder)

    def because(self, refusal: Refusal) -> list[str]:
        """Why there is no plan, a sentence for each reason."""
        return [self.note("because", note) for note in refusal.because]

    def alternatives(self, told: Plan | Refusal) -> list[str]:
        """What would help, without a full stop."""
        return [self.note("alternative", note) for note in told.alternatives]

    def cautions(self, plan: Plan) -> list[str]:
        """The notes on the whole plan, the most needed first."""
        return [self.note("caution", note) for note in plan.warnings]

    def feasibility(self, plan: Plan) -> str:
        """How well these products can follow the scheme."""
        return self.phrases["feasibility"][plan.feasibility]

    def note(self, table: str, note: Note) -> str:
        """One note of `because`, `alternative`, `caution` or `flag`. Raises KeyError for a code without a text."""
        values = dict(note.values)
        code = f"{note.code}-check" if table == "alternative" and "check" in values else note.code
        return self._filled(table, code, lambda name: self._told(name, values))

    def blank(self, table: str, code: str) -> str:
        """The same of a code by itself: what a plan fills in stands as "…"."""
        return self._filled(table, code, lambda _: "…")

    def _filled(self, table: str, code: str, told: Callable[[str], str]) -> str:
        if table == "because" and code in list(Fact):
            return _capitalised(self.word("fact_stops", fact=self.phrases["fact"][code]))
        text = self.phrases[table][code]
        wanted = {name for _, name, _, _ in Formatter().parse(text) if name}
        return _capitalised(text.format(**{name: told(name) for name in wanted}))

    def _told(self, name: str, values: Mapping[str, Value]) -> str:
        """One value of a note, by its name; some are put together from several."""
        if name in ("part", "limit"):
            return self._at_most(values)
        if name == "most":
            return str(values.get("reductions_at_most", values.get("days_at_most")))
        value = values[name]
        if name in _LISTS:
            return self.listed(self.phrases[_LISTS[name]][code] for code in str(value).split(","))
        if name in _CODES:
            return self.phrases[_CODES[name]][str(value)]
        if name == "scheme":
            return self.phrases["scheme"].get(str(value), str(value))
        if name == "medicine":
            return self.medicine(str(value))
        if name == "moments":
            return self.listed(self.phrases["when"][moment] for moment in str(value).split(","))
        if value == "not-told":
            return self.word("not_told")
        if isinstance(value, Fraction):
            in_mg = name == "mg" or name.endswith("_mg") or values.get("of") == "mg" or value > 1
            return self.mg(value) if in_mg else self.percent(value)
        return self.mg(Fraction(value)) if name.endswith("_mg") and isinstance(value, int) else str(value)

    def _at_most(self, values: Mapping[str, Value]) -> str:
        """The bound that binds: at most so much, or less than so much."""
        most = [Fraction(values[name]) for name in ("at_most_mg", "smallest_part_mg") if name in values]  # type: ignore[arg-type]
        below = [Fraction(values["below_mg"])] if "below_mg" in values else []  # type: ignore[arg-type]
        if most and (not below or most[0] < below[0]):
            return self.word("at_most", mg=self.mg(most[0]))
        return self.word("less_than", mg=self.mg(below[0]))

    def medicine(self, medicine: str) -> str:
        """The medicine's name."""
        known = self.library.medicines.by_id.get(medicine)
        return known.names[self.language] if known else medicine

    def atc(self, medicine: str) -> str | None:
        """The medicine's own ATC code, where it has one."""
        codes = self.library.medicines.by_code.items()
        return min(
            (code for (system, code), hit in codes if system == "atc" and hit.medicine == medicine), default=None
        )

    def word(self, name: str, **values: str) -> str:
        """One of the words that belong to no code."""
        return self.phrases["word"][name].format(**values)

    def mg(self, value: Fraction) -> str:
        """An amount in mg."""
        return f"{self.number(value)} mg"

    def percent(self, value: Fraction) -> str:
        """A share, in percent."""
        return f"{self.number(Fraction(round(value * 1000), 10))}%"

    def number(self, value: Fraction, exact: int = _EXACT) -> str:
        """A number as people write it: exact where that many digits are enough, else rounded to two."""
        ends = (value * 10**exact).denominator == 1
        rounded = value if ends else Fraction(round(value * 10**_ROUNDED), 10**_ROUNDED)
        return decimal_text(rounded).replace(".", self.phrases["word"]["decimal"])

    def day(self, day: date) -> str:
        """A day in full: 1 December 2026."""
        return self.word("date", day=str(day.day), month=self.phrases["month"][str(day.month)], year=str(day.year))

    def units(self, units: Units) -> str:
        """So many units of a product: ½ tablet of 5 mg."""
        product, number = units.product, units.number
        name = f"{product.form}s" if number > 1 else str(product.form)
        said = self.phrases["unit"][name].format(strength=self.mg(product.strength_mg))
        marks = [self.word(word) for word in ("compounded", "modified_release") if getattr(product, word)]
        return f"{self.count(number, product.form)} {said}" + (f" ({', '.join(marks)})" if marks else "")

    def count(self, number: Fraction, form: Form) -> str:
        """How many of them: halves and quarters of tablets as signs, millilitres in decimals."""
        whole, part = divmod(number, 1)
        if form is Form.ML or (part and part not in _SIGNS):
            return self.number(number)
        return (str(whole) if whole or not part else "") + _SIGNS.get(part, "")

    def listed(self, names: Iterable[str]) -> str:
        """Names in a row, the last one joined by "and"."""
        *most, last = names
        return f"{', '.join(most)}{self.phrases['word']['and']}{last}" if most else last


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
