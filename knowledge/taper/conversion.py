"""The switch to diazepam, only where the clinician asks for it.

It starts at the LOW diazepam end of the tables, rounded down to what the diazepam products make: tables differ up to
four-fold, and a dose must not rise. Both ends are shown. ASAM 2025: an equivalent is never exact, and going over
in 1-2 weeks may be easier than in 1-2 days. NHS SPS: unsuitable in liver disease. BCFI/Domus Medica: own medicine
preferred in the elderly.
"""

from fractions import Fraction

from knowledge.taper.footing import Footing, fine_share, ladder_from, own_footing, reach_of
from knowledge.taper.ladder import CapsuleLadder, Ladder
from knowledge.taper.notes import Note, note
from knowledge.taper.patient import Answer, Fact
from knowledge.taper.plan import Switch
from knowledge.taper.reach import Reach
from knowledge.taper.refusal import Because, Refusal
from knowledge.taper.request import DIAZEPAM, PlanRequest
from knowledge.taper.schemes import GROUPS, Scheme

NEVER = frozenset({"clotiazepam", "cloxazolam", "ethyl-loflazepate", "tetrazepam", "zaleplon"})
ELDERLY_YEARS = 65
LARGEST_DROP = Fraction(1, 4)  # of the low end, lost by rounding down
CAPSULE_STEP_MG = Fraction(1, 10)  # a capsule made to order starts at a whole tenth of a mg


def reasons(request: PlanRequest) -> list[Note]:
    """Why a switch is not made for this medicine and patient; empty when it may be."""
    if request.medicine in NEVER or request.medicine not in GROUPS["bzra"]:
        return [note(Because.CONVERSION_NEVER, medicine=request.medicine)]
    if request.medicine == DIAZEPAM:
        return [note(Because.CONVERSION_SAME_MEDICINE)]
    found = []
    if request.equivalence is None:
        found.append(note(Because.CONVERSION_EQUIVALENCE_UNKNOWN, medicine=request.medicine))
    hepatic = request.patient.has(Fact.HEPATIC_DISEASE)
    if hepatic is Answer.YES:
        found.append(note(Because.CONVERSION_HEPATIC_DISEASE))
    if hepatic is Answer.NOT_TOLD:
        found.append(note(Because.CONVERSION_HEPATIC_NOT_TOLD))
    products = request.conversion.products if request.conversion else ()
    if not products:
        found.append(note(Because.NO_PRODUCTS, medicine=DIAZEPAM))
    found += [
        note(Because.PRODUCT_OF_OTHER_MEDICINE, medicine=product.medicine)
        for product in products
        if product.medicine != DIAZEPAM
    ]
    return found


def switched_footing(request: PlanRequest, scheme: Scheme, daily_mg: Fraction) -> Footing | Refusal:
    """Diazepam in the same intakes, from the low table end or at most a quarter below it; refused where the diazepam
    products make nothing there. Call only when `reasons` found none."""
    own = own_footing(request, scheme, daily_mg)
    tables, conversion = request.equivalence, request.conversion
    if isinstance(own, Refusal) or tables is None or conversion is None:
        return own
    low_mg, high_mg = tables.diazepam_mg(daily_mg)
    ladder: Ladder | Refusal
    if scheme.programme:
        first_mg = low_mg // CAPSULE_STEP_MG * CAPSULE_STEP_MG
        if not first_mg:
            return _nothing_near(low_mg, high_mg, first_mg)
        ladder = CapsuleLadder(DIAZEPAM, first_mg, scheme.step * first_mg)
    else:
        reach = reach_of(conversion.products, low_mg)
        if isinstance(reach, Refusal):
            return reach
        split = _split(reach, low_mg, [intake.mg / daily_mg for intake in own.baseline])
        moments = tuple(when for when, amount in zip(own.moments, split, strict=True) if amount)
        taken = tuple(amount for amount in split if amount)
        if not taken:
            return _nothing_near(low_mg, high_mg, Fraction(0))
        ladder = ladder_from(reach, taken, fine_share(request, scheme))
        if isinstance(ladder, Refusal):
            return ladder
    chosen_mg = ladder.top * ladder.grain
    if low_mg - chosen_mg > LARGEST_DROP * low_mg:
        return _nothing_near(low_mg, high_mg, chosen_mg)
    return Footing(
        own.baseline,
        DIAZEPAM,
        conversion.products,
        own.moments if scheme.programme else moments,
        ladder,
        chosen_mg,
        chosen_mg,
        Switch(low_mg, high_mg, chosen_mg),
    )


def _split(reach: Reach, total_mg: Fraction, shares: list[Fraction]) -> list[int]:
    """Each intake's share rounded down to what can be made, then raised where the total allows, night first."""
    most = int(total_mg / reach.grain)
    split = [reach.at_most(int(most * share)) for share in shares]
    raised = True
    while raised:
        raised = False
        for i in reversed(range(len(split))):
            more = reach.at_most(split[i] + most - sum(split))
            if more > split[i]:
                split[i], raised = more, True
    return split


def _nothing_near(low_mg: Fraction, high_mg: Fraction, nearest_mg: Fraction) -> Refusal:
    values = {"low_mg": low_mg, "high_mg": high_mg, "nearest_below_mg": nearest_mg}
    return Refusal((note(Because.CONVERSION_NOT_MAKEABLE, **values),))
