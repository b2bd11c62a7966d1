"""What a pharmacy can hand out, and how many units of it are taken."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction


class Form(StrEnum):
    """The unit that is counted."""

    TABLET = "tablet"
    CAPSULE = "capsule"
    ML = "ml"  # one millilitre of an oral liquid
    DROP = "drop"


LICENSED_PARTS = {Form.TABLET: (1, 2, 4), Form.CAPSULE: (1,), Form.DROP: (1,)}


def exact_mg(amount: Fraction | Decimal | int | str) -> Fraction:
    """The amount in mg without loss ("0.125" → 1/8). Raises TypeError for a float: it has lost exactness already."""
    if type(amount) is Fraction:
        return amount
    if isinstance(amount, float):
        raise TypeError("an amount must be a Fraction, Decimal, int or text: a float is not exact")
    return Fraction(amount)


@dataclass(frozen=True, slots=True)
class Product:
    """One strength of one medicine, for oral use.

    `strength_mg` is mg per tablet, capsule, millilitre or drop. `divisible_into` is the number of equal parts the
    licence allows (tablets: 1, 2 or 4); for a liquid, the marks per millilitre on the syringe that comes with it.
    `verified` is false where the strength was not seen in a source. `name` is for the reader; it changes no dose.
    Raises ValueError for a strength that is not positive or a division the form does not have, TypeError for a float.
    """

    medicine: str
    form: Form
    strength_mg: Fraction
    divisible_into: int = 1
    verified: bool = True
    compounded: bool = False  # made by the pharmacist to order
    modified_release: bool = False
    name: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "strength_mg", exact_mg(self.strength_mg))
        if self.strength_mg <= 0:
            raise ValueError("strength_mg: must be above 0")
        if self.form is Form.ML:
            if not 1 <= self.divisible_into <= 100:
                raise ValueError("divisible_into: a syringe has 1 to 100 marks per ml")
        elif self.divisible_into not in LICENSED_PARTS[self.form]:
            raise ValueError(f"divisible_into: a {self.form} divides into {LICENSED_PARTS[self.form]} parts")
        if self.modified_release and self.divisible_into != 1 and self.form is not Form.ML:
            raise ValueError("divisible_into: a modified-release product is taken whole")

    @property
    def part_mg(self) -> Fraction:
        """The smallest amount that can be taken of it, in mg."""
        return self.strength_mg / self.divisible_into


@dataclass(frozen=True, slots=True)
class Units:
    """So many units (tablets, capsules, ml, drops) of one product; halves and quarters are fractions."""

    product: Product
    number: Fraction

    @property
    def mg(self) -> Fraction:
        """The amount of medicine in them, in mg."""
        return self.product.strength_mg * self.number


def order_of_choice(product: Product) -> tuple[Fraction, bool, bool, int, str, str]:
    """Sort key: the larger strength first, then what is verified, ready-made, whole."""
    strength = -product.strength_mg
    return (strength, not product.verified, product.compounded, product.divisible_into, product.form, product.name)
