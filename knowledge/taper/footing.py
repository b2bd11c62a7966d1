"""Where a taper starts from: the dose taken now, and the ladder of doses below it."""

from dataclasses import dataclass
from fractions import Fraction

from knowledge.taper.ladder import CapsuleLadder, Ladder, ladder_of
from knowledge.taper.notes import note
from knowledge.taper.plan import Switch
from knowledge.taper.products import Product
from knowledge.taper.reach import Reach, TooFineError, reach
from knowledge.taper.refusal import Because, Refusal
from knowledge.taper.request import Intake, PlanRequest, When
from knowledge.taper.schemes import Scheme


@dataclass(frozen=True, slots=True)
class Footing:
    """`baseline` is what is taken now, as it is; `ladder` leads down from `first_mg` a day of `medicine`, in intakes
    at `moments`; `start_mg` is the dose that shares "of the start dose" are of."""

    baseline: tuple[Intake, ...]
    medicine: str
    products: tuple[Product, ...]
    moments: tuple[When, ...]
    ladder: Ladder
    first_mg: Fraction
    start_mg: Fraction
    switch: Switch | None = None


def reach_of(products: tuple[Product, ...], most_mg: Fraction) -> Reach | Refusal:
    """What the products can make in one intake; refused where they are too fine next to the dose."""
    try:
        return reach(products, most_mg)
    except TooFineError:
        return Refusal((note(Because.STRENGTHS_TOO_FINE, most_mg=most_mg),))


def ladder_from(reach: Reach, taken: tuple[int, ...], fine: Fraction) -> Ladder | Refusal:
    """The ladder down from these intakes (in grains); refused where it has too many rungs to search."""
    try:
        return ladder_of(reach, taken, fine)
    except OverflowError:
        return Refusal((note(Because.STRENGTHS_TOO_FINE, most_mg=sum(taken) * reach.grain),))


def fine_share(request: PlanRequest, scheme: Scheme) -> Fraction:
    """The share of the current dose that is small enough for a step. Where the scheme counts from the start dose or in
    mg, every step the products make is as good as another: the intakes are kept in balance."""
    return (request.step or scheme.step) if scheme.of == "current" else Fraction(1)


def own_footing(request: PlanRequest, scheme: Scheme, daily_mg: Fraction) -> Footing | Refusal:
    """The medicine that is taken now, in the division of now.

    Refuses a dose that these products do not make: the baseline is the dose in fact taken, never a rounded one.
    In a programme the steps are capsules made to order.
    """
    intakes = tuple(sorted(request.intakes, key=_hour)) or (Intake(When.DAY, daily_mg),)
    makeable = reach_of(request.products, max(intake.mg for intake in intakes))
    if isinstance(makeable, Refusal):
        return makeable
    taken = []
    for intake in intakes:
        amount = makeable.grains(intake.mg)
        if amount is None or not makeable.makes(amount):
            return Refusal((note(Because.DOSE_NOT_MAKEABLE, when=intake.when, mg=intake.mg),))
        taken.append(amount)
    baseline = tuple(
        Intake(intake.when, intake.mg, intake.units or makeable.units(amount))
        for intake, amount in zip(intakes, taken, strict=True)
    )
    start_mg = request.start_mg or daily_mg
    ladder: Ladder | Refusal
    if scheme.programme:
        ladder = CapsuleLadder(request.medicine, daily_mg, scheme.step * start_mg)
    else:
        ladder = ladder_from(makeable, tuple(taken), fine_share(request, scheme))
        if isinstance(ladder, Refusal):
            return ladder
    moments = tuple(intake.when for intake in intakes)
    return Footing(baseline, request.medicine, request.products, moments, ladder, daily_mg, start_mg)


def _hour(intake: Intake) -> int:
    """The place of the intake in the day: on the way down the earlier ones of equal intakes go first."""
    return list(When).index(intake.when)
