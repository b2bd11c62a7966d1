"""Structure and text of one instruction: they confirm, complete or contradict each other."""

from decimal import Decimal
from typing import Any

import pytest

from app.intake.dosage import read_dosages
from app.intake.strength import Strength
from knowledge.facts import Amount, Certainty

MG_10: dict[str, Any] = {"doseAndRate": [{"doseQuantity": {"value": 10, "unit": "mg", "code": "mg"}}]}
ONE: dict[str, Any] = {"doseAndRate": [{"doseQuantity": {"value": 1, "unit": "tablet"}}]}
ONE_TO_TWO: dict[str, Any] = {
    "doseAndRate": [{"doseRange": {"low": {"value": 1, "unit": "tablet"}, "high": {"value": 2, "unit": "tablet"}}}]
}
ONCE, TWICE, THRICE = ({"timing": {"repeat": {"frequency": n, "period": 1, "periodUnit": "d"}}} for n in (1, 2, 3))
TEN = Strength(mg_per_unit=Decimal(10))


@pytest.mark.parametrize(
    ("structure", "text"),
    [
        ({**TWICE, **MG_10}, "2 tabletten per dag"),  # of how many mg nobody told
        ({**TWICE, **MG_10}, "2x per dag, krachtens het wonderplan"),  # words that nobody here knows
        ({**TWICE, **MG_10, "additionalInstruction": [{"text": "krachtens het wonderplan"}]}, "2x per dag"),
    ],
)
def test_a_text_that_cannot_be_held_against_the_structure_leaves_it_likely(
    structure: dict[str, Any], text: str
) -> None:
    dosage = read_dosages([{**structure, "text": text}], None)

    assert dosage.daily is not None
    assert dosage.daily.certainty is Certainty.LIKELY
    assert not dosage.conflict


@pytest.mark.parametrize("text", ["STOP", "niet meer innemen", "Do not take.", "arrêter", "abgesetzt"])
def test_a_text_that_says_only_stop_contradicts_a_dose(text: str) -> None:
    dosage = read_dosages([{**ONCE, **MG_10, "text": text}], None)

    assert dosage.daily is None
    assert dosage.conflict


def test_a_text_that_says_with_what_it_is_not_taken_does_not_stop_it() -> None:
    dosage = read_dosages([{**ONCE, **MG_10, "text": "10 mg once a day. Do not take with alcohol."}], None)

    assert dosage.daily is not None
    assert dosage.daily.high == 10


@pytest.mark.parametrize("note", ["on alternate days", "om de dag", "2 x per dag"])
def test_a_note_in_another_rhythm_contradicts(note: str) -> None:
    dosage = read_dosages([{**ONCE, **MG_10, "additionalInstruction": [{"text": note}]}], None)

    assert dosage.daily is None
    assert dosage.conflict


@pytest.mark.parametrize(
    ("structure", "text"),
    [
        ({**TWICE, **MG_10}, "10 mg 2x/dag"),
        ({**TWICE, **MG_10}, "20 mg per dag"),
        ({**TWICE, **MG_10}, "twice a day"),
        ({**TWICE, **ONE}, "1 tablet matin et soir"),
        ({**TWICE, **ONE}, "1-0-1"),
        ({**TWICE, **ONE_TO_TWO}, "1 à 2 comprimés matin et soir"),
        ({**TWICE, **MG_10}, "Take as directed"),
        ({**TWICE, **ONE}, "1 tablet every 8-12 hours"),
        ({**TWICE, **ONE}, "1 tablet om 8 uur en 20 uur"),
        ({**TWICE, **MG_10}, "with food"),
    ],
)
def test_a_text_that_says_the_same_or_less_leaves_the_structure_sure(structure: dict[str, Any], text: str) -> None:
    dosage = read_dosages([{**structure, "text": text}], None)

    assert dosage.daily is not None
    assert dosage.daily.certainty is Certainty.SURE
    assert dosage.daily.basis == "structure"
    assert not dosage.conflict


@pytest.mark.parametrize(
    ("structure", "text"),
    [
        ({**TWICE, **MG_10}, "10 mg 3x/dag"),
        ({**TWICE, **MG_10}, "5 mg matin et soir"),
        ({**TWICE, **MG_10}, "three times a day"),
        ({**TWICE, **ONE}, "2 tablets twice daily"),
        ({**TWICE, **ONE_TO_TWO}, "1 tablet twice daily"),
        ({**ONCE, **MG_10}, "10 mg once weekly"),
        ({**TWICE, **MG_10}, "3 maal daags 1 tablet volgens schema"),
        ({**ONCE, **ONE, "asNeededBoolean": True}, "Take one tablet daily"),
        ({**MG_10}, "20 mg per week"),
        ({**THRICE}, "1 tablet 2x daags"),
    ],
)
def test_a_text_that_says_something_else_is_named_and_nothing_is_chosen(structure: dict[str, Any], text: str) -> None:
    dosage = read_dosages([{**structure, "text": text}], None)

    assert dosage.conflict
    assert dosage.daily is None
    assert dosage.why == "text-and-structure-disagree"


@pytest.mark.parametrize("structure", [{}, {**MG_10}], ids=["nothing else", "a dose for one time"])
def test_as_needed_beside_a_text_for_every_day_is_at_most_what_the_text_says(structure: dict[str, Any]) -> None:
    """Which of the two is meant nobody knows; that no more than 300 mg a day is taken, both say."""
    dosage = read_dosages([{**structure, "asNeededBoolean": True, "text": "3 dd 100 mg"}], None)

    assert dosage.conflict
    assert dosage.daily is None
    assert dosage.ceiling == Amount(Decimal(300), "mg")
    assert dosage.why == "text-and-structure-disagree"


def test_the_words_for_the_patient_are_held_against_the_structure_too() -> None:
    dosage = read_dosages([{**TWICE, **MG_10, "text": "10 mg", "patientInstruction": "10 mg 3x/dag"}], None)

    assert dosage.conflict


def test_with_a_strength_tablets_in_the_text_are_held_against_mg_in_the_structure() -> None:
    said = {**ONCE, **MG_10, "text": "2 tablets daily"}

    assert not read_dosages([said], None).conflict
    assert read_dosages([said], TEN).conflict


def test_two_instructions_cannot_both_be_true_of_one_strength() -> None:
    first = {**ONCE, **MG_10, "text": "2 tablets in the morning"}
    second = {**ONCE, **MG_10, "text": "1 tablet at night"}

    assert read_dosages([first, second], None).conflict


@pytest.mark.parametrize(
    ("structure", "text", "daily"),
    [
        ({}, "10 mg 3x/dag", 30),
        ({**MG_10}, "3x/dag", 30),
        ({**THRICE}, "10 mg", 30),
        ({**MG_10}, "20 mg per dag", 20),
        ({"timing": {"repeat": {"period": 6, "periodUnit": "h"}}, **MG_10}, "10 mg toutes les 6h", 40),
        ({"timing": {"code": {"text": "twice a day"}}, **MG_10}, None, 20),
        ({"timing": {"code": {"coding": [{"code": "229799001", "display": "Twice a day"}]}}, **MG_10}, None, 20),
    ],
)
def test_what_only_the_text_tells_makes_the_dose_likely(
    structure: dict[str, Any], text: str | None, daily: int
) -> None:
    read = read_dosages([{**structure, "text": text}], None).daily

    assert read is not None
    assert (int(read.high), read.certainty, read.basis) == (daily, Certainty.LIKELY, "text")


@pytest.mark.parametrize(
    ("code", "once", "as_needed"),
    [
        ({"text": "Once"}, True, False),
        ({"text": "STAT"}, True, False),
        ({"coding": [{"system": "http://snomed.info/sct", "code": "1", "display": "Eenmalig"}]}, True, False),
        ({"text": "une seule fois"}, True, False),
        ({"text": "Every 8 hours PRN"}, False, True),
        ({"text": "HS PRN"}, False, True),
        ({"text": "si besoin"}, False, True),
    ],
)
def test_the_words_of_a_timing_code_tell_once_and_as_needed(code: dict[str, Any], once: bool, as_needed: bool) -> None:
    read = read_dosages([{"timing": {"code": code}, **MG_10}], None)

    assert (read.daily, read.once, read.as_needed) == (None, once, as_needed)


def test_mg_in_the_text_go_before_tablets_of_unknown_strength() -> None:
    read = read_dosages([{**ONCE, **ONE, "text": "70mg daily"}], None).daily

    assert read is not None
    assert (int(read.high), read.unit, read.certainty) == (70, "mg", Certainty.LIKELY)


@pytest.mark.parametrize(
    "text", ["10 mg 2x/dag, daarna volgens schema", "10 mg twice daily, then 4 tablets", "2x/dag; 7 dagen, 30 stuks"]
)
def test_a_text_with_more_in_it_than_is_understood_makes_the_structure_likely(text: str) -> None:
    read = read_dosages([{**TWICE, **MG_10, "text": text}], None).daily

    assert read is not None
    assert (int(read.high), read.certainty, read.basis) == (20, Certainty.LIKELY, "structure")


def test_a_structure_that_must_not_be_read_is_not_replaced_by_its_text() -> None:
    modified = {**TWICE, **MG_10, "text": "10 mg 2x/dag", "modifierExtension": [{"url": "http://example.org/x"}]}

    assert read_dosages([modified], None).why == "unknown-modifier"


def test_an_ointment_counted_in_pieces_is_not_taken() -> None:
    piece = {"doseAndRate": [{"doseQuantity": {"value": 1, "unit": "ea"}}]}

    assert read_dosages([{**TWICE, **piece, "text": "Apply to affected areas twice a day"}], None).why == "on-skin"


def test_a_text_for_all_instructions_is_held_against_their_sum() -> None:
    morning = {"timing": {"repeat": {"when": ["MORN"]}}, **ONE}
    evening = {"timing": {"repeat": {"when": ["EVE"]}}, **ONE}

    assert not read_dosages([morning, evening], None, rendered="1-0-1-0").conflict
    assert read_dosages([morning, evening], None, rendered="1-0-2-0").conflict
    assert read_dosages([{}], None, rendered="1 tablet per dag").daily is not None


def test_lengths_that_differ_are_named_and_only_the_first_step_is_still_told() -> None:
    bounds = {"boundsDuration": {"value": 5, "code": "d"}}
    steps = [
        {
            "sequence": 1,
            "text": "Take 4 tablets daily for 7 days",
            "timing": {"repeat": {**ONCE["timing"]["repeat"], **bounds}},
            "doseAndRate": [{"doseQuantity": {"value": 4, "unit": "tablet"}}],
        },
        {"sequence": 2, "text": "Take 1 tablet daily", **ONCE, **ONE},
    ]

    dosage = read_dosages(steps, None)

    assert dosage.conflict
    assert dosage.daily is not None
    assert dosage.why == "text-and-structure-disagree-on-length"


def test_an_as_needed_dose_in_the_text_and_a_limit_in_the_structure_give_a_ceiling() -> None:
    limit = {
        "maxDosePerPeriod": {"numerator": {"value": 3, "unit": "tablet"}, "denominator": {"value": 1, "code": "d"}}
    }

    dosage = read_dosages([{"text": "zo nodig 1 tablet", **limit}], TEN)

    assert dosage.ceiling == Amount(Decimal(30), "mg")
    assert dosage.daily is None
