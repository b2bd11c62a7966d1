"""The products that a plan may count on, where nobody says which ones are at hand: those of the site, else of the country."""

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path

from app.intake.units import unit_word
from knowledge.library import Library
from knowledge.site import Product as SiteProduct
from knowledge.strengths import Strength, strengths_of
from knowledge.taper import Form, Product
from knowledge.taper.products import LICENSED_PARTS

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
# As products name it in nl, fr, en and de, and the forms of RxNorm.
_SLOW_WORDS = re.compile(
    r"\b(retard\w*|(prolonged|extended|modified|sustained)[ -]release|lib[eé]ration (prolong|modifi)[eé]e|l\.?p|xr|mga"
    r"|(gereguleerde|verlengde|vertraagde) afgifte)\b"
)
_SOLID = {"tablet": Form.TABLET, "capsule": Form.CAPSULE}  # by the names of app.intake.units


@dataclass(frozen=True, slots=True)
class Known:
    """`whose` they are: "site", a country (ISO 3166-1 alpha-2), or "none"."""

    products: tuple[Product, ...]
    whose: str


def known_products(medicine: str, country: str | None, library: Library, *, modified_release: bool = False) -> Known:
    """What the site has of the medicine, if a plan can be made with any of it; else what is sold of it in the country.

    Either only what is released slowly, or only what is not: they are not mixed. A part that no licence is told of is
    not one: tablets stay whole, a liquid is measured by the whole millilitre.
    """
    folder = library.folder / "medicines"
    if own := _of_site(library.stock.get(medicine, ()), folder, slow=modified_release):
        return Known(own, "site")
    sold = _sold(medicine, country, folder, slow=modified_release) if country else ()
    return Known(sold, country) if country and sold else Known((), "none")


def is_sold_slow(medicine: str, country: str | None, library: Library) -> bool:
    """Whether there are tablets of the medicine that release it slowly: in the country, or in any where it was not told."""
    sold = strengths_of(medicine, library.folder / "medicines")
    return any(each.form == _SLOW and country in (None, each.country) for each in sold)


def is_slow(words: str) -> bool:
    """Whether a form or a name says that it is released slowly."""
    return bool(_SLOW_WORDS.search(words.lower()))


def _of_site(stock: tuple[SiteProduct, ...], folder: Path, *, slow: bool) -> tuple[Product, ...]:
    """Of one strength and form the division that every product of it allows: nobody can tell them apart in a plan."""
    found: dict[tuple[Form, Fraction], int] = {}
    for each in stock:
        counted = _form_and_mg(each)
        if counted and _released_slowly(each, folder) is slow:
            parts = each.divisible_into or 1
            if counted[0] is not Form.ML and (slow or parts not in LICENSED_PARTS[counted[0]]):
                parts = 1
            found[counted] = min(parts, found.get(counted, parts))
    medicine = stock[0].medicine if stock else None
    return tuple(
        Product(medicine or "", form, mg, parts, modified_release=slow)
        for (form, mg), parts in sorted(found.items(), key=lambda item: (str(item[0][0]), item[0][1]))
    )


def _form_and_mg(product: SiteProduct) -> tuple[Form, Fraction] | None:
    """None for what is not certainly taken by mouth and counted in tablets, capsules or millilitres."""
    if product.route not in (None, "oral"):
        return None
    if product.mg_per_unit is not None:
        units = {unit.name for word in re.split(r"[^\w]+", product.form) if (unit := unit_word(word))}
        form = _SOLID.get(units.pop()) if len(units) == 1 else None
        return (form, Fraction(product.mg_per_unit)) if form else None
    if product.mg_per_ml is not None and product.drops_per_ml is None and product.route == "oral" and product.form:
        words = {unit.name for word in re.split(r"[^\w]+", product.form) if (unit := unit_word(word))}
        return (Form.ML, Fraction(product.mg_per_ml)) if words <= {"mL"} else None
    return None


def _released_slowly(product: SiteProduct, folder: Path) -> bool | None:
    """None where it is not told, of a medicine that is sold in both."""
    if product.release == "modified" or is_slow(product.form):
        return True
    if product.release or product.medicine is None:
        return False
    both = any(strength.form == _SLOW for strength in strengths_of(product.medicine, folder))
    return None if both else False


@cache
def _sold(medicine: str, country: str, folder: Path, *, slow: bool) -> tuple[Product, ...]:
    """Only strengths that a source shows count, unless there are none: then the others do, marked."""
    wanted = [
        strength
        for strength in strengths_of(medicine, folder)
        if strength.country == country and strength.form in _FORMS and (strength.form == _SLOW) is slow
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
