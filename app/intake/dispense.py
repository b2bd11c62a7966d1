"""One MedicationDispense of a medicine Wane knows: what was handed out, when, and for which prescription."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from app.intake.elements import Json, code_of, day
from app.intake.handed_out import amount_of
from app.intake.instructions import dosage_of, instructions_of
from app.intake.links import names_of, pointed_at
from app.intake.medicine import Recognised
from app.intake.modifiers import why_unreadable
from app.intake.mp9 import ADMINISTRATION_AGREEMENT, kind_of
from app.intake.quantity import Measured, read_days
from app.intake.route import route_of
from knowledge.codes import Codes
from knowledge.facts import Dosage

_HANDED_OUT = ("completed", "unknown", "")  # the Dutch status is always unknown


@dataclass(frozen=True, slots=True)
class Supply:
    """`days`: how long the pharmacy says it lasts. `of`: the prescriptions it belongs to."""

    reference: str
    medicine: str
    day: date
    amount: Measured | None
    days: Fraction | None
    dosage: Dosage
    route: str | None
    mg_per_unit: Decimal | None
    names: frozenset[str]
    of: frozenset[str]


def read_dispense(
    resource: Json, reference: str, recognised: Recognised, codes: Codes, today: date
) -> Supply | str | None:
    """Read a MedicationDispense whose medicine has been recognised.

    None where nothing was handed out (in preparation, declined, in error, a Dutch administration agreement, the
    future); a gap's code where it was, but nobody can tell when.
    """
    assert recognised.medicine  # noqa: S101 - callers ask only for what was recognised
    if code_of(resource.get("status")) not in _HANDED_OUT or kind_of(resource) == ADMINISTRATION_AGREEMENT:
        return None
    handed = day(resource.get("whenHandedOver")) or day(resource.get("whenPrepared"))
    if handed is None:
        return "dispense-without-date"
    if handed > today:
        return None
    strength = recognised.strength
    days = read_days(resource.get("daysSupply"))
    return Supply(
        reference=reference,
        medicine=recognised.medicine,
        day=handed,
        amount=None if why_unreadable(resource) else amount_of(resource.get("quantity"), strength),
        days=Fraction(days) if days is not None and days < 3660 else None,
        dosage=dosage_of(resource, strength, authored=handed, plausible=recognised.plausible),
        route=route_of(instructions_of(resource), recognised, codes),
        mg_per_unit=strength.mg_per_unit if strength else None,
        names=names_of(resource, reference),
        of=pointed_at(resource, "authorizingPrescription", "basedOn"),
    )
