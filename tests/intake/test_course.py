"""Prescriptions joined into the course of a medicine: what was taken, until when, and how sure that is."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from app.intake.orders import Ordered
from app.intake.record import read_record
from knowledge.duration import Days, continuous
from knowledge.facts import Told, Use
from knowledge.library import Library

TODAY = date(2026, 11, 21)
Line = dict[str, Any]
DAYS = {"system": "http://unitsofmeasure.org", "code": "d"}


def line(identity: str, since: str | None = None, mg: int = 10, **more: object) -> Line:
    """A line of zolpidem in the medicine list, in use unless told otherwise."""
    return {
        "resourceType": "MedicationRequest",
        "id": identity,
        "status": "active",
        "intent": "order",
        "medicationCodeableConcept": {"coding": [{"system": "http://www.whocc.no/atc", "code": "N05CF02"}]},
        "dosageInstruction": [
            {
                "timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}},
                "doseAndRate": [{"doseQuantity": {"value": mg, "unit": "mg"}}],
            }
        ],
        **({"authoredOn": since} if since else {}),
        **more,
    }


def bounded(written: Line, **bounds: object) -> Line:
    written["dosageInstruction"][0]["timing"]["repeat"] |= bounds
    return written


def period_of_use(**period: object) -> Line:
    url = "http://nictiz.nl/fhir/StructureDefinition/ext-TimeInterval.Period"
    return {"extension": [{"url": url, "valuePeriod": period}], "status": "unknown"}


def stop_type(**period: object) -> Line:
    coding = {"system": "http://snomed.info/sct", "code": "410546004"}
    url = "http://nictiz.nl/fhir/StructureDefinition/ext-StopType"
    modifier = {"url": url, "valueCodeableConcept": {"coding": [coding]}}
    return {**period_of_use(**period), "modifierExtension": [modifier]}


def prior(identity: str) -> Line:
    return {"priorPrescription": {"reference": f"MedicationRequest/{identity}"}}


@pytest.fixture
def use(library: Library) -> Callable[..., Use]:
    """The one use that these lines are joined into."""

    def join(*lines: Line) -> Use:
        located = [(f"prefetch.medications.entry[{index}]", item) for index, item in enumerate(lines)]
        (joined,) = read_record("1", located, {"medications": Told.WHOLE}, Ordered(), library, TODAY).facts.uses
        return joined

    return join


Joined = Callable[..., Use]


@pytest.mark.parametrize(
    "ended",
    [
        bounded(line("a", "2024-01-01"), boundsDuration={"value": 2, "unit": "weeken", "code": "wk"}),
        bounded(line("a", "2024-01-01"), boundsDuration={"value": 14, **DAYS}),
        bounded(line("a"), boundsPeriod={"start": "2024-01-01", "end": "2024-01-14"}),
        line("a", "2024-01-01", **period_of_use(start="2024-01-01", end="2024-01-14")),
        line(
            "a",
            **period_of_use(
                start="2024-01-01",
                extension=[
                    {
                        "url": "http://nictiz.nl/fhir/StructureDefinition/ext-TimeInterval.Duration",
                        "valueDuration": {"value": 14, **DAYS},
                    }
                ],
            ),
        ),
    ],
    ids=["duration in weeks", "duration in days", "period", "period of use", "period of use by its length"],
)
def test_two_weeks_of_two_years_ago_are_over_though_nobody_closed_them(ended: Line, use: Joined) -> None:
    joined = use(ended)
    assert not joined.current
    assert [(p.start, p.end) for p in joined.periods] == [(date(2024, 1, 1), date(2024, 1, 14))]


def test_a_last_month_without_a_day_is_over_on_its_last_day(use: Joined) -> None:
    assert use(bounded(line("a"), boundsPeriod={"start": "2026-01", "end": "2026-11"})).current


def test_steps_that_follow_each_other_end_with_the_last(use: Joined) -> None:
    steps = line("a", "2024-01-01")
    first = bounded(line("x"), boundsDuration={"value": 7, **DAYS})["dosageInstruction"][0]
    steps["dosageInstruction"] = [{**first, "sequence": 1}, {**first, "sequence": 2}]
    (period,) = use(steps).periods
    assert period.end == date(2024, 1, 14)


def test_a_line_that_was_replaced_is_no_second_dose(use: Joined) -> None:
    joined = use(line("a", "2026-01-01", 10), line("b", "2026-10-01", 5, **prior("a")))
    assert joined.in_force == ("MedicationRequest/b",)
    assert joined.dosage.daily is not None
    assert joined.dosage.daily.low == joined.dosage.daily.high == 5
    assert continuous([joined], TODAY) == Days(325, 325)


@pytest.mark.parametrize("named", [{}, prior("a")], ids=["by its medicine", "by name"])
def test_an_agreement_to_stop_ends_the_line_before_it(named: Line, use: Joined) -> None:
    joined = use(
        line("a", "2025-01-01", **period_of_use(start="2025-01-01")),
        line("b", "2025-06-01", **stop_type(start="2025-01-01", end="2025-06-01"), **named),
    )
    assert not joined.current
    assert [(p.start, p.end) for p in joined.periods] == [(date(2025, 1, 1), date(2025, 6, 1))]


@pytest.mark.parametrize(
    ("url", "concept"),
    [
        ("http://nictiz.nl/fhir/StructureDefinition/zib-Medication-StopType", {"text": "stopgezet"}),
        (
            "http://nictiz.nl/fhir/StructureDefinition/ext-StopType",
            {"coding": [{"system": "urn:oid:2.16.840.1.113883.2.4.3.11.60.20.77.5.2.1", "code": "2"}]},
        ),
    ],
)
def test_a_stop_type_of_another_list_or_in_words_is_a_stop_all_the_same(url: str, concept: Line, use: Joined) -> None:
    stopped = stop_type(end="2025-06-01") | {"modifierExtension": [{"url": url, "valueCodeableConcept": concept}]}
    joined = use(line("a", "2025-01-01", **period_of_use(start="2025-01-01")), line("b", "2025-06-01", **stopped))
    assert not joined.current


def category(code: str) -> Line:
    system = "http://terminology.hl7.org/CodeSystem/medicationrequest-category"
    return {"category": [{"coding": [{"system": system, "code": code}]}]}


def test_what_was_given_on_a_ward_ends_where_the_prescription_for_home_begins(use: Joined) -> None:
    home = {"boundsPeriod": {"start": "2026-11-20", "end": "2026-11-27"}}
    joined = use(
        line("ward", "2026-11-10", **category("inpatient")),
        bounded(line("home", "2026-11-20", **category("discharge")), **home),
    )
    assert joined.in_force == ("MedicationRequest/home",)
    assert [(p.start, p.end) for p in joined.periods] == [(date(2026, 11, 10), date(2026, 11, 27))]


def test_a_prescription_for_home_that_begins_later_leaves_the_ward_as_it_is(use: Joined) -> None:
    home = {"boundsPeriod": {"start": "2026-11-30", "end": "2026-12-07"}}
    joined = use(
        line("ward", "2026-11-10", **category("inpatient")),
        bounded(line("home", "2026-11-20", **category("discharge")), **home),
    )
    assert joined.in_force == ("MedicationRequest/ward",)


def test_what_was_begun_again_after_a_stop_goes_on(use: Joined) -> None:
    joined = use(
        line("a", "2025-01-01", **period_of_use(start="2025-01-01")),
        line("b", "2025-06-01", **stop_type(end="2025-06-01")),
        line("c", "2026-10-01", **period_of_use(start="2026-10-01")),
    )
    assert joined.in_force == ("MedicationRequest/c",)
    assert continuous([joined], TODAY) == Days(52, 52)


def test_a_line_stopped_nobody_knows_when_was_not_surely_taken_until_today(use: Joined) -> None:
    end = {"boundsPeriod": {"start": "2024-12-01", "end": "2027-01-01"}}
    days = continuous([use(bounded(line("a", status="stopped"), **end))], TODAY)
    assert days.low == 0
    assert days.high is not None
    assert days.high > 300


def test_monthly_lines_closed_without_a_length_may_be_one_long_course(use: Joined) -> None:
    closed = [line(f"m{month}", f"2026-{month:02}-01", status="completed") for month in range(1, 12)]
    days = continuous([use(*closed, line("now", "2026-11-20"))], TODAY)
    assert days.low < 90
    assert days.high is not None
    assert days.high > 300


def test_renewals_that_overlap_or_touch_are_one_period(use: Joined) -> None:
    months = [("2026-01-01", "2026-01-31"), ("2026-01-20", "2026-02-10"), ("2026-02-11", "2026-03-01")]
    later = ("2026-03-05", "2026-11-21")
    lines = [bounded(line(start), boundsPeriod={"start": start, "end": end}) for start, end in [*months, later]]
    assert [(p.start, p.end) for p in use(*lines).periods] == [
        (date(2026, 1, 1), date(2026, 3, 1)),
        (date(2026, 3, 5), date(2026, 11, 21)),
    ]


def test_a_line_closed_years_ago_has_no_part_in_a_course_of_today(use: Joined) -> None:
    assert continuous([use(line("a", "2019-01-01", status="completed"))], TODAY) == Days(0, 0)


def test_a_supply_of_centuries_is_not_believed(use: Joined) -> None:
    supply = {"numberOfRepeatsAllowed": 99, "expectedSupplyDuration": {"value": 3000, "unit": "a", "code": "a"}}
    (sure, _) = use(line("a", "2024-01-01", status="completed", dispenseRequest=supply)).periods
    assert sure.end == date(2024, 1, 1)
