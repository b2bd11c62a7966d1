"""The dose of a prescription: structure, order in time, limits, supply."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.intake.dosage import read_dosages, read_phases
from app.intake.strength import Strength
from knowledge.facts import Amount, Certainty, DailyDose

UCUM = "http://unitsofmeasure.org"
TABLET_10 = Strength(mg_per_unit=Decimal(10))
MG_5 = {"doseQuantity": {"value": 5, "unit": "mg", "system": UCUM, "code": "mg"}}
MG_10 = {"doseQuantity": {"value": 10, "unit": "mg", "system": UCUM, "code": "mg"}}
ONE = {"doseQuantity": {"value": 1, "unit": "stuk", "system": UCUM, "code": "1"}}
ONE_TO_TWO = {"doseRange": {"low": {"value": 1, "unit": "tablet"}, "high": {"value": 2, "unit": "tablet"}}}
ONCE, TWICE, THRICE = ({"repeat": {"frequency": n, "period": 1, "periodUnit": "d"}} for n in (1, 2, 3))
A_WEEK = {"boundsDuration": {"value": 1, "unit": "week", "system": UCUM, "code": "wk"}}


def for_a_week(timing: dict[str, Any]) -> dict[str, Any]:
    return {"repeat": {**timing["repeat"], **A_WEEK}}


def mg(low: object, high: object = None, certainty: Certainty = Certainty.SURE, basis: str = "structure") -> DailyDose:
    return DailyDose(Decimal(str(low)), Decimal(str(low if high is None else high)), "mg", certainty, basis)


@pytest.mark.parametrize(
    ("dosage", "strength", "daily"),
    [
        ({"timing": THRICE, "doseAndRate": [MG_10]}, None, mg(30)),
        ({"timing": THRICE, "doseAndRate": [ONE]}, TABLET_10, mg(30)),
        ({"timing": TWICE, "doseAndRate": MG_10}, None, mg(20)),  # R5 senders leave the list out
        ({"timing": TWICE, **MG_10}, None, mg(20)),  # STU3
        ({"timing": TWICE, "doseAndRate": [ONE_TO_TWO]}, TABLET_10, mg(20, 40)),
        (
            {"timing": ONCE, "doseAndRate": [{"doseQuantity": {"value": 5, "unit": "ml"}}]},
            Strength(mg_per_ml=Decimal("0.5")),
            mg("2.5"),
        ),
        (
            {"timing": ONCE, "doseAndRate": [{"doseQuantity": {"value": 5, "code": "[drp]", "system": UCUM}}]},
            Strength(mg_per_ml=Decimal("2.5"), drops_per_ml=Decimal(25)),
            mg("0.5"),
        ),
        ({"doseAndRate": [{"rateQuantity": {"value": 300, "code": "ug/d", "system": UCUM}}]}, None, mg("0.3")),
        (
            {
                "doseAndRate": [
                    {"rateRatio": {"numerator": MG_10["doseQuantity"], "denominator": {"value": 1, "code": "d"}}}
                ]
            },
            None,
            mg(10),
        ),
        (
            {
                "timing": {
                    "repeat": {"frequency": 2, "period": 1, "periodUnit": "d", "duration": 2, "durationUnit": "h"}
                },
                "doseAndRate": [{"rateQuantity": {"value": 5, "unit": "mg/h"}}],
            },
            None,
            mg(20),
        ),
        ({"timing": TWICE, "doseAndRate": [{**MG_10, "type": {"text": "ordered"}}, {**ONE}]}, TABLET_10, mg(20)),
    ],
)
def test_amount_and_rhythm_give_the_mg_per_day(dosage: object, strength: Strength | None, daily: DailyDose) -> None:
    assert read_dosages([dosage], strength).daily == daily


def test_without_a_strength_the_amount_stays_in_the_unit_it_was_written_in() -> None:
    dosage = read_dosages([{"timing": TWICE, "doseAndRate": [ONE_TO_TWO]}], None)

    assert dosage.daily == DailyDose(Decimal(2), Decimal(4), "tablet", Certainty.SURE, "structure")
    assert dosage.why == "strength-unknown"


def test_drops_of_unknown_size_stay_drops() -> None:
    drops = {"doseQuantity": {"value": 5, "unit": "druppels"}}

    dosage = read_dosages([{"timing": ONCE, "doseAndRate": [drops]}], Strength(mg_per_ml=Decimal("2.5")))

    assert dosage.daily is not None
    assert dosage.daily.unit == "drop"
    assert dosage.why == "strength-unknown"


def test_a_number_without_a_unit_is_a_likely_count() -> None:
    dosage = read_dosages([{"timing": TWICE, "doseAndRate": [{"doseQuantity": {"value": 1.0}}]}], TABLET_10)

    assert dosage.daily == mg(20, certainty=Certainty.LIKELY)


def test_a_month_has_no_fixed_length_so_a_monthly_dose_is_likely() -> None:
    monthly = {"repeat": {"frequency": 1, "period": 1, "periodUnit": "mo"}}

    daily = read_dosages([{"timing": monthly, "doseAndRate": [MG_10]}], None).daily

    assert daily is not None
    assert daily.certainty is Certainty.LIKELY


@pytest.mark.parametrize(
    ("dosage", "why"),
    [
        ({}, "no-dose"),
        ({"timing": THRICE}, "no-dose"),
        ({"doseAndRate": [MG_10]}, "no-frequency"),
        ({"timing": THRICE, "doseAndRate": ["10 mg"]}, "dose-not-understood"),
        ({"timing": THRICE, "doseAndRate": [{"doseQuantity": {"value": 15, "code": "mg/kg"}}]}, "dose-not-understood"),
        ({"timing": THRICE, "doseAndRate": [{"doseRange": {"low": ONE["doseQuantity"]}}]}, "dose-not-understood"),
        ({"timing": THRICE, "doseAndRate": [MG_5, MG_10]}, "several-doses"),
        ({"timing": THRICE, "doseAndRate": [{**MG_10, "modifierExtension": [{"url": "x"}]}]}, "unknown-modifier"),
        ({"timing": THRICE, "doseAndRate": [MG_10], "modifierExtension": [{"url": "x"}]}, "unknown-modifier"),
        (
            {"timing": ONCE, "doseAndRate": [ONE], "modifierExtension": [{"url": "ext-RepeatPeriodCyclicalSchedule"}]},
            "cyclic-schedule",
        ),
        ({"timing": THRICE, "doseAndRate": [{"doseQuantity": {"value": 101, "unit": "tablet"}}]}, "implausible"),
        ({"timing": THRICE, "doseAndRate": [{"doseQuantity": {"value": 0, "unit": "mg"}}]}, "implausible"),
        (
            {"timing": {"repeat": {"frequency": 6, "period": 4, "periodUnit": "h"}}, "doseAndRate": [MG_10]},
            "implausible",
        ),
        ({"doseAndRate": [{"rateQuantity": {"value": 5, "unit": "mg/h"}}]}, "rate-without-duration"),
        ({"timing": TWICE, "doseAndRate": [MG_10], "asNeededBoolean": "perhaps"}, "as-needed-not-understood"),
        ({"timing": TWICE, "doseAndRate": [MG_10], "asNeededCodeableConcept": {}}, "as-needed-not-understood"),
        ({"timing": TWICE, "doseAndRate": [ONE], "site": {"text": "each nostril"}}, "several-sites"),
        ("1 tablet per day", "dose-not-understood"),
        (None, "dose-not-understood"),
    ],
)
def test_a_dose_that_cannot_be_computed_gives_its_reason(dosage: object, why: str) -> None:
    dosage_read = read_dosages([dosage], None)

    assert dosage_read.daily is None
    assert dosage_read.why == why


@pytest.mark.parametrize("instructions", [[], "1 tablet per day", {"text": "1 tablet"}, None, 5])
def test_instructions_that_are_no_list_or_empty_tell_no_dose(instructions: Any) -> None:
    assert read_dosages(instructions, None).why == "no-dose"


def test_more_than_a_hundred_tablets_a_day_are_implausible_in_mg_too() -> None:
    hourly = {"repeat": {"frequency": 24, "period": 1, "periodUnit": "d"}}

    dosage = read_dosages(
        [{"timing": hourly, "doseAndRate": [{"doseQuantity": {"value": 5, "unit": "tab"}}]}], TABLET_10
    )

    assert dosage.why == "implausible"


# Limits and as needed


def per_day(value: int, unit: str = "tablet") -> dict[str, Any]:
    return {"numerator": {"value": value, "unit": unit}, "denominator": {"value": 24, "code": "h", "system": UCUM}}


def test_a_limit_per_day_caps_the_upper_end_of_a_range() -> None:
    dosage = {"timing": THRICE, "doseAndRate": [ONE_TO_TWO], "maxDosePerPeriod": per_day(4)}

    assert read_dosages([dosage], TABLET_10).daily == mg(30, 40)


def test_several_limits_are_a_list_in_r5_and_the_lowest_holds() -> None:
    dosage = {"timing": THRICE, "doseAndRate": [ONE_TO_TWO], "maxDosePerPeriod": [per_day(5), per_day(4)]}

    assert read_dosages([dosage], TABLET_10).daily == mg(30, 40)


def test_a_limit_per_administration_caps_each_dose() -> None:
    most = {"value": 1, "unit": "tablet"}

    dosage = {"timing": THRICE, "doseAndRate": [ONE_TO_TWO], "maxDosePerAdministration": most}

    assert read_dosages([dosage], TABLET_10).daily == mg(30)


@pytest.mark.parametrize(
    ("limit", "why"),
    [
        (per_day(2), "above-own-ceiling"),
        ({"numerator": {"value": 4}}, "ceiling-not-understood"),
        ([], "ceiling-not-understood"),
        (per_day(4, "mL"), "ceiling-not-understood"),
    ],
)
def test_a_limit_that_is_lower_than_the_dose_or_cannot_be_compared_leaves_no_dose(limit: object, why: str) -> None:
    dosage = {"timing": THRICE, "doseAndRate": [ONE_TO_TWO], "maxDosePerPeriod": limit}

    assert read_dosages([dosage], None).why == why


@pytest.mark.parametrize(
    "asked",
    [
        {"asNeededBoolean": True},
        {"asNeeded": True},
        {"asNeededFor": [{"text": "pain"}]},
        {"asNeededCodeableConcept": {"text": "bij angst"}},
        {"extension": [{"url": "http://hl7.org/fhir/5.0/StructureDefinition/extension-Dosage.asNeededFor"}]},
        {"additionalInstruction": [{"text": "zo nodig"}]},
        {"text": "1 à 2 tabletten zo nodig"},
    ],
)
def test_what_is_taken_as_needed_is_a_ceiling_and_no_intake(asked: dict[str, Any]) -> None:
    dosage = read_dosages([{"timing": TWICE, "doseAndRate": [ONE_TO_TWO], **asked}], TABLET_10)

    assert dosage.daily is None
    assert dosage.as_needed
    assert dosage.ceiling == Amount(Decimal(40), "mg")
    assert dosage.why == "as-needed-only"


def test_a_limit_per_day_is_the_ceiling_of_what_is_taken_as_needed() -> None:
    dosage = {"doseAndRate": [ONE_TO_TWO], "asNeededBoolean": True, "maxDosePerPeriod": per_day(6)}

    assert read_dosages([dosage], None).ceiling == Amount(Decimal(6), "tablet")


def test_up_to_so_many_times_as_needed_is_a_ceiling() -> None:
    timing = {"repeat": {"frequencyMax": 4, "period": 1, "periodUnit": "d"}}

    dosage = read_dosages([{"timing": timing, "doseAndRate": [ONE_TO_TWO], "asNeededBoolean": True}], None)

    assert dosage.ceiling == Amount(Decimal(8), "tablet")


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("1-1-1", 3),
        ("1-0-1", 2),
        ("2-0-1", None),  # two doses that are no halves of the day
        ("1-0-1-0", 2),
        ("0-0-1", 1),
        ("10 mg 1-0-1", 2),
        ("½-½-½-½", 4),
    ],
)
def test_a_scheme_is_taken_at_each_place_that_is_not_empty(text: str, times: int | None) -> None:
    assert read_dosages([{"text": text}], TABLET_10).times == times


def test_a_scheme_confirms_a_structure_that_tells_one_of_its_halves() -> None:
    assert read_dosages([{"timing": THRICE, "text": "1-1-1"}], TABLET_10).daily == mg(
        30, None, Certainty.LIKELY, "text"
    )
    dosage = read_dosages([{"doseAndRate": [ONE], "text": "1-1-1"}], TABLET_10)
    assert not dosage.conflict
    assert dosage.times == 3


def test_a_fixed_part_counts_and_an_as_needed_part_only_raises_the_ceiling() -> None:
    fixed = {"sequence": 1, "timing": THRICE, "doseAndRate": [ONE]}
    needed = {"sequence": 1, "timing": ONCE, "doseAndRate": [ONE], "asNeededBoolean": True}

    dosage = read_dosages([fixed, needed], TABLET_10)

    assert dosage.daily == mg(30)
    assert dosage.ceiling == Amount(Decimal(40), "mg")
    assert dosage.as_needed


def test_a_count_of_one_is_a_single_dose() -> None:
    dosage = read_dosages([{"timing": {"repeat": {"count": 1}}, "doseAndRate": [MG_10]}], None)

    assert dosage.once
    assert dosage.daily is None
    assert dosage.why == "single-dose"


# Several instructions


def test_instructions_without_an_order_or_with_equal_numbers_add_up() -> None:
    morning = {"timing": {"repeat": {"when": ["MORN"]}}, "doseAndRate": [MG_10]}
    evening = {"timing": {"repeat": {"when": ["EVE"]}}, "doseAndRate": [MG_5]}

    assert read_dosages([morning, evening], None).daily == mg(15)
    assert read_dosages([{**morning, "sequence": 1}, {**evening, "sequence": 1}], None).daily == mg(15)


def test_one_unreadable_instruction_leaves_no_dose() -> None:
    assert read_dosages([{"timing": ONCE, "doseAndRate": [MG_10]}, {"timing": ONCE}], None).why == "no-dose"


def test_amounts_that_cannot_be_added_leave_no_dose() -> None:
    first, second = {"timing": at("MORN"), "doseAndRate": [MG_10]}, {"timing": at("EVE"), "doseAndRate": [ONE]}

    assert read_dosages([first, second], None).why == "units-differ"
    assert read_dosages([first, second], TABLET_10).daily == mg(20)


def at(*moments: str) -> dict[str, Any]:
    return {"repeat": {"when": list(moments)}}


@pytest.mark.parametrize(
    ("one", "other", "certainty"),
    [
        (at("MORN"), at("EVE"), Certainty.SURE),
        (at("MORN"), at("MORN", "EVE"), Certainty.LIKELY),
        (ONCE, ONCE, Certainty.LIKELY),
        ({"repeat": {"dayOfWeek": ["mon"]}}, {"repeat": {"dayOfWeek": ["thu"]}}, Certainty.SURE),
        ({"repeat": {"dayOfWeek": ["mon"]}}, {"repeat": {"dayOfWeek": ["mon", "thu"]}}, Certainty.LIKELY),
    ],
)
def test_two_instructions_for_one_time_add_up_but_not_surely(
    one: dict[str, Any], other: dict[str, Any], certainty: Certainty
) -> None:
    daily = read_dosages([{"timing": timing, "doseAndRate": [MG_10]} for timing in (one, other)], None).daily

    assert daily is not None
    assert daily.certainty is certainty


STEPS = [
    {"sequence": 1, "timing": for_a_week(THRICE), "doseAndRate": [MG_10]},
    {"sequence": 2, "timing": for_a_week(TWICE), "doseAndRate": [MG_10]},
    {"sequence": 3, "timing": ONCE, "doseAndRate": [MG_10]},
]


@pytest.mark.parametrize(
    ("today", "daily"),
    [
        (None, 30),
        (date(2023, 12, 1), 30),
        (date(2024, 1, 1), 30),
        (date(2024, 1, 7), 30),
        (date(2024, 1, 8), 20),
        (date(2024, 1, 14), 20),
        (date(2024, 1, 15), 10),
        (date(2026, 1, 1), 10),
    ],
)
def test_of_steps_in_a_row_the_one_in_force_counts(today: date | None, daily: int) -> None:
    read = read_dosages(STEPS, None, today=today, authored=date(2024, 1, 1))

    assert read.daily == mg(daily)


def test_steps_without_a_known_first_day_leave_the_dose_of_a_day_unknown() -> None:
    assert read_dosages(STEPS, None, today=date(2024, 1, 8)).why == "start-unknown"


def test_the_timeline_tells_every_step() -> None:
    phases = read_phases(STEPS, None, authored=date(2024, 1, 1))

    assert [(phase.since, phase.days) for phase in phases] == [
        (date(2024, 1, 1), 7),
        (date(2024, 1, 8), 7),
        (date(2024, 1, 15), None),
    ]
    assert [phase.dosage.daily for phase in phases] == [mg(30), mg(20), mg(10)]


def test_after_the_last_step_nothing_is_in_force() -> None:
    assert read_dosages(STEPS[:2], None, today=date(2024, 2, 1), authored=date(2024, 1, 1)).why == "not-in-force"


@pytest.mark.parametrize(
    ("instructions", "why"),
    [
        ([{**STEPS[0], "timing": THRICE}, STEPS[1]], "sequence-without-bounds"),
        ([{**STEPS[0], "sequence": "first"}, STEPS[1]], "sequence-not-understood"),
        ([{"timing": THRICE, "doseAndRate": [MG_10]}, STEPS[1]], "sequence-not-understood"),
        (
            [{**STEPS[0], "timing": {"repeat": {**THRICE["repeat"], "boundsDuration": {"value": 0}}}}, STEPS[1]],
            "bounds-not-understood",
        ),
    ],
)
def test_steps_whose_order_cannot_be_told_leave_no_dose(instructions: list[object], why: str) -> None:
    assert read_dosages(instructions, None).why == why


def test_steps_with_dates_follow_their_dates() -> None:
    def period(timing: dict[str, Any], start: str, end: str) -> dict[str, Any]:
        return {"repeat": {**timing["repeat"], "boundsPeriod": {"start": start, "end": end}}}

    steps = [
        {"sequence": 1, "timing": period(THRICE, "2024-03-01", "2024-03-07"), "doseAndRate": [MG_10]},
        {"sequence": 2, "timing": period(TWICE, "2024-03-08T08:00:00+01:00", "2024-03-14"), "doseAndRate": [MG_10]},
    ]

    assert read_dosages(steps, None, today=date(2024, 3, 7)).daily == mg(30)
    assert read_dosages(steps, None, today=date(2024, 3, 8)).daily == mg(20)


def test_parts_side_by_side_with_different_lengths_change_when_the_shorter_ends() -> None:
    parts = [
        {"timing": for_a_week(ONCE), "doseAndRate": [MG_5]},
        {"timing": ONCE, "doseAndRate": [MG_10]},
    ]

    phases = read_phases(parts, None)

    assert [(phase.days, phase.dosage.daily) for phase in phases] == [
        (7, mg(15, certainty=Certainty.LIKELY)),
        (None, mg(10)),
    ]


def test_a_step_may_pause_the_medicine() -> None:
    none = {"sequence": 2, "timing": for_a_week(ONCE), "doseAndRate": [{"doseQuantity": {"value": 0, "unit": "mg"}}]}

    assert read_dosages([STEPS[0], none], None, today=date(2024, 1, 9), authored=date(2024, 1, 1)).daily == mg(0)


# Supply


def test_what_is_handed_out_over_its_days_is_the_last_thing_reckoned_from() -> None:
    request = {"quantity": {"value": 90, "unit": "tablet"}, "expectedSupplyDuration": {"value": 30, "code": "d"}}

    dosage = read_dosages([{"text": "volgens schema"}], TABLET_10, dispense=request)

    assert dosage.daily == mg(30, certainty=Certainty.LIKELY, basis="supply")


def test_only_what_was_really_handed_out_tells_how_an_as_needed_medicine_is_used() -> None:
    needed = {"timing": ONCE, "doseAndRate": [ONE], "asNeededBoolean": True}
    handed = {"quantity": {"value": 90}, "daysSupply": {"value": 30, "code": "d"}}

    ordered = read_dosages([needed], TABLET_10, dispense={**handed, "expectedSupplyDuration": handed["daysSupply"]})
    dispensed = read_dosages([needed], TABLET_10, dispense={**handed, "resourceType": "MedicationDispense"})

    assert ordered.daily is None
    assert dispensed.daily == mg(30, certainty=Certainty.LIKELY, basis="supply")


@pytest.mark.parametrize("dispense", [{}, [], "90 tablets", {"quantity": {"value": 90}}, {"quantity": 90}])
def test_a_supply_that_does_not_tell_its_days_is_left(dispense: object) -> None:
    assert read_dosages([{"text": "volgens schema"}], None, dispense=dispense).daily is None


def test_thousands_of_steps_are_not_laid_out() -> None:
    step = {"timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}}, "doseAndRate": []}
    assert read_dosages([{**step, "sequence": number} for number in range(5000)], None).why == "dose-not-understood"


@pytest.mark.parametrize(
    ("told", "average"),
    [
        ({"text": "1x per dag 10 mg"}, False),
        ({"text": "10 mg om de dag"}, True),
        ({"text": "70 mg once weekly"}, True),
        ({"text": "1 à 2 comprimés de 10 mg par jour"}, False),
        ({"timing": {"repeat": {"frequency": 3, "period": 1, "periodUnit": "wk"}}, **MG_10}, True),
        ({"timing": {"repeat": {"dayOfWeek": ["mon", "thu"]}}, **MG_10}, True),
        ({"timing": {"repeat": {"frequency": 1, "period": 8, "periodUnit": "h"}}, **MG_10}, False),
    ],
)
def test_what_is_not_taken_every_day_is_told_as_an_average(told: dict[str, Any], average: bool) -> None:
    daily = read_dosages([told], None).daily

    assert daily is not None
    assert daily.average is average
