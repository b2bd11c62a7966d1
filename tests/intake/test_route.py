"""The route of an order, by its instructions and by what its product is."""

import pytest

from app.intake.route import read_route
from knowledge.library import Library


@pytest.mark.parametrize(
    ("medicine", "product", "route"),
    [
        ("baclofen", "Gablofen 0.5 mg/ml", "intrathecal"),
        ("baclofen", "baclofen 2000 microgram/ml injectievloeistof", "intrathecal"),
        ("baclofen", "baclofène solution injectable 10 mg/5 ml", "intrathecal"),
        ("baclofen", "Baclofen Infusionslösung 10mg/20ml", "intrathecal"),
        ("baclofen", "Lioresal Intrathecal 10mg/5ml", "intrathecal"),
        ("baclofen", "Baclofen 5% crème FNA", "cutaneous"),
        ("baclofen", "Baclofen Salbe 2 %", "cutaneous"),
        ("baclofen", "baclofen 10 mg tablet", None),
        ("baclofen", "Lioresal 25 mg", None),
        ("diazepam", "diazepam 5 mg/ml injectievloeistof", None),
    ],
)
def test_a_product_made_for_one_route_tells_it(
    medicine: str, product: str, route: str | None, library: Library
) -> None:
    assert read_route([], medicine, product, library.codes) == route


def test_the_instruction_goes_before_the_product(library: Library) -> None:
    oral = [{"route": {"text": "oraal"}}]
    assert read_route(oral, "baclofen", "baclofen ampul 10 mg", library.codes) == "oral"


@pytest.mark.parametrize(
    ("said", "route"),
    [("cutaan gebruik", "cutaneous"), ("voie cutanée", "cutaneous"), ("voie sous-cutanée", "subcutaneous")],
)
def test_on_the_skin_is_not_under_it(said: str, route: str, library: Library) -> None:
    assert read_route([{"route": {"text": said}}], "baclofen", "", library.codes) == route
