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


@pytest.mark.parametrize(
    ("system", "code", "route"),
    [
        ("http://terminology.hl7.org/CodeSystem/v2-0162", "IV", "intravenous"),
        ("http://terminology.hl7.org/CodeSystem/v2-0162", "PR", "rectal"),
        ("http://hl7.org/fhir/v2/0162", "IT", "intrathecal"),
        ("http://terminology.hl7.org/CodeSystem/v3-RouteOfAdministration", "IVINJ", "intravenous"),
        ("http://terminology.hl7.org/CodeSystem/v3-RouteOfAdministration", "SQINFUS", "subcutaneous"),
    ],
)
def test_the_codes_of_hl7_itself_are_routes(system: str, code: str, route: str, library: Library) -> None:
    coded = [{"route": {"coding": [{"system": system, "code": code}]}}]
    assert read_route(coded, "midazolam", "", library.codes) == route


def test_the_instruction_goes_before_the_product(library: Library) -> None:
    oral = [{"route": {"text": "oraal"}}]
    assert read_route(oral, "baclofen", "baclofen ampul 10 mg", library.codes) == "oral"


@pytest.mark.parametrize(
    ("said", "route"),
    [
        ("cutaan gebruik", "cutaneous"),
        ("voie cutanée", "cutaneous"),
        ("voie sous-cutanée", "subcutaneous"),
        ("sous-cutané", "subcutaneous"),
    ],
)
def test_on_the_skin_is_not_under_it(said: str, route: str, library: Library) -> None:
    assert read_route([{"route": {"text": said}}], "baclofen", "", library.codes) == route


@pytest.mark.parametrize(
    ("said", "route"),
    [
        ("i.v.", "intravenous"),
        ("intraveineux", "intravenous"),
        ("intravenöse Infusion", "intravenous"),
        ("intra-musculaire", "intramuscular"),
        ("i.m.", "intramuscular"),
        ("intramuskulär", "intramuscular"),
        ("s.c.", "subcutaneous"),
        ("s/c", "subcutaneous"),
        ("rektal", "rectal"),
        ("rektale Anwendung", "rectal"),
        ("zetpil", "rectal"),
        ("bukkal", "buccal"),
        ("voie oromuqueuse", "buccal"),
        ("Nasenspray", "nasal"),
        ("in de neus", "nasal"),
        ("onder de tong", "sublingual"),
        ("sous la langue", "sublingual"),
        ("p.o.", "oral"),
        ("zum Einnehmen", "oral"),
        ("i.m. of i.v.", None),
        ("IM", "intramuscular"),
        ("p.r.", "rectal"),
        ("IT", "intrathecal"),
        ("im Mund zergehen lassen", None),
    ],
)
def test_a_route_is_known_as_it_is_written_in_four_languages(said: str, route: str | None, library: Library) -> None:
    assert read_route([{"route": {"text": said}}], "midazolam", "", library.codes) == route


@pytest.mark.parametrize(
    ("medicine", "product", "route"),
    [
        ("midazolam", "midazolam neusspray 2,5 mg", "nasal"),
        ("diazepam", "Diazepam-ratiopharm 10 Zäpfchen", "rectal"),
        ("diazepam", "Stesolid 10 mg Mikroklist", "rectal"),
        ("diazepam", "Diazepam 10 mg Rektallösung", "rectal"),
        ("diazepam", "diazepam suppositoire 10 mg", "rectal"),
        ("zolpidem", "zolpidem PR 10 mg", None),
        ("lorazepam", "Lorazepam 1 mg Tabletten im Blister", None),
        ("midazolam", "Buccolam 10 mg/2 ml", "buccal"),
        ("midazolam", "Nayzilam 5 mg", "nasal"),
        ("diazepam", "Valtoco 10 mg", "nasal"),
        ("diazepam", "Diastat AcuDial 10 mg", "rectal"),
        ("diazepam", "Valium 10 mg", None),
    ],
)
def test_a_dose_form_or_a_brand_of_one_route_tells_it(
    medicine: str, product: str, route: str | None, library: Library
) -> None:
    assert read_route([], medicine, product, library.codes) == route
