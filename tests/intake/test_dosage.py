"""The dose of a prescription, as its structure tells it."""

from decimal import Decimal

from app.intake.dosage import read_dosages
from app.intake.strength import read_strength


def test_units_times_strength_give_the_mg_per_day() -> None:
    dosage = {
        "timing": {"repeat": {"frequency": 3, "period": 1, "periodUnit": "d"}},
        "doseAndRate": [
            {"doseQuantity": {"value": 1, "unit": "stuk", "system": "http://unitsofmeasure.org", "code": "1"}}
        ],
    }

    daily = read_dosages([dosage], read_strength("OXAZEPAM TABLET 10MG")).daily

    assert daily is not None
    assert (daily.low, daily.high, daily.unit) == (Decimal(30), Decimal(30), "mg")
