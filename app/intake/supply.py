"""What was handed out ÷ the days it is meant to last: the last thing to reckon a daily dose from."""

from app.intake.quantity import Measured, read_days, read_quantity
from app.intake.span import exactly, over
from app.intake.strength import Strength
from app.intake.told import in_mg, plausible


def read_supply(dispense: object, strength: Strength | None) -> Measured | None:
    """The amount per day that a dispenseRequest (`expectedSupplyDuration`) or a MedicationDispense (`daysSupply`)
    hands out; None where it does not say so."""
    if not isinstance(dispense, dict) or dispense.get("modifierExtension"):
        return None
    amount = read_quantity(dispense.get("quantity"), handed_out=True)
    days = read_days(dispense.get("expectedSupplyDuration") or dispense.get("daysSupply"))
    if amount is None or days is None or not amount.span.low:
        return None
    daily = in_mg(amount.times(exactly(over(1, days))), strength)
    return daily if plausible(daily) else None


def was_handed_out(dispense: object) -> bool:
    """Whether it was really handed out, and not only ordered: then it tells how much of an as-needed medicine is used."""
    return isinstance(dispense, dict) and dispense.get("resourceType") == "MedicationDispense"
