"""Which drafts a prescriber asks about, and what each does to what is in use."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from app.intake.orders import read_orders
from app.intake.record import read_record
from knowledge.facts import Change, Order, Told
from knowledge.library import Library
from tests.intake.records import daily

TWO_DRAFTS = {
    "entry": [
        {
            "resource": {
                "resourceType": "MedicationRequest",
                "id": "a",
                "medicationCodeableConcept": {"text": "baclofen"},
            }
        },
        {
            "fullUrl": "urn:uuid:51fdccdc-3df3-56e2-aa4f-cf88ce88c53e",
            "resource": {
                "resourceType": "MedicationRequest",
                "id": "b",
                "medicationCodeableConcept": {"text": "zolpidem"},
            },
        },
        {"resource": {"resourceType": "ServiceRequest", "id": "mri"}},
        {"resource": {"resourceType": "ServiceRequest", "id": "a"}},
    ]
}


@pytest.mark.parametrize(
    ("selections", "asked"),
    [
        (["MedicationRequest/a"], {"a"}),
        (["a"], {"a"}),
        (["https://ehr.example/fhir/MedicationRequest/a"], {"a"}),
        (["urn:uuid:51fdccdc-3df3-56e2-aa4f-cf88ce88c53e"], {"b"}),
        (["MedicationRequest/a", "MedicationRequest/b"], {"a", "b"}),
        (["ServiceRequest/mri"], set()),
        (["ServiceRequest/a"], set()),
        ([], {"a", "b"}),
        (["MedicationRequest/not-sent"], {"a", "b"}),
        (["MedicationRequest/a", "MedicationRequest/not-sent"], {"a", "b"}),
        (None, {"a", "b"}),
    ],
)
def test_every_draft_is_asked_about_unless_the_selections_name_others_that_are_there(
    selections: list[str] | None, asked: set[str], library: Library
) -> None:
    named = None if selections is None else frozenset(selections)
    ordered = read_orders(TWO_DRAFTS, named, "context.draftOrders", library)
    assert ordered.selected == {f"MedicationRequest/{identity}" for identity in asked}


ATC = {"baclofen": "M03BX01", "zolpidem": "N05CF02", "diazepam": "N05BA01", "acamprosate": "N07BB03"}
Request = dict[str, Any]


def request(identity: str, medicine: str, mg: int | None = None, since: str | None = None, **more: object) -> Request:
    """A prescription, in use unless told otherwise."""
    dose = [
        {
            "timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}},
            "doseAndRate": [{"doseQuantity": {"value": mg, "unit": "mg"}}],
        }
    ]
    return {
        "resourceType": "MedicationRequest",
        "id": identity,
        "status": "active",
        "intent": "order",
        "medicationCodeableConcept": {"coding": [{"system": "http://www.whocc.no/atc", "code": ATC[medicine]}]},
        **({"authoredOn": since} if since else {}),
        **({"dosageInstruction": dose} if mg else {}),
        **more,
    }


@pytest.fixture
def orders(library: Library) -> Callable[..., tuple[Order, ...]]:
    """The orders that drafts are, beside what is in use."""

    def read(drafts: list[Request], in_use: list[Request], told: Told = Told.WHOLE) -> tuple[Order, ...]:
        ordered = read_orders({"entry": [{"resource": draft} for draft in drafts]}, None, "context", library)
        located = [(f"prefetch.medications.entry[{index}]", item) for index, item in enumerate(in_use)]
        told_of = {"medications": told, "conditions": Told.WHOLE, "patient": Told.WHOLE}
        return read_record("1", located, told_of, ordered, library, date(2026, 11, 21)).facts.orders

    return read


Orders = Callable[..., tuple[Order, ...]]


def test_a_draft_that_replaces_another_medicine_is_a_start_whatever_the_mg(orders: Orders) -> None:
    prior: Request = {"priorPrescription": {"reference": "MedicationRequest/old"}}
    (order,) = orders([request("a", "baclofen", 30, **prior)], [request("old", "acamprosate", 1998, "2026-01-01")])
    assert order.changes == {Change.START}


@pytest.mark.parametrize(
    ("draft", "in_use"),
    [
        ({"priorPrescription": {"reference": "MedicationRequest/not-sent"}}, []),
        (
            {"priorPrescription": {"reference": "MedicationRequest/old"}},
            [request("old", "baclofen", 60, "2026-09-01", status="completed")],
        ),
        ({"id": "old", "status": "active"}, [request("old", "baclofen", 60, "2026-09-01", status="on-hold")]),
    ],
    ids=["replaces what was not sent", "replaces what was closed", "is an order that was on hold"],
)
def test_a_renewal_is_never_surely_a_new_order(draft: Request, in_use: list[Request], orders: Orders) -> None:
    (order,) = orders([request("a", "baclofen", 60) | draft], in_use)
    assert Change.CONTINUE in order.changes


@pytest.mark.parametrize(("end", "change"), [("2026-11-07", Change.CONTINUE), ("2026-11-06", Change.START)])
def test_a_course_broken_for_up_to_14_days_is_renewed(end: str, change: Change, orders: Orders) -> None:
    old = request("old", "baclofen", 60)
    old["dosageInstruction"][0]["timing"]["repeat"]["boundsPeriod"] = {"start": "2026-01-01", "end": end}
    (order,) = orders([request("a", "baclofen", 60)], [old])
    assert order.changes == {change}


def test_parts_of_one_dose_in_several_drafts_are_added_up(orders: Orders) -> None:
    drafts = [request("morning", "baclofen", 40), request("noon", "baclofen", 40), request("evening", "baclofen", 40)]
    for order in orders(drafts, [request("old", "baclofen", 120, "2026-01-01")]):
        assert order.changes == {Change.CONTINUE}
        assert daily(order) == (120, 120)


TWICE_IN_THE_RECORD = [request("old", "zolpidem", 10, "2019-01-01"), request("new", "zolpidem", 10, "2026-01-01")]


def test_tidying_up_an_old_line_is_no_stop(orders: Orders) -> None:
    assert orders([request("old", "zolpidem", 10, "2019-01-01", status="stopped")], TWICE_IN_THE_RECORD) == ()


def test_closing_what_had_ended_is_no_stop(orders: Orders) -> None:
    closed = request("old", "zolpidem", 10, "2019-01-01", status="completed")
    assert orders([closed], [closed, TWICE_IN_THE_RECORD[1]]) == ()


@pytest.mark.parametrize("stopped", [["new"], ["old", "new"]])
def test_stopping_the_latest_line_is_a_stop_though_an_older_one_was_never_closed(
    stopped: list[str], orders: Orders
) -> None:
    drafts = [request(identity, "zolpidem", 10, status="stopped") for identity in stopped]
    assert [order.changes for order in orders(drafts, TWICE_IN_THE_RECORD)] == [{Change.STOP}] * len(stopped)


def in_parts(*parts: tuple[str, int, str], **more: object) -> list[Request]:
    return [request(identity, "diazepam", mg, since, **more) for identity, mg, since in parts]


GROUP = {"groupIdentifier": {"value": "g"}}


@pytest.mark.parametrize(
    "named", [{"id": "evening"}, {"priorPrescription": {"reference": "MedicationRequest/evening"}}]
)
@pytest.mark.parametrize("since", ["2026-03-01", "2026-06-01", "2026-09-01"])
def test_stopping_one_of_several_prescriptions_lowers_the_dose_to_what_the_others_leave(
    named: Request, since: str, orders: Orders
) -> None:
    in_use = in_parts(("morning", 5, "2026-06-01"), ("evening", 15, since), **GROUP)
    (order,) = orders([request("a", "diazepam", 15, status="stopped") | named], in_use)
    assert order.changes == {Change.LOWER}
    assert daily(order) == (5, 5)
    assert order.replaces == ("MedicationRequest/evening",)
    assert order.stops_one


def test_a_medicine_that_goes_on_unchanged_under_another_prescription_is_not_stopped(orders: Orders) -> None:
    in_use = in_parts(("one", 10, "2026-03-01"), ("other", 10, "2026-06-01"))
    for identity in ("one", "other"):
        assert orders([request(identity, "diazepam", 10, status="stopped")], in_use) == ()


def test_where_nobody_told_whether_both_are_taken_stopping_one_may_lower_the_dose(orders: Orders) -> None:
    in_use = in_parts(("one", 10, "2026-03-01"), ("other", 5, "2026-06-01"))
    (order,) = orders([request("other", "diazepam", 5, status="stopped")], in_use)
    assert order.changes == {Change.CONTINUE, Change.LOWER}
    assert daily(order) == (10, 10)


def test_stopping_all_prescriptions_of_a_medicine_is_a_stop(orders: Orders) -> None:
    in_use = in_parts(("one", 10, "2026-03-01"), ("other", 5, "2026-06-01"))
    drafts = [request(identity, "diazepam", mg, status="stopped") for identity, mg in (("one", 10), ("other", 5))]
    assert [order.changes for order in orders(drafts, in_use)] == [{Change.STOP}] * 2


def test_a_stop_that_names_no_prescription_stops_the_medicine(orders: Orders) -> None:
    in_use = in_parts(("one", 10, "2026-03-01"), ("other", 5, "2026-06-01"))
    (order,) = orders([request("a", "diazepam", 5, status="stopped")], in_use)
    assert order.changes == {Change.STOP}


@pytest.mark.parametrize(
    "older",
    [
        {"dispenseRequest": {"expectedSupplyDuration": {"value": 30, "unit": "d", "code": "d"}}},
        {"status": "unknown"},
        {"authoredOn": "2024-03-01"},
    ],
    ids=["its supply has run out", "nobody tells whether it runs", "it was never closed"],
)
def test_an_older_prescription_that_may_have_ended_does_not_keep_the_medicine_going(
    older: Request, orders: Orders
) -> None:
    (one, other) = in_parts(("one", 10, "2026-03-01"), ("other", 5, "2026-06-01"))
    (order,) = orders([request("other", "diazepam", 5, status="stopped")], [one | older, other])
    assert order.changes == {Change.STOP}


def test_a_rescue_dose_by_another_route_does_not_continue_what_is_stopped(orders: Orders) -> None:
    rectal: Request = {"dosageInstruction": [{"asNeededBoolean": True, "route": {"text": "rectal"}}]}
    stopped, _ = orders(
        [request("old", "diazepam", 10, status="stopped"), request("rescue", "diazepam", **rectal)],
        [request("old", "diazepam", 10, "2025-01-01")],
    )
    assert stopped.changes == {Change.STOP}


TWO_PARTS = [
    request("morning", "baclofen", 50, "2026-06-01", groupIdentifier={"value": "g"}),
    request("evening", "baclofen", 30, "2026-06-01", groupIdentifier={"value": "g"}),
]


@pytest.mark.parametrize(
    ("mg", "dose", "change"),
    [(30, (80, 80), Change.CONTINUE), (60, (110, 110), Change.RAISE), (20, (70, 70), Change.LOWER)],
)
def test_a_draft_in_place_of_one_of_several_prescriptions_is_taken_with_the_others(
    mg: int, dose: tuple[int, int], change: Change, orders: Orders
) -> None:
    prior: Request = {"priorPrescription": {"reference": "MedicationRequest/evening"}}
    (order,) = orders([request("new", "baclofen", mg, **prior)], TWO_PARTS)
    assert daily(order) == dose
    assert order.changes == {change}


def test_a_draft_that_names_none_of_them_stands_in_place_of_all(orders: Orders) -> None:
    (order,) = orders([request("new", "baclofen", 60)], TWO_PARTS)
    assert (daily(order), order.changes) == ((60, 60), {Change.LOWER})


def test_drafts_in_place_of_all_of_them_are_added_up_once(orders: Orders) -> None:
    drafts = [
        request(f"new-{part}", "baclofen", 30, priorPrescription={"reference": f"MedicationRequest/{part}"})
        for part in ("morning", "evening")
    ]
    assert {daily(order) for order in orders(drafts, TWO_PARTS)} == {(60, 60)}
