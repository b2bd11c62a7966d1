"""How a plan is worded: exact amounts, units of a product, days, shares, in one language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path

import tomli

from knowledge.medicine import Medicines
from knowledge.taper import Form, Intake, Product, Step, Units, When
from knowledge.taper.plan import Kind

_GLYPHS = {Fraction(1, 4): "¼", Fraction(1, 2): "½", Fraction(3, 4): "¾", Fraction(1, 3): "⅓", Fraction(2, 3): "⅔"}


@cache
def plan_words() -> Mapping[str, Mapping[str, str]]:
    """The words of the renderings, by language."""
    table: dict[str, dict[str, str]] = tomli.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
    return table


@dataclass(frozen=True, slots=True)
class PlanWording:
    """The words of one language ("nl", "fr", "en", "de"). No amount is ever rounded; only shares are."""

    language: str
    medicines: Medicines

    def __getitem__(self, word: str) -> str:
        return plan_words()[self.language][word]

    def head(self, word: str) -> str:
        """The word as it stands at the head of a column."""
        text = self[word]
        return text[:1].upper() + text[1:]

    def medicine(self, medicine: str) -> str:
        """The medicine's name in this language; its id where Wane has none."""
        known = self.medicines.by_id.get(medicine)
        return known.names[self.language] if known else medicine

    def number(self, value: Fraction) -> str:
        """The exact value: "7,5"; as a fraction ("2/3", "1 2/3") where decimals do not end."""
        decimals = _decimals(value)
        if decimals is not None:
            return decimals.replace(".", self["decimal"])
        whole, rest = divmod(value, 1)
        return f"{whole} {rest}" if whole else str(rest)

    def count(self, units: Units) -> str:
        """So many units: "1½" tablets, "2,5" ml."""
        whole, rest = divmod(units.number, 1)
        if units.product.form is Form.TABLET and rest in _GLYPHS:
            return f"{whole or ''}{_GLYPHS[rest]}"
        return self.number(units.number)

    def units(self, units: Units) -> str:
        """What is taken of one product: "1½ tabletten van 5 mg"."""
        product = units.product
        many = units.number >= 2 if self["plural_from_two"] == "yes" else units.number > 1
        unit = self[f"{product.form}s" if many else product.form]
        said = self[f"of_{product.form}"]
        return said.format(n=self.count(units), unit=unit, mg=self.number(product.strength_mg))

    def intake(self, intake: Intake) -> str:
        """What is taken at one moment, all products."""
        return self["and"].join(self.units(units) for units in intake.units)

    def dose(self, mg: Fraction) -> str:
        """A dose a day."""
        return self["mg_a_day"].format(mg=self.number(mg))

    def moment(self, when: When) -> str:
        """A moment of the day."""
        return self[when]

    def product(self, product: Product) -> str:
        """A product with all that tells it from another."""
        parts = [self[f"strength_{product.form}"].format(mg=self.number(product.strength_mg))]
        if product.name:
            parts[0] += f" ({product.name})"
        if product.form is Form.TABLET:
            parts.append(self["whole"] if product.divisible_into == 1 else self[f"parts_{product.divisible_into}"])
        parts += [self[name] for name in ("modified_release", "compounded") if getattr(product, name)]
        if not product.verified:
            parts.append(self["unverified"])
        return ", ".join(parts)

    def kind(self, step: Step) -> str:
        """What a row does."""
        said = self[f"kind_{step.kind}"]
        return said.format(medicine=self.medicine(step.medicine)) if step.kind is Kind.SWITCH else said

    def share(self, share: Fraction) -> str:
        """A share as a percentage, rounded to a tenth."""
        tenths = round(share * 1000)
        return self["percent"].format(n=self.number(Fraction(tenths, 10)))

    def long_date(self, day: date) -> str:
        """A day with its month in words."""
        month = self["months"].split()[day.month - 1]
        return self["date_first" if day.day == 1 else "date"].format(day=day.day, month=month, year=day.year)

    def short_date(self, day: date, *, year: bool = False) -> str:
        """A day and the month, abbreviated."""
        month = self["short_months"].split()[day.month - 1]
        return f"{day.day} {month} {day.year}" if year else f"{day.day} {month}"

    def weekday(self, day: date) -> str:
        """The day of the week."""
        return self["weekdays"].split()[day.weekday()]

    def days(self, days: int) -> str:
        """A number of days."""
        return self["one_day"] if days == 1 else self["many_days"].format(n=days)


def _decimals(value: Fraction) -> str | None:
    """The value in plain decimals without trailing zeros; None where they do not end."""
    places, power = 0, 1
    while power % value.denominator:
        places, power = places + 1, power * 10
        if places > _MOST_PLACES:
            return None
    digits = str(abs(value.numerator) * (power // value.denominator)).rjust(places + 1, "0")
    text = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return f"-{text}" if value < 0 else text


_MOST_PLACES = 8
