"""Prescriptions, supplies and statements of one medicine → one use: what is taken today, and since when."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from knowledge.direction import Direction, course_of_doses
from knowledge.duration import continuous, covered
from knowledge.facts import Certainty, Told, Use
from tests.intake.records import (
    NICTIZ,
    TODAY,
    Json,
    daily,
    dispense,
    dosage,
    facts,
    gaps,
    request,
    since,
    statement,
    use_of,
)

PRN: dict[str, Any] = {"dosageInstruction": [{"asNeededBoolean": True, "doseAndRate": dosage()["doseAndRate"]}]}


@pytest.mark.parametrize(
    ("resources", "expected"),
    [
        ([request("a", authoredOn="2026-01-01")], (1, 1)),
        # the same dose twice is a renewal
        ([request("a", authoredOn="2026-01-01"), request("b", authoredOn="2026-04-01")], (1, 1)),
        # brand to generic, overlapping two days
        ([request("a", **since("2026-08-01", "2026-11-22")), request("b", mg=2, authoredOn="2026-11-20")], (2, 2)),
        # an open prescription beside a newer one of another dose: nobody told whether it goes on
        ([request("a", authoredOn="2026-01-01"), request("b", mg=2, authoredOn="2026-04-01")], (1, 3)),
        # the supply of the older has run out when the newer begins
        (
            [
                request(
                    "a", authoredOn="2026-09-01", dispenseRequest={"expectedSupplyDuration": {"value": 30, "unit": "d"}}
                ),
                request("b", mg=0.5, authoredOn="2026-10-01"),
            ],
            (0.5, 0.5),
        ),
        # it says itself which one it follows
        (
            [
                request("a", mg=3, authoredOn="2026-01-01"),
                request("b", mg=2, authoredOn="2026-04-01", priorPrescription={"reference": "MedicationRequest/a"}),
            ],
            (2, 2),
        ),
        # written on one form: side by side
        (
            [
                request("a", authoredOn="2026-01-01", groupIdentifier={"value": "g"}),
                request("b", mg=2.5, authoredOn="2026-01-01", groupIdentifier={"value": "g"}),
            ],
            (3.5, 3.5),
        ),
        # two strengths on one day
        (
            [
                request("a", authoredOn="2026-01-01"),
                request("b", mg=2.5, strength="2,5 mg", authoredOn="2026-01-01"),
            ],
            (3.5, 3.5),
        ),
        # morning and evening on one day
        (
            [
                request("a", authoredOn="2026-01-01", dosageInstruction=[dosage(repeat={"when": ["MORN"]})]),
                request("b", authoredOn="2026-01-01", dosageInstruction=[dosage(repeat={"when": ["HS"]})]),
            ],
            (2, 2),
        ),
        # a part of a larger order is that order
        (
            [
                request("a", authoredOn="2026-01-01", intent="original-order"),
                request(
                    "b",
                    authoredOn="2026-11-01",
                    intent="instance-order",
                    basedOn=[{"reference": "MedicationRequest/a"}],
                ),
            ],
            (1, 1),
        ),
        # a copy that somebody reported
        ([request("a", authoredOn="2026-01-01"), request("b", authoredOn="2026-01-01", reportedBoolean=True)], (1, 1)),
        # the same one sent twice
        ([request("a", authoredOn="2026-01-01"), request("a", authoredOn="2026-01-01")], (1, 1)),
        # what begins tomorrow is not taken today
        ([request("a", authoredOn="2026-01-01"), request("b", mg=4, **since("2026-11-22"))], (1, 1)),
    ],
)
def test_prescriptions_side_by_side_make_one_dose(resources: list[Json], expected: tuple[float, float]) -> None:
    use = use_of(*resources)
    assert use.current
    assert daily(use) == expected


@pytest.mark.parametrize("intent", ["plan", "proposal", "option", "directive"])
def test_what_is_only_planned_is_not_used(intent: str) -> None:
    assert facts(request("a", intent=intent, authoredOn="2026-01-01")).uses == ()


@pytest.mark.parametrize("intent", ["order", "original-order", "reflex-order", "filler-order", "instance-order"])
def test_every_kind_of_order_is_use(intent: str) -> None:
    assert use_of(request("a", intent=intent, authoredOn="2026-01-01")).current


@pytest.mark.parametrize("status", ["draft", "entered-in-error"])
def test_what_was_never_in_force_is_not_used(status: str) -> None:
    assert facts(request("a", status=status, authoredOn="2026-01-01")).uses == ()


@pytest.mark.parametrize(
    ("more", "ends"),
    [
        ({"status": "stopped", "statusChanged": "2026-02-10"}, "2026-02-10"),
        ({"status": "completed", **since("2026-01-01", "2026-01-31")}, "2026-01-31"),
        ({"status": "on-hold", "statusChanged": "2026-03-01"}, "2026-03-01"),
    ],
)
def test_what_has_ended_is_history_until_the_day_it_ended(more: Json, ends: str) -> None:
    use = use_of(request("a", authoredOn="2026-01-01", **more))
    assert not use.current
    assert [(p.start, p.end, p.sure) for p in use.periods] == [(date(2026, 1, 1), date.fromisoformat(ends), True)]


def test_an_end_nobody_dated_is_possible_until_today_and_not_sure() -> None:
    use = use_of(request("a", authoredOn="2026-06-01", status="stopped"))
    assert not use.current
    assert {(p.end, p.sure) for p in use.periods} == {(date(2026, 6, 1), True), (TODAY, False)}


def test_what_was_cancelled_was_never_taken() -> None:
    assert use_of(request("a", authoredOn="2026-06-01", status="cancelled")).periods == ()


@pytest.mark.parametrize(
    "more",
    [
        {"identifier": [{"system": "https://wane.example/fhir/proposals", "value": "1"}]},
        {"meta": {"tag": [{"system": "https://wane.example/fhir/proposals", "code": "proposal"}]}},
        {"id": "taper-4cd605e7-afa2-5360"},
    ],
)
def test_wanes_own_proposal_is_not_use(more: Json) -> None:
    assert facts(request("a", authoredOn="2026-01-01") | more).uses == ()


def test_a_statement_of_not_taking_leaves_no_dose_and_names_the_gap() -> None:  # E89
    resources = request("a", authoredOn="2025-01-01"), statement("s", "not-taken", dateAsserted="2026-11-01")
    use = use_of(*resources)
    assert use.current
    assert (daily(use), use.dosage.why) == (None, "not-taken")
    assert "not-taken" in gaps(*resources)
    assert continuous([use], TODAY).low == 0


@pytest.mark.parametrize(
    "old",
    [
        statement("s", "not-taken", dateAsserted="2024-06-01"),
        statement("s", "completed", effectivePeriod={"start": "2024-01-01", "end": "2024-02-01"}),
        statement("s", "entered-in-error"),
        statement("s", "intended"),
    ],
)
def test_an_older_statement_or_one_in_error_changes_no_dose(old: Json) -> None:
    assert daily(use_of(request("a", authoredOn="2025-01-01"), old)) == (1, 1)


@pytest.mark.parametrize(
    ("said", "current", "why"),
    [
        (statement("s", "active", dosage=[dosage(2)]), True, None),
        (statement("s", "recorded", dosage=[dosage(2)]), True, None),
        (statement("s", "recorded", adherence={"code": {"coding": [{"code": "stopped"}]}}), False, "no-dose"),
        (statement("s", "active", taken="n"), False, "no-dose"),
        (statement("s", "active", wasNotTaken=True), False, "no-dose"),
        (statement("s", "stopped"), False, "no-dose"),
        (statement("s", "active", effectivePeriod={"start": "2027-01-01"}), False, "no-dose"),
    ],
)
def test_a_statement_alone_is_use_as_far_as_it_says_so(said: Json, current: bool, why: str | None) -> None:
    use = use_of(said)
    assert (use.current, use.dosage.why) == (current, why)


def test_a_belgian_medication_line_tells_by_its_adherence() -> None:
    def line(code: str) -> Json:
        url = "http://hl7.org/fhir/5.0/StructureDefinition/extension-MedicationStatement.adherence"
        nested = [{"url": "code", "valueCodeableConcept": {"coding": [{"code": code}]}}]
        return statement("s", "unknown", extension=[{"url": url, "extension": nested}], dosage=[dosage()])

    assert use_of(line("taking-as-directed")).current
    assert not use_of(line("stopped-as-directed")).current
    assert gaps(statement("s", "unknown", dosage=[dosage()])) == {"taking-unknown"}


def test_said_and_prescribed_doses_that_differ_make_a_range() -> None:
    resources = request("a", mg=2, authoredOn="2026-01-01"), statement("s", "active", dosage=[dosage(1)])
    assert daily(use_of(*resources)) == (1, 2)
    assert gaps(*resources) == {"statement-differs"}


def supplies(tablets: int, *dates: str, **more: Any) -> list[Json]:
    return [dispense(f"d{index}", on, tablets, **more) for index, on in enumerate(dates)]


MONTHLY = ("2026-08-24", "2026-09-23", "2026-10-23")


def test_ninety_tablets_a_month_are_three_a_day_whatever_the_label_says() -> None:  # E87
    use = use_of(request("a", authoredOn="2026-08-24", **PRN), *supplies(90, *MONTHLY))
    dose = use.dosage.daily
    assert dose
    assert (daily(use), dose.certainty, dose.basis) == ((3, 3), Certainty.LIKELY, "supply")
    assert covered([use], TODAY, 90).low == 90


def test_a_single_supply_tells_a_dose_only_if_the_pharmacy_says_how_long_it_lasts() -> None:
    lasts = {"daysSupply": {"value": 30, "unit": "d"}}
    prn = request("a", authoredOn="2026-11-01", **PRN)
    assert daily(use_of(prn, *supplies(90, "2026-11-01", **lasts))) == (3, 3)
    assert daily(use_of(prn, *supplies(90, "2026-11-01"))) is None


def test_a_few_tablets_now_and_then_are_no_daily_use() -> None:  # E86
    use = use_of(request("a", authoredOn="2026-05-21", **PRN), *supplies(5, "2026-06-01", "2026-09-01"))
    assert daily(use) is None
    assert use.dosage.as_needed
    assert continuous([use], TODAY).low == 0


def test_the_most_that_may_be_taken_is_not_what_is_taken() -> None:  # E88
    most = {"numerator": {"value": 4, "unit": "mg"}, "denominator": {"value": 1, "unit": "d"}}
    prn = [{**PRN["dosageInstruction"][0], "maxDosePerPeriod": most}]
    use = use_of(request("a", authoredOn="2026-01-01", dosageInstruction=prn))
    assert daily(use) is None
    assert use.dosage.ceiling


def test_supplies_far_from_what_is_prescribed_make_a_range_and_name_the_gap() -> None:
    resources = request("a", authoredOn="2026-08-24"), *supplies(90, *MONTHLY)
    assert daily(use_of(*resources)) == (1, 3)
    assert gaps(*resources) == {"supply-differs"}


def test_supplies_of_one_prescription_belong_to_it() -> None:
    of = {"authorizingPrescription": [{"reference": "MedicationRequest/a"}]}
    use = use_of(request("a", authoredOn="2026-08-24"), *supplies(30, *MONTHLY, **of))
    assert daily(use) == (1, 1)
    assert use.references[-1] == "MedicationRequest/a"
    assert len(use.references) == 4


def test_where_every_supply_was_told_a_prescription_nobody_fetches_is_no_sure_use() -> None:
    use = use_of(request("a", authoredOn="2025-11-01"), *supplies(30, "2025-11-01", "2025-12-01"))
    assert use.current
    assert (continuous([use], TODAY).low, continuous([use], TODAY).high) == (0, 386)


def test_supplies_alone_are_use_while_they_last() -> None:
    lasts = {"daysSupply": {"value": 30, "unit": "d"}}
    assert use_of(*supplies(30, "2026-11-01", **lasts)).current
    assert not use_of(*supplies(30, "2026-09-01", **lasts)).current
    assert facts(*supplies(30, "2026-11-01", status="declined")).uses == ()


def test_a_gap_of_fourteen_days_breaks_no_course_and_covers_nothing() -> None:
    def two(second: str) -> Use:
        first = request("a", status="completed", **since("2026-08-01", "2026-08-31"))
        return use_of(first, request("b", **since(second)))

    assert continuous([two("2026-09-15")], TODAY).low == 113
    assert continuous([two("2026-09-16")], TODAY).low == 67
    assert covered([two("2026-09-15")], TODAY, 90).low == 76  # 24–31 August, and 15 September to today


def mp9(name: str, kind: str, start: str, end: str | None = None, *, stop: str | None = None, **more: Any) -> Json:
    period = {"start": start} | ({"end": end} if end else {})
    told = [
        {"url": NICTIZ + "ext-TimeInterval.Period", "valuePeriod": period},
        {
            "url": NICTIZ + "ext-PharmaceuticalTreatment.Identifier",
            "valueIdentifier": {"system": "urn:t", "value": "1"},
        },
        {"url": NICTIZ + "ext-RegistrationDateTime", "valueDateTime": more.pop("registered", start)},
    ]
    resource = request(name, status="unknown", extension=told, category=[{"coding": [{"code": kind}]}], **more)
    if stop:
        concept = {"coding": [{"system": "http://snomed.info/sct", "code": stop}]}
        resource["modifierExtension"] = [{"url": NICTIZ + "ext-StopType", "valueCodeableConcept": concept}]
    return resource


MA, WDS, VV = "33633005", "395067002", "52711000146108"


def test_the_three_kinds_of_a_dutch_treatment_are_one_use() -> None:
    resources = [mp9("ma", MA, "2026-01-01"), mp9("wds", WDS, "2026-02-01", mg=2), mp9("vv", VV, "2026-01-01", mg=9)]
    use = use_of(*resources)
    assert daily(use) == (2, 2)
    assert "MedicationRequest/vv" not in use.references


def test_a_dutch_stop_agreement_ends_the_treatment_and_does_not_restart_it() -> None:
    stop = mp9("stop", MA, "2026-01-01", "2026-05-31", stop="410546004", registered="2026-05-31")
    use = use_of(mp9("ma", MA, "2026-01-01"), stop)
    assert not use.current
    assert max(period.end or date.max for period in use.periods) == date(2026, 5, 31)


def test_a_dutch_period_of_use_may_be_a_start_and_a_length() -> None:
    length = {"url": NICTIZ + "ext-TimeInterval.Duration", "valueDuration": {"value": 2, "unit": "wk"}}
    resource = mp9("ma", MA, "2026-11-01")
    resource["extension"][0]["valuePeriod"]["extension"] = [length]
    assert use_of(resource).periods[0].end == date(2026, 11, 14)


def test_a_lowered_dose_is_seen_and_the_steps_to_come_are_planned() -> None:
    def step(number: int, mg: float, start: str, end: str) -> Json:
        return dosage(mg, sequence=number, repeat={"boundsPeriod": {"start": start, "end": end}})

    steps = [
        step(1, 4, "2026-10-01", "2026-10-31"),
        step(2, 3, "2026-11-01", "2026-11-30"),
        step(3, 2, "2026-12-01", "2026-12-31"),
    ]
    use = use_of(request("a", authoredOn="2026-10-01", dosageInstruction=steps))
    assert daily(use) == (3, 3)
    assert [float(dose.daily.high) for dose in use.doses] == [4, 3]
    assert [(dose.since, float(dose.daily.high)) for dose in use.planned] == [(date(2026, 12, 1), 2)]
    assert course_of_doses(use, TODAY).direction is Direction.LOWERING


def test_a_dose_that_never_changed_is_steady() -> None:
    assert course_of_doses(use_of(request("a", authoredOn="2026-01-01")), TODAY).direction is Direction.STEADY


def test_r5_shapes_are_read_whatever_version_is_claimed() -> None:
    concept = {"concept": request("a")["medicationCodeableConcept"]}
    resource = request("a", authoredOn="2026-01-01") | {"medication": concept}
    del resource["medicationCodeableConcept"]
    assert daily(use_of(resource)) == (1, 1)


def test_what_an_older_version_calls_otherwise_is_read_and_the_oldest_is_a_named_gap() -> None:
    order = request("a") | {"resourceType": "MedicationOrder", "dateWritten": "2026-01-01"}
    assert use_of(order).periods[0].start == date(2026, 1, 1)
    assert gaps(request("a") | {"resourceType": "MedicationPrescription"}) == {"other-fhir-version"}


def test_a_supplement_that_was_not_told_is_a_gap_and_nothing_more() -> None:
    lists = facts(request("a", authoredOn="2026-01-01"), told=Told.NOT)
    assert {gap.missing for gap in lists.gaps} == {"statements", "dispenses"}


RESOURCES = [
    request("a", authoredOn="2026-01-01"),
    request("b", mg=2, authoredOn="2026-04-01"),
    request("c", authoredOn="2026-04-01", groupIdentifier={"value": "g"}, strength="2,5 mg", mg=2.5),
    request("d", mg=2, authoredOn="2026-05-01", priorPrescription={"reference": "MedicationRequest/b"}),
    request("e", authoredOn="2026-03-01", status="stopped"),
    request("f", **since("2026-11-01", "2026-12-31")),
    request("g", authoredOn="2026-09-01", **PRN),
    request("h", authoredOn="2026-01-01", reportedBoolean=True),
    request("a", mg=3, authoredOn="2026-01-01"),
    *supplies(90, *MONTHLY),
    statement("s", "active", dosage=[dosage(2)], dateAsserted="2026-10-01"),
    statement("t", "not-taken", dateAsserted="2026-11-10"),
    mp9("ma", MA, "2026-01-01"),
    mp9("stop", MA, "2026-01-01", "2026-05-31", stop="410546004", registered="2026-05-31"),
]
some = st.lists(st.sampled_from(range(len(RESOURCES))), unique=True, max_size=7)


@settings(max_examples=150, deadline=None)
@given(some.flatmap(lambda chosen: st.tuples(st.just(chosen), st.permutations(chosen))))
def test_the_order_in_which_resources_come_changes_nothing(both: tuple[list[int], list[int]]) -> None:
    one, other = ([RESOURCES[index] for index in order] for order in both)
    assert facts(*one).uses == facts(*other).uses
    assert set(facts(*one).gaps) == set(facts(*other).gaps)


# What none of the others replaces, ends or contradicts.
ADDING = [0, 1, 2, 4, 5, 7, 9, 10, 11, 12]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(ADDING), unique=True, min_size=2, max_size=6), st.data())
def test_a_resource_that_is_missing_never_makes_the_dose_higher(chosen: list[int], data: st.DataObject) -> None:
    dropped = data.draw(st.sampled_from(chosen))
    assume(any(index in chosen and index != dropped for index in (0, 1, 2, 5)))  # else supplies speak for themselves
    whole = facts(*(RESOURCES[index] for index in chosen)).uses[0]
    rest = facts(*(RESOURCES[index] for index in chosen if index != dropped)).uses
    before, after = daily(whole), daily(rest[0]) if rest and rest[0].current else None
    if before and after:
        assert after[1] <= before[1]


def test_the_uses_of_a_long_record_are_read_in_linear_time() -> None:
    many = [request(f"r{n}", authoredOn=(TODAY - timedelta(days=n)).isoformat(), mg=1 + n % 3) for n in range(300)]
    assert use_of(*many).current


@pytest.mark.parametrize(
    ("more", "daily_dose", "why"),
    [
        ({"dosageInstruction": [dosage(), "2 tablets"]}, None, "dose-not-understood"),
        ({"dosageInstruction": dosage(2)}, (2, 2), None),
        ({"dosageInstruction": [dosage(repeat={"frequency": 2})], "modifierExtension": {"url": "x"}}, None, "unknown-modifier"),
        ({"dosageInstruction": [], "renderedDosageInstruction": "2x daags 1 tablet"}, (2, 2), None),
        (
            {
                "dosageInstruction": [{"asNeededBoolean": False}],
                "dispenseRequest": {
                    "quantity": {"value": 60, "unit": "tablet"},
                    "expectedSupplyDuration": {"value": 30, "code": "d", "unit": "d"},
                },
            },
            (2, 2),
            None,
        ),
    ],
)  # fmt: skip
def test_a_prescription_is_read_as_it_was_sent(more: Json, daily_dose: tuple[int, int] | None, why: str | None) -> None:
    use = use_of({**request("a", authoredOn="2026-01-01"), **more})
    assert (daily(use), use.dosage.why) == (daily_dose, why)


@pytest.mark.parametrize(
    ("more", "named"),
    [
        ({"authoredOn": "2025-11-20"}, True),
        ({"authoredOn": "2025-12-01"}, False),
        ({"authoredOn": "2019-01-01", **since("2019-01-01", "2027-01-01")}, False),
        ({"authoredOn": "2019-01-01", "status": "completed"}, False),
    ],
)
def test_a_prescription_that_was_never_closed_is_named(more: Json, named: bool) -> None:
    assert ("line-never-closed" in gaps(request("a", **more))) == named


def test_what_was_handed_out_lately_shows_that_an_old_prescription_is_followed() -> None:
    old = request("a", authoredOn="2019-01-01")
    assert "line-never-closed" not in gaps(old, dispense("d", "2026-11-10", daysSupply={"value": 30, "unit": "d"}))
