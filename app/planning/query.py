"""The fields of a plan in an address, and back: for links and forms. No field tells who the patient is."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from urllib.parse import urlencode

from app.planning.asked import FIELDS
from knowledge.taper import Product
from knowledge.taper.request import PlanRequest

LISTS = ("intakes", "products", "holds", "diazepam_products", "present", "absent", "changes")


def fields_of_query(pairs: Iterable[tuple[str, str]]) -> dict[str, object]:
    """The fields in a query string: a list where the field is one, and where a name comes twice; empty is left out."""
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        if value.strip():
            found.setdefault(name, []).append(value)
    return {name: values if name in LISTS or len(values) > 1 else values[0] for name, values in found.items()}


def query_of(fields: Mapping[str, object]) -> str:
    """The query string of these fields, in the order of FIELDS."""
    return urlencode([(name, fields[name]) for name in FIELDS if name in fields], doseq=True)


def fields_of(request: PlanRequest) -> dict[str, object]:
    """The fields that ask for this plan again, without what is about the person."""
    fields: dict[str, object] = {
        "medicine": request.medicine,
        "daily_mg": request.daily_mg and decimal_text(request.daily_mg),
        "intakes": [f"{intake.when}:{decimal_text(intake.mg)}" for intake in request.intakes],
        "products": [_short(product) for product in request.products],
        "scheme": request.scheme,
        "first_day": request.first_day.isoformat(),
        "country": request.patient.country,
    }
    return {name: value for name, value in fields.items() if value}


def _short(product: Product) -> str:
    parts = f"/{product.divisible_into}" if product.divisible_into > 1 else ""
    return f"{product.form}:{decimal_text(product.strength_mg)}{parts}"


def decimal_text(value: Fraction) -> str:
    """The number in decimals, exactly: 5/8 is 0.625. Raises ValueError where that never ends, as for 1/3."""
    rest, digits = value.denominator, 0
    for prime in (2, 5):
        count = 0
        while rest % prime == 0:
            rest, count = rest // prime, count + 1
        digits = max(digits, count)
    if rest != 1:
        raise ValueError("this number has no end in decimals")
    whole = abs(value.numerator) * 10**digits // value.denominator
    text = str(whole).rjust(digits + 1, "0")
    sign = "-" if value < 0 else ""
    return sign + (f"{text[:-digits]}.{text[-digits:]}" if digits else text)
