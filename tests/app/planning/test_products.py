"""What a plan counts on where nobody names products: what the site has, else what is sold in the country."""

from fractions import Fraction
from pathlib import Path

import pytest

from app.planning.asked import Asked, asked
from app.planning.making import planned
from app.planning.products import Known, known_products
from app.settings import Settings
from app.site_knowledge import PRODUCTS
from knowledge.library import Library
from knowledge.site import read_site
from knowledge.taper import Form, Plan, Product
from tests.app.planning.conftest import TODAY
from tests.service import service_on

HEAD = "system,code,ingredient,mg_per_unit,mg_per_ml,form,route,divisible_into,release\n"


def site(folder: Path, library: Library, *rows: str) -> Library:
    path = folder / PRODUCTS
    path.write_text(HEAD + "".join(f"urn:local,{code},{row}\n" for code, row in enumerate(rows)), encoding="utf-8")
    return read_site(library, path)


def tablet(medicine: str, mg: str, parts: int = 1, *, slow: bool = False) -> Product:
    return Product(medicine, Form.TABLET, Fraction(mg), parts, modified_release=slow)


def test_what_the_site_has_comes_before_what_the_country_sells(tmp_path: Path, library: Library) -> None:
    using = site(tmp_path, library, "diazepam,2,,tablet,oral,2,", "diazepam,5,,comprimé,,,immediate")
    own = (tablet("diazepam", "2", 2), tablet("diazepam", "5"))
    assert known_products("diazepam", "BE", using) == Known(own, "site")
    assert known_products("diazepam", None, using) == Known(own, "site")
    assert known_products("lorazepam", "BE", using).whose == "BE"
    assert known_products("lorazepam", None, using) == Known((), "none")


def test_products_of_the_request_come_before_those_of_the_site(tmp_path: Path, library: Library) -> None:
    using = site(tmp_path, library, "diazepam,2,,tablet,oral,2,", "diazepam,5,,tablet,oral,,")
    fields = {"medicine": "diazepam", "country": "BE", "route": "oral", "intakes": ["night:10"]}
    given, own = (asked({**fields, **more}, using, TODAY) for more in ({"products": ["tablet:10/4"]}, {}))
    assert isinstance(given, Asked)
    assert isinstance(own, Asked)
    assert (given.products_from, given.request.products) == ("request", (tablet("diazepam", "10", 4),))
    assert own.products_from == "site"
    plan = planned(own)
    assert isinstance(plan, Plan)
    assert {units.product.strength_mg for units in plan.supply()} <= {2, 5}


def test_a_switch_counts_on_the_diazepam_of_the_site(tmp_path: Path, library: Library) -> None:
    using = site(tmp_path, library, "diazepam,2,,tablet,oral,,", "lorazepam,1,,tablet,oral,,")
    request = asked(
        {"medicine": "lorazepam", "daily_mg": 1, "convert_to_diazepam": True, "country": "BE"}, using, TODAY
    )
    assert isinstance(request, Asked)
    assert request.request.conversion
    assert request.request.conversion.products == (tablet("diazepam", "2"),)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("diazepam,5,,,oral,,", "no form: it may be a suppository"),
        ("diazepam,5,,zetpil,,,", "a suppository"),
        ("diazepam,5,,tablet,rectal,,", "not by mouth"),
        ("diazepam,,5,oplossing,,,", "a liquid without its route may be injected"),
        ("diazepam,,5,injectievloeistof in ampul,oral,,", "an ampoule"),
        ("diazepam,,,tablet,oral,,", "no strength"),
        ("other,5,,tablet,oral,,", "another medicine"),
    ],
)
def test_what_is_not_certainly_taken_by_mouth_in_counted_units_is_not_counted_on(
    row: str, why: str, tmp_path: Path, library: Library
) -> None:
    assert known_products("diazepam", "BE", site(tmp_path, library, row)).whose == "BE", why


def test_a_capsule_stays_whole_and_a_liquid_is_measured_by_its_marks(tmp_path: Path, library: Library) -> None:
    using = site(
        tmp_path, library, "diazepam,3,,gélule,oral,2,", "diazepam,,1,drank,oral,10,", "diazepam,,2,sirop,oral,,"
    )
    assert known_products("diazepam", "BE", using).products == (
        Product("diazepam", Form.CAPSULE, Fraction(3)),
        Product("diazepam", Form.ML, Fraction(1), 10),
        Product("diazepam", Form.ML, Fraction(2)),
    )


def test_two_products_of_one_strength_are_broken_as_the_less_divisible_is(tmp_path: Path, library: Library) -> None:
    using = site(
        tmp_path, library, "diazepam,10,,tablet,oral,4,", "diazepam,10,,tablet,oral,2,", "diazepam,10,,capsule,oral,,"
    )
    assert known_products("diazepam", "BE", using).products == (
        Product("diazepam", Form.CAPSULE, Fraction(10)),
        tablet("diazepam", "10", 2),
    )


def test_what_is_released_slowly_is_not_mixed_with_what_is_not(tmp_path: Path, library: Library) -> None:
    using = site(
        tmp_path,
        library,
        "alprazolam,0.25,,tablet,oral,,immediate",
        "alprazolam,0.5,,tablet,oral,,modified",
        "alprazolam,1,,tablet retard,oral,,",
        "alprazolam,2,,tablet,oral,,",  # sold in both, and nobody says which this is
    )
    assert known_products("alprazolam", "BE", using) == Known((tablet("alprazolam", "0.25"),), "site")
    slow = (tablet("alprazolam", "0.5", slow=True), tablet("alprazolam", "1", slow=True))
    assert known_products("alprazolam", "BE", using, modified_release=True) == Known(slow, "site")


def test_the_answer_and_the_page_say_that_the_products_are_those_of_the_site(tmp_path: Path, library: Library) -> None:
    site(tmp_path, library, "diazepam,2,,tablet,oral,2,", "diazepam,5,,tablet,oral,2,")
    with service_on(TODAY, Settings(site=tmp_path, journal=tmp_path / "journal.sqlite")) as wane:
        told = wane.post("/taper/plan", {"medicine": "diazepam", "intakes": ["night:10"], "route": "oral"}).json()
        page = wane.call("GET", "/taper?medicine=diazepam&night=10&lang=en").content.decode()
    assert (told["outcome"], told["products_from"]) == ("planned", "site")
    assert "what this site&#39;s pharmacy has" in page
