"""Plain fields → a request to the planner, or every field that cannot be read."""

from datetime import date
from fractions import Fraction
from urllib.parse import parse_qsl

import pytest

from app.planning.asked import FIELDS, Asked, asked
from app.planning.fields import Fault
from app.planning.making import planned
from app.planning.query import decimal_text, fields_of, fields_of_query, query_of
from knowledge.library import Library
from knowledge.taper import Fact, Form, Intake, Plan, Product, Refusal, Units, When

from .conftest import TODAY, Ask


def made(asked_for: Asked | tuple[Fault, ...]) -> Asked:
    assert isinstance(asked_for, Asked), asked_for
    return asked_for


def faults(asked_for: Asked | tuple[Fault, ...]) -> list[str]:
    assert not isinstance(asked_for, Asked), asked_for
    return [fault.path for fault in asked_for]


def test_a_medicine_and_a_dose_are_enough_to_ask(ask: Ask) -> None:
    request = made(ask(medicine="diazepam", daily_mg="10", country="NL")).request
    assert (request.medicine, request.daily_mg, request.first_day, request.scheme) == (
        "diazepam",
        10,
        TODAY,
        "asam-2025",
    )
    assert [product.strength_mg for product in request.products] == [2, 5, 10]
    assert request.tables() is not None
    assert request.programme_limit_mg == 30


@pytest.mark.parametrize("name", ["diazepam", "Diazepam", "N05BA01", "Valium 5 mg", " diazepam "])
def test_a_medicine_is_known_by_id_name_brand_and_atc_code(ask: Ask, name: str) -> None:
    assert made(ask(medicine=name)).request.medicine == "diazepam"


def test_a_medicine_that_nobody_knows_is_the_planners_to_refuse(ask: Ask) -> None:
    refusal = planned(made(ask(medicine="paracetamol", daily_mg=500)))
    assert isinstance(refusal, Refusal)
    assert refusal.codes() == ("medicine-unknown",)


def test_without_a_medicine_there_is_nothing_to_plan(ask: Ask) -> None:
    assert faults(ask(daily_mg="10")) == ["medicine"]


@pytest.mark.parametrize(
    ("written", "mg"), [(10, 10), (2.5, Fraction("2.5")), ("0,125", Fraction("0.125")), (0.1, Fraction("0.1"))]
)
def test_an_amount_keeps_its_exact_value(ask: Ask, written: object, mg: Fraction) -> None:
    assert made(ask(medicine="diazepam", daily_mg=written)).request.daily_mg == mg


@pytest.mark.parametrize("written", ["ten", "1e9", "1/3", True, [1], {"value": 1}, "12345678", 1e300, "NaN"])
def test_what_is_no_amount_is_named_and_never_repeated(ask: Ask, written: object) -> None:
    asked_for = ask(medicine="diazepam", daily_mg=written)
    assert faults(asked_for) == ["daily_mg"]
    assert str(written) not in str(asked_for)


def test_a_dose_that_was_not_told_is_what_the_intakes_add_up_to(ask: Ask) -> None:
    request = made(ask(medicine="diazepam", intakes=["morning:2", {"when": "night", "mg": 5}])).request
    assert request.daily_mg == 7
    assert request.intakes == (Intake(When.MORNING, Fraction(2)), Intake(When.NIGHT, Fraction(5)))


def test_a_dose_that_nobody_told_is_refused_by_name(ask: Ask) -> None:
    refusal = planned(made(ask(medicine="diazepam", country="NL")))
    assert isinstance(refusal, Refusal)
    assert refusal.codes() == ("dose-unknown",)


def test_products_are_given_as_objects_or_in_short(ask: Ask) -> None:
    short = made(ask(medicine="diazepam", products=["tablet:2/2", "ml:0.4/10"])).request.products
    tablet = {"form": "tablet", "strength_mg": "2", "divisible_into": 2}
    full = made(ask(medicine="diazepam", products=[tablet, {"form": "ml", "strength_mg": 0.4, "divisible_into": 10}]))
    assert short == full.request.products
    assert full.products_from == "request"
    assert short == (
        Product("diazepam", Form.TABLET, Fraction(2), 2),
        Product("diazepam", Form.ML, Fraction(2, 5), 10),
    )


@pytest.mark.parametrize(
    ("product", "path"),
    [
        ("tablet:0", "products[0].strength_mg"),
        ("tablet:2/3", "products[0].divisible_into"),
        ("capsule:10/2", "products[0].divisible_into"),
        ("ml:1/3", "products[0].divisible_into"),
        ("plaster:2", "products[0].form"),
        ("tablet", "products[0]"),
        ({"form": "tablet"}, "products[0].strength_mg"),
        ({"form": "tablet", "strength_mg": 2, "strenght": 2}, "products[0].strenght"),
        (
            {"form": "tablet", "strength_mg": 2, "divisible_into": 2, "modified_release": True},
            "products[0].divisible_into",
        ),
    ],
)
def test_a_product_that_cannot_be_is_named(ask: Ask, product: object, path: str) -> None:
    assert path in faults(ask(medicine="diazepam", daily_mg=2, products=[product]))


def test_only_a_strength_that_a_source_shows_counts_where_there_is_one(ask: Ask) -> None:
    oxazepam = made(ask(medicine="oxazepam", daily_mg=50, country="NL")).request.products
    loprazolam = made(ask(medicine="loprazolam", daily_mg=1, country="BE")).request.products
    assert [(product.strength_mg, product.verified) for product in oxazepam] == [(10, True), (50, True)]
    assert [(product.strength_mg, product.verified) for product in loprazolam] == [(1, False)]


def test_a_strength_that_no_source_shows_stays_marked_where_it_is_named(ask: Ask) -> None:
    named = made(
        ask(medicine="loprazolam", daily_mg=1, country="BE", products=["tablet:1", "tablet:0.5"])
    ).request.products
    sure = made(
        ask(medicine="loprazolam", country="BE", products=[{"form": "tablet", "strength_mg": 1, "verified": True}])
    )
    assert [product.verified for product in named] == [False, True]
    assert [product.verified for product in sure.request.products] == [True]


def test_a_tablet_is_broken_only_where_its_licence_says_so(ask: Ask) -> None:
    baclofen = made(ask(medicine="baclofen", daily_mg=90, country="BE")).request
    assert [(product.strength_mg, product.divisible_into) for product in baclofen.products] == [(10, 2), (25, 1)]
    assert baclofen.scheme == "baclofen-80"


def test_prolonged_release_tablets_are_another_product(ask: Ask) -> None:
    slow = made(ask(medicine="alprazolam", daily_mg=1, country="NL", modified_release="yes")).request.products
    fast = made(ask(medicine="alprazolam", daily_mg=1, country="NL")).request.products
    assert {product.modified_release for product in slow} == {True}
    assert {product.modified_release for product in fast} == {False}


@pytest.mark.parametrize(
    ("medicine", "strengths"),
    [
        ("alprazolam", ["0.25", "0.5", "1", "2"]),
        ("clobazam", ["10/2", "20"]),
        ("clonazepam", ["0.5/2", "2/4"]),
        ("clorazepate", ["5", "10", "50"]),
        ("clotiazepam", ["5/2", "10/2"]),
        ("diazepam", ["2", "5", "10"]),
        ("lorazepam", ["1", "2.5"]),
        ("nordazepam", ["5", "10"]),
        ("oxazepam", ["15", "50"]),
        ("zolpidem", ["10"]),
        ("zopiclone", ["7.5"]),
    ],
)
def test_belgian_strengths_are_known_and_divide_only_where_the_leaflet_says_into_equal_parts(
    ask: Ask, medicine: str, strengths: list[str]
) -> None:
    known = made(ask(medicine=medicine, daily_mg=10, country="BE")).request.products
    written = [
        f"{decimal_text(each.strength_mg)}{f'/{each.divisible_into}' if each.divisible_into > 1 else ''}"
        for each in known
    ]
    assert written == strengths
    assert all(each.verified for each in known)


def test_what_a_pharmacy_makes_to_order_is_marked_and_gives_way_to_a_tablet_of_that_strength(ask: Ask) -> None:
    plan = planned(made(ask(medicine="lorazepam", intakes=["night:6"], country="NL")))
    assert isinstance(plan, Plan)
    assert [product.form for product in plan.request.products if product.compounded] == [Form.ML]
    (baseline,) = plan.steps[0].intakes
    assert [units.product.form for units in baseline.units] == [Form.TABLET, Form.TABLET]


def test_drops_are_no_product_unless_somebody_tells_what_one_holds(ask: Ask) -> None:
    prazepam = made(ask(medicine="prazepam", daily_mg=10, country="BE")).request.products
    assert {product.form for product in prazepam} == {Form.TABLET}


def test_without_products_and_country_there_are_none(ask: Ask) -> None:
    asked_for = made(ask(medicine="diazepam", daily_mg=10))
    refusal = planned(asked_for)
    assert asked_for.products_from == "none"
    assert isinstance(refusal, Refusal)
    assert "no-products" in refusal.codes()


def test_the_clients_country_is_that_of_a_request_that_names_none(ask: Ask) -> None:
    assert made(ask("NL", medicine="diazepam", daily_mg=10)).products_from == "NL"
    assert made(ask("NL", medicine="diazepam", daily_mg=10, country="be")).request.patient.country == "BE"


def test_the_units_in_fact_taken_are_told_by_strength(ask: Ask) -> None:
    night = {"when": "night", "mg": "5", "units": [{"strength_mg": "5", "number": "1"}]}
    request = made(ask(medicine="diazepam", intakes=[night], country="NL")).request
    assert request.intakes[0].units == (Units(Product("diazepam", Form.TABLET, Fraction(5)), Fraction(1)),)
    other = {"when": "night", "mg": "5", "units": [{"strength_mg": "4", "number": "1"}]}
    assert faults(ask(medicine="diazepam", intakes=[other], country="NL")) == ["intakes[0].units[0].strength_mg"]


def test_a_step_is_in_the_terms_of_its_scheme(ask: Ask) -> None:
    assert made(ask(medicine="diazepam", step_percent=5)).request.step == Fraction(1, 20)
    assert made(ask(medicine="baclofen", step_mg="12.5")).request.step == Fraction(25, 2)
    assert faults(ask(medicine="baclofen", step_percent=5)) == ["step_percent"]
    assert faults(ask(medicine="diazepam", step_mg=5)) == ["step_mg"]


def test_a_switch_is_never_made_unasked(ask: Ask) -> None:
    assert made(ask(medicine="lorazepam", country="NL")).request.conversion is None
    switch = made(ask(medicine="lorazepam", country="NL", convert_to_diazepam=True)).request.conversion
    assert switch is not None
    assert [product.strength_mg for product in switch.products] == [2, 5, 10]
    assert faults(ask(medicine="lorazepam", diazepam_products=["tablet:2"])) == ["diazepam_products"]


def test_what_is_known_of_the_patient_is_yes_no_or_not_told(ask: Ask) -> None:
    patient = made(
        ask(medicine="diazepam", present=["used-for-sleep"], absent=["pregnancy"], age_years=50)
    ).request.patient
    assert patient.present == {Fact.USED_FOR_SLEEP}
    assert patient.absent == {Fact.PREGNANCY}
    assert faults(ask(medicine="diazepam", present=["pregnancy"], absent=["pregnancy"])) == ["absent"]
    assert faults(ask(medicine="diazepam", present=["tall"])) == ["present[0]"]


def test_everything_that_cannot_be_read_is_named_at_once(ask: Ask) -> None:
    asked_for = ask(
        medicine="diazepam", daily_mg="x", first_day="2027-02-29", interval_days=0, holds=["2"], tempo="fast"
    )
    assert faults(asked_for) == ["tempo", "daily_mg", "first_day", "interval_days", "holds[0]"]


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ("hold:1:2026-12-01", "changes[0].days"),
        ("stop:1:2026-12-01", "changes[0].change"),
        ({"change": "back", "row": -1, "on": "2026-12-01"}, "changes[0].row"),
        ({"change": "back", "row": 1}, "changes[0].on"),
        ({"change": "slower", "row": 1, "on": "2026-12-01", "days": 28}, "changes[0].days"),
        ("slower:1:2026-12-01:0", "changes[0].interval_days"),
        (3, "changes[0]"),
    ],
)
def test_a_change_that_cannot_be_read_is_named(ask: Ask, change: object, path: str) -> None:
    assert path in faults(ask(medicine="diazepam", changes=[change]))


def test_a_plan_is_changed_again_and_again_from_the_same_fields(ask: Ask) -> None:
    fields = {"medicine": "diazepam", "daily_mg": "20", "products": ["tablet:2/2", "tablet:5/2"]}
    first = planned(made(ask(**fields)))
    assert isinstance(first, Plan)
    hold = {"change": "hold", "row": 2, "on": "2027-01-04", "days": 28, "plan": first.hash}
    held = planned(made(ask(**fields, changes=[hold])))
    assert isinstance(held, Plan)
    assert held.steps[0].mg == first.steps[2].mg
    slower = planned(
        made(ask(**fields, changes=[hold, {"change": "slower", "row": 2, "on": "2027-03-01", "interval_days": 28}]))
    )
    assert isinstance(slower, Plan)
    assert slower.request.interval_days == 28
    assert slower.request.origin is not None
    assert slower.request.origin.plan_hash == held.hash


def test_the_short_form_of_a_slower_course_tells_the_days_between_its_reductions(ask: Ask) -> None:
    fields = {"medicine": "diazepam", "daily_mg": "20", "products": ["tablet:2/2", "tablet:5/2"]}
    short = planned(made(ask(**fields, changes=["slower:2:2027-03-01:28"])))
    assert isinstance(short, Plan)
    assert short.request.interval_days == 28


def test_a_change_meant_for_another_plan_is_not_made(ask: Ask) -> None:
    fields = {"medicine": "diazepam", "daily_mg": "20", "products": ["tablet:2/2"]}
    other = {"change": "hold", "row": 1, "on": "2027-01-04", "days": 28, "plan": "0" * 64}
    fault = planned(made(ask(**fields, changes=[other])))
    assert isinstance(fault, Fault)
    assert fault.path == "changes[0].plan"


def test_a_query_string_says_the_same_as_json(library: Library) -> None:
    query = "medicine=diazepam&intakes=morning%3A2&intakes=night%3A5&products=tablet%3A2%2F2&scheme=bcfi-tenth&lang="
    in_json = {
        "medicine": "diazepam",
        "intakes": ["morning:2", "night:5"],
        "products": ["tablet:2/2"],
        "scheme": "bcfi-tenth",
    }
    assert fields_of_query(parse_qsl(query, keep_blank_values=True)) == in_json
    assert fields_of_query(parse_qsl(query_of(in_json))) == in_json
    assert isinstance(asked(fields_of_query(parse_qsl(query)), library, TODAY), Asked)


def test_a_link_asks_for_the_same_plan_and_tells_nothing_of_the_person(ask: Ask, library: Library) -> None:
    fields = {"medicine": "diazepam", "intakes": ["night:12.5"], "products": ["tablet:2.5/2"], "country": "NL"}
    request = made(ask(**fields, age_years=84, present=["used-for-sleep"], continuous_days=400)).request
    link = query_of(fields_of(request))
    assert not {"age_years", "present", "absent", "continuous_days"} & dict(parse_qsl(link)).keys()
    again = made(asked(fields_of_query(parse_qsl(link)), library, date(2027, 3, 1))).request
    plan, same = planned(Asked(again, "request")), planned(made(ask(**fields)))
    assert isinstance(plan, Plan)
    assert isinstance(same, Plan)
    assert plan.hash == same.hash


@pytest.mark.parametrize(
    ("value", "written"), [("5/8", "0.625"), ("10", "10"), ("-1/20", "-0.05"), ("1/1000", "0.001")]
)
def test_a_number_in_decimals_is_exact(value: str, written: str) -> None:
    assert decimal_text(Fraction(value)) == written


def test_a_number_without_end_is_no_decimal() -> None:
    with pytest.raises(ValueError, match="no end"):
        decimal_text(Fraction(1, 3))


def test_every_field_says_what_it_means() -> None:
    assert all(text.endswith(".") for text in FIELDS.values())


@pytest.mark.parametrize(
    "written", ["2026-W49-2", "20261201", "2026-1-1", "01-12-2026", "2027-02-29", "1999-12-31", 20261201]
)
def test_a_day_is_written_in_one_way(ask: Ask, written: object) -> None:
    assert faults(ask(medicine="diazepam", daily_mg=10, first_day=written)) == ["first_day"]
    assert faults(ask(medicine="diazepam", daily_mg=10, changes=[f"hold:1:{written}:14"])) != []
