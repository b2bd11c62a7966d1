"""When advice is held back after an override, and what brings it back."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from knowledge.library import Library
from knowledge.withholding import TAPER_RULES, Evidence, Overridden, withheld_by

TODAY = date(2026, 11, 21)
BEFORE = Evidence(Decimal(2), frozenset({"insomnia"}), frozenset({"lormetazepam"}))


def is_withheld(
    library: Library,
    reason: str,
    *,
    rule: str = "bzra-taper",
    days: int = 1,
    indicator: str = "info",
    now: Evidence = BEFORE,
) -> bool:
    past = Overridden(reason, TODAY - timedelta(days=days), frozenset({rule}), BEFORE)
    reasons = library.override_reasons
    return withheld_by(library.by_id[rule], indicator, now, [past], TODAY, reasons) is past


@pytest.mark.parametrize(
    ("reason", "days"),
    [
        ("patient-declined", 180),
        ("specialist-agreed", 365),
        ("benefit-outweighs-risk", 365),
        ("already-tapering", 90),
        ("emergency-or-palliative", 90),
    ],
)
def test_advice_is_held_back_for_as_long_as_the_reason_says(library: Library, reason: str, days: int) -> None:
    assert is_withheld(library, reason, days=days - 1)
    assert not is_withheld(library, reason, days=days)


@pytest.mark.parametrize("reason", ["data-wrong", "other-indication", "nobody-knows"])
def test_a_reason_that_holds_nothing_back_does_not(library: Library, reason: str) -> None:
    assert not is_withheld(library, reason)


def test_critical_advice_is_never_held_back(library: Library) -> None:
    for reason in library.override_reasons:
        assert not is_withheld(library, reason, rule="itb-stop", indicator="critical")


@pytest.mark.parametrize("reason", ["specialist-agreed", "benefit-outweighs-risk", "emergency-or-palliative"])
def test_a_warning_is_shown_again(library: Library, reason: str) -> None:
    assert not is_withheld(library, reason, rule="bzra-high-dose", indicator="warning")


def test_a_patient_who_declines_silences_the_taper_rules_only(library: Library) -> None:
    silenced = {rule.id for rule in library.rules if is_withheld(library, "patient-declined", rule=rule.id)}

    assert silenced == TAPER_RULES


@pytest.mark.parametrize(
    "now",
    [
        Evidence(Decimal("2.1"), BEFORE.problems, BEFORE.medicines),
        Evidence(Decimal(2), BEFORE.problems | {"pregnancy"}, BEFORE.medicines),
        Evidence(Decimal(2), BEFORE.problems, BEFORE.medicines | {"opioid"}),
    ],
    ids=["a higher dose", "a new problem", "a new medicine"],
)
def test_new_evidence_brings_it_back(library: Library, now: Evidence) -> None:
    assert not is_withheld(library, "patient-declined", now=now)


def test_a_dose_that_was_not_known_and_is_now_brings_it_back(library: Library) -> None:
    unknown = Evidence(None, frozenset(), frozenset())
    past = Overridden("patient-declined", TODAY, frozenset({"bzra-taper"}), unknown)
    now = Evidence(Decimal(1), frozenset(), frozenset())

    assert withheld_by(library.by_id["bzra-taper"], "info", now, [past], TODAY, library.override_reasons) is None


def test_less_than_before_is_nothing_new(library: Library) -> None:
    assert is_withheld(library, "patient-declined", now=Evidence(Decimal(1), frozenset(), frozenset()))


def test_another_rule_than_the_one_overridden_is_shown(library: Library) -> None:
    past = Overridden("patient-declined", TODAY, frozenset({"bzra-duration"}), BEFORE)

    assert withheld_by(library.by_id["bzra-taper"], "info", BEFORE, [past], TODAY, library.override_reasons) is None
