"""The products of a country that a plan may count on, where nobody says which ones are at hand."""

from fractions import Fraction
from functools import cache
from pathlib import Path

from knowledge.strengths import Strength, strengths_of
from knowledge.taper import Form, Product

# Drops are left out: how much one drop holds differs between dispensers and countries, or is not told, and nobody
# measures drops in millilitres.
_FORMS = {
    "tablet": Form.TABLET,
    "coated-tablet": Form.TABLET,
    "prolonged-release-tablet": Form.TABLET,
    "capsule": Form.CAPSULE,
    "oral-solution": Form.ML,
    "oral-suspension": Form.ML,
}
_SLOW = "prolonged-release-tablet"


@cache
def known_products(medicine: str, country: str, folder: Path, *, modified_release: bool = False) -> tuple[Product, ...]:
    """What is sold of the medicine in the country (ISO 3166-1 alpha-2); `folder` is the knowledge base's `medicines/`.

    Only strengths that a source shows count, unless there are none: then the others do, marked. A part that no source
    licenses is not one: tablets stay whole, a liquid is measured by the whole millilitre.
    """
    wanted = [
        strength
        for strength in strengths_of(medicine, folder)
        if strength.country == country and strength.form in _FORMS and (strength.form == _SLOW) is modified_release
    ]
    verified = [strength for strength in wanted if strength.verified]
    return tuple(dict.fromkeys(_product(medicine, strength) for strength in verified or wanted))


def _product(medicine: str, strength: Strength) -> Product:
    return Product(
        medicine,
        _FORMS[strength.form],
        Fraction(strength.mg),
        strength.divisible_into or 1,
        verified=strength.verified,
        compounded=strength.compounded,
        modified_release=strength.form == _SLOW,
    )
