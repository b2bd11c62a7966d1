"""The schemes as data: their figures, their sources, and what the loader does not accept."""

from fractions import Fraction
from typing import Any

import pytest

from knowledge.taper import SCHEMES
from knowledge.taper.schemes import GROUPS, REFUSED, Scheme, read_scheme

PLAIN: dict[str, Any] = {
    "id": "made-up",
    "version": "1",
    "medicines": "bzra",
    "region": "BE",
    "of": "start",
    "step": "1/10",
    "step_from": "1/20",
    "step_to": "1/5",
    "days": 14,
    "days_from": 7,
    "days_to": 28,
    "source": "made up",
    "source_date": "2026",
    "where": "here",
    "says": "nothing",
    "status": "made up",
    "compared": "not",
}


def test_these_schemes_exist_and_one_is_refused_by_name() -> None:
    assert list(SCHEMES) == [*("asam-2025", "nl-guided-reduction", "bcfi-tenth", "riziv-5", "riziv-10", "baclofen-80")]
    assert dict(REFUSED) == {"riziv-7": "step-percentages"}


@pytest.mark.parametrize(
    ("scheme", "of", "step", "days", "caps"),
    [
        ("asam-2025", "current", "1/10", 14, {"cap_of_current": "1/4", "low_dose_of_start": "1/10"}),
        ("nl-guided-reduction", "start", "1/4", 7, {"cap_of_start": "1/4", "last_of_start": "1/8"}),
        ("bcfi-tenth", "start", "1/10", 14, {"cap_of_start": "1/5", "last_of_start": "1/10"}),
        ("riziv-5", "start", "1/5", 30, {"cap_of_start": "1/5", "last_of_start": "1/5", "holds": 2, "hold_days": 30}),
        ("riziv-10", "start", "1/10", 30, {"cap_of_start": "1/10", "last_of_start": "1/10", "holds": 2}),
        ("baclofen-80", "mg", "10", 2, {"cap_mg": "15", "step_to": "15", "target_mg": "80"}),
    ],
)
def test_the_figures_of_each_scheme(scheme: str, of: str, step: str, days: int, caps: dict[str, Any]) -> None:
    read = SCHEMES[scheme]

    assert (read.of, str(read.step), read.days) == (of, step, days)
    assert {name: str(getattr(read, name)) for name in caps} == {name: str(value) for name, value in caps.items()}


@pytest.mark.parametrize("scheme", SCHEMES.values(), ids=list(SCHEMES))
def test_every_scheme_names_its_source_its_date_what_is_unverified_and_how_it_compares(scheme: Scheme) -> None:
    assert all((scheme.source, scheme.source_date, scheme.where, scheme.says, scheme.status, scheme.compared))
    assert scheme.unverified
    assert scheme.medicines in GROUPS
    assert not scheme.programme or "step-percentages-inferred-linear" in scheme.unverified


@pytest.mark.parametrize(
    ("scheme", "allowed", "refused"),
    [
        ("asam-2025", (14, 28, 84), (0, 7, 13, 85)),
        ("nl-guided-reduction", (7, 14, 84), (6, 85)),
        ("bcfi-tenth", (7, 14, 84), (6, 85)),
        ("riziv-5", (10, 20, 30), (9, 11, 15, 31)),
        ("riziv-10", (10, 20, 30), (40,)),
        ("baclofen-80", (2, 28), (1, 29)),
    ],
)
def test_the_intervals_each_scheme_allows(scheme: str, allowed: tuple[int, ...], refused: tuple[int, ...]) -> None:
    assert all(SCHEMES[scheme].allows_days(days) for days in allowed)
    assert not any(SCHEMES[scheme].allows_days(days) for days in refused)


def test_a_scheme_is_read_exactly() -> None:
    scheme = read_scheme(PLAIN | {"unverified": ["all"], "days_choice": [14, 28]})

    assert (scheme.step, scheme.step_from, scheme.cap_mg) == (Fraction(1, 10), Fraction(1, 20), None)
    assert (scheme.unverified, scheme.house, scheme.days_choice) == (("all",), (), (14, 28))
    assert scheme.programme is False


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"steps": 3}, r"made-up: unknown \['steps'\]"),
        ({"step": 0.1}, "made-up: step must be text"),
        ({"cap_mg": 15}, "made-up: cap_mg must be text"),
        ({"of": "yesterday"}, "made-up: `of` or `step` is out of range"),
        ({"step": "1/4"}, "made-up: `of` or `step` is out of range"),
        ({"step": "1/21"}, "made-up: `of` or `step` is out of range"),
        ({"days": 30}, "made-up: `days` is not among the days it allows"),
        ({"days_choice": [7]}, "made-up: `days` is not among the days it allows"),
    ],
)
def test_a_fault_in_a_scheme_is_named(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_scheme(PLAIN | changes)


def test_a_missing_field_is_named() -> None:
    with pytest.raises(ValueError, match=r"made-up: .*'source'"):
        read_scheme({name: value for name, value in PLAIN.items() if name != "source"})


def test_the_groups_of_medicines_do_not_overlap() -> None:
    assert GROUPS["baclofen"] == {"baclofen"}
    assert "baclofen" not in GROUPS["bzra"]
    assert {"diazepam", "ethyl-loflazepate", "zopiclone"} <= GROUPS["bzra"]
