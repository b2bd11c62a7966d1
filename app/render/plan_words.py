"""A plan in words, in one language: every code of the planner with its values, and exact amounts, units, days and shares.

The texts of codes stand in knowledge/texts/taper/<language>.toml, the words of the renderings in plan/words.toml; both
are read when the first plan is told.
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
from knowledge.taper import Fact, Form, Intake, Plan, Product, Refusal, Step, Units, When
from knowledge.taper.notes import Note, Value
from knowledge.taper.plan import Kind
from knowledge.texts import Phrases, read_phrases

_SIGNS = {Fraction(1, 4): "¼", Fraction(1, 2): "½", Fraction(3, 4): "¾"}
_LISTS = {"facts": "fact", "check": "fact", "unverified": "unverified", "house": "house", "arrange": "arrange"}
_CLAUSES = ("unverified", "house")  # clauses with commas of their own
_CODES = {"reason": "hold", "compared": "compared", "when": "when", "fact": "fact"}
_MOST_PLACES = 8  # decimals of an exact number; more, or without end: as a fraction
_EXACT, _ROUNDED = 6, 2  # decimals of an amount in mg that ends within so many, and of one that does not


@cache
def plan_words() -> Mapping[str, Mapping[str, str]]:
    """The words of the renderings, by language."""
    path = Path(__file__).with_name("plan") / "words.toml"
    table: dict[str, dict[str, str]] = tomli.loads(path.read_text(encoding="utf-8"))
    return table


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
        """The texts of the planner's codes."""
        return phrases_of(self.language, self.library.folder)

    def __getitem__(self, word: str) -> str:
        """A word of the renderings."""
        return plan_words()[self.language][word]

    def head(self, word: str) -> str:
        """The word as it stands at the head of a column."""
        return _capitalised(self[word])

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
        if name == "range":
            return self._range(values)
        if name == "most":
            return str(values.get("reductions_at_most", values.get("days_at_most")))
        value = values[name]
        if name in _LISTS:
            told = [self.phrases[_LISTS[name]][code] for code in str(value).split(",")]
            return self["semicolon"].join(told) if name in _CLAUSES else self.listed(told)
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
            return self.mg(value) if in_mg else self.share(value)
        return self.mg(Fraction(value)) if name.endswith("_mg") and isinstance(value, int) else str(value)

    def _at_most(self, values: Mapping[str, Value]) -> str:
        """The bound that binds: at most so much, or less than so much."""
        most = [Fraction(values[name]) for name in ("at_most_mg", "smallest_part_mg") if name in values]  # type: ignore[arg-type]
        below = [Fraction(values["below_mg"])] if "below_mg" in values else []  # type: ignore[arg-type]
        if most and (not below or most[0] < below[0]):
            return self.word("at_most", mg=self.mg(most[0]))
        return self.word("less_than", mg=self.mg(below[0]))

    def _range(self, values: Mapping[str, Value]) -> str:
        """From the low to the high end; one amount where they are the same, as those of diazepam itself are."""
        low, high = (self.mg(Fraction(values[name])) for name in ("low_mg", "high_mg"))  # type: ignore[arg-type]
        return low if low == high else self.word("range", low=low, high=high)

    def medicine(self, medicine: str) -> str:
        """The medicine's name in this language; its id where Wane has none."""
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

    def number(self, value: Fraction) -> str:
        """The exact value: "7,5"; as a fraction ("2/3", "1 2/3") where decimals do not end."""
        if (value * 10**_MOST_PLACES).denominator == 1:
            return decimal_text(value).replace(".", self["decimal"])
        whole, rest = divmod(value, 1)
        return f"{whole} {rest}" if whole else str(rest)

    def mg(self, value: Fraction) -> str:
        """An amount in mg; to hundredths where its decimals do not end, as those of an equivalent may not."""
        ends = (value * 10**_EXACT).denominator == 1
        return f"{self.number(value if ends else Fraction(round(value * 10**_ROUNDED), 10**_ROUNDED))} mg"

    def share(self, share: Fraction) -> str:
        """A share as a percentage, rounded to a tenth."""
        return self["percent"].format(n=self.number(Fraction(round(share * 1000), 10)))

    def dose(self, mg: Fraction) -> str:
        """A dose a day, exactly."""
        return self["mg_a_day"].format(mg=self.number(mg))

    def count(self, units: Units) -> str:
        """So many units: "1½" tablets, "2,5" ml."""
        whole, rest = divmod(units.number, 1)
        if units.product.form is Form.TABLET and rest in _SIGNS:
            return f"{whole or ''}{_SIGNS[rest]}"
        return self.number(units.number)

    def units(self, units: Units) -> str:
        """What is taken of one product: "1½ tablet van 5 mg"."""
        product = units.product
        many = units.number >= 2 if self["plural_from_two"] == "yes" else units.number > 1
        unit = self[f"{product.form}s" if many else product.form]
        said = self[f"of_{product.form}"]
        return said.format(n=self.count(units), unit=unit, mg=self.number(product.strength_mg))

    def marked_units(self, units: Units) -> str:
        """The same where no list of products stands beside it, with what tells the product from others of its strength."""
        marks = self._marks(units.product)
        return self.units(units) + (f" ({', '.join(marks)})" if marks else "")

    def intake(self, intake: Intake) -> str:
        """What is taken at one moment, all products."""
        return self["and"].join(self.units(units) for units in intake.units)

    def strength(self, product: Product) -> str:
        """The form and the strength of a product: "tablet 2,5 mg"."""
        return self[f"strength_{product.form}"].format(mg=self.number(product.strength_mg))

    def product(self, product: Product) -> str:
        """A product with all that tells it from another."""
        parts = [self.strength(product)]
        if product.name:
            parts[0] += f" ({product.name})"
        if product.form is Form.TABLET:
            parts.append(self["whole"] if product.divisible_into == 1 else self[f"parts_{product.divisible_into}"])
        parts += self._marks(product)
        if not product.verified:
            parts.append(self["unverified"])
        return ", ".join(parts)

    def _marks(self, product: Product) -> list[str]:
        return [self[name] for name in ("modified_release", "compounded") if getattr(product, name)]

    def moment(self, when: When) -> str:
        """A moment of the day, as the head of a column."""
        return self[when]

    def kind(self, step: Step) -> str:
        """What a row does."""
        said = self[f"kind_{step.kind}"]
        return said.format(medicine=self.medicine(step.medicine)) if step.kind is Kind.SWITCH else said

    def long_date(self, day: date) -> str:
        """A day with its month in words: 1 December 2026."""
        month = self["months"].split()[day.month - 1]
        return self["date_first" if day.day == 1 else "date"].format(day=day.day, month=month, year=day.year)

    def short_date(self, day: date, *, year: bool = False) -> str:
        """A day and the month, abbreviated."""
        month = self["short_months"].split()[day.month - 1]
        said = self["short_date"].format(day=day.day, month=month)
        return f"{said} {day.year}" if year else said

    def weekday(self, day: date) -> str:
        """The day of the week."""
        return self["weekdays"].split()[day.weekday()]

    def days(self, days: int) -> str:
        """A number of days."""
        return self["one_day"] if days == 1 else self["many_days"].format(n=days)

    def listed(self, names: Iterable[str]) -> str:
        """Names in a row, the last one joined by "and"."""
        *most, last = names
        return f"{', '.join(most)}{self['and']}{last}" if most else last


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
