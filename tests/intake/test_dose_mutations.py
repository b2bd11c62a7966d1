"""Whatever is lost or broken in a valid dosage: the dose stays what it was, or it is gone with a reason."""

import copy
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.intake.dosage import read_dosages, read_phases
from app.intake.strength import Strength

UCUM = "http://unitsofmeasure.org"
GTS = "http://terminology.hl7.org/CodeSystem/v3-GTSAbbreviation"
TEN = Strength(mg_per_unit=Decimal(10), mg_per_ml=Decimal(2))


def quantity(value: float, unit: str, code: str) -> dict[str, Any]:
    return {"value": value, "unit": unit, "system": UCUM, "code": code}


def repeat(**elements: Any) -> dict[str, Any]:
    return {"repeat": elements}


MG, PIECE, TABLET, ML = (
    {"doseQuantity": quantity(5, "mg", "mg")},
    {"doseQuantity": quantity(1.5, "stuk", "1")},
    {"doseQuantity": quantity(2, "tablet", "{tablet}")},
    {"doseQuantity": quantity(5, "milliliter", "mL")},
)
RANGE = {"doseRange": {"low": quantity(1, "tablet", "{tablet}"), "high": quantity(2, "tablet", "{tablet}")}}
BY_DAY = {"value": 1, "unit": "dag", "system": UCUM, "code": "d"}
VALID: list[list[dict[str, Any]]] = [
    [{"timing": repeat(frequency=3, period=1, periodUnit="d"), "doseAndRate": [MG], "text": "5 mg 3x/dag"}],
    [{"timing": repeat(frequency=3, period=1, periodUnit="d"), "doseAndRate": [PIECE]}],
    [{"timing": repeat(frequency=1, frequencyMax=2, period=8, periodUnit="h"), "doseAndRate": [TABLET]}],
    [{"timing": repeat(frequency=1, period=4, periodMax=6, periodUnit="h"), "doseAndRate": [RANGE]}],
    [{"timing": repeat(when=["MORN", "HS"]), "doseAndRate": [PIECE], "text": "1½ stuk 's ochtends en voor de nacht"}],
    [{"timing": repeat(timeOfDay=["08:00:00", "20:00:00"]), "doseAndRate": [ML]}],
    [{"timing": repeat(frequency=2, period=1, periodUnit="d", when=["CM", "CV"]), "doseAndRate": [MG]}],
    [{"timing": repeat(frequency=2, period=1, periodUnit="wk", dayOfWeek=["mon", "thu"]), "doseAndRate": [MG]}],
    [{"timing": repeat(frequency=2, period=1, periodUnit="d", dayOfWeek=["mon", "thu"]), "doseAndRate": [MG]}],
    [{"timing": {"code": {"coding": [{"system": GTS, "code": "BID"}]}}, "doseAndRate": [MG]}],
    [
        {
            "timing": {
                "code": {"coding": [{"system": GTS, "code": "TID"}]},
                **repeat(frequency=3, period=1, periodUnit="d"),
            },
            "doseAndRate": [{**MG, "type": {"text": "ordered"}}, {**PIECE, "type": {"text": "calculated"}}],
        }
    ],
    [
        {
            "timing": repeat(frequency=4, period=1, periodUnit="d"),
            "doseAndRate": [RANGE],
            "maxDosePerPeriod": {"numerator": quantity(6, "tablet", "{tablet}"), "denominator": BY_DAY},
            "maxDosePerAdministration": quantity(2, "tablet", "{tablet}"),
        }
    ],
    [{"doseAndRate": [{"rateRatio": {"numerator": quantity(300, "ug", "ug"), "denominator": BY_DAY}}]}],
    [{"doseAndRate": [{"rateQuantity": quantity(300, "ug/d", "ug/d")}]}],
    [
        {"sequence": 1, "timing": repeat(when=["MORN"]), "doseAndRate": [MG]},
        {"sequence": 1, "timing": repeat(when=["EVE"]), "doseAndRate": [PIECE]},
    ],
    [
        {"sequence": 1, "timing": repeat(frequency=2, period=1, periodUnit="d"), "doseAndRate": [MG]},
        {"sequence": 1, "timing": repeat(when=["HS"]), "doseAndRate": [MG], "asNeededBoolean": True},
    ],
    [
        {
            "sequence": 1,
            "timing": repeat(frequency=3, period=1, periodUnit="d", boundsDuration=quantity(1, "week", "wk")),
            "doseAndRate": [PIECE],
        },
        {"sequence": 2, "timing": repeat(frequency=1, period=1, periodUnit="d"), "doseAndRate": [PIECE]},
    ],
    [{"text": "3 maal per dag 1 tablet van 10 mg"}],
]
# Without these a prescription is another one, and as valid: nobody can see that they are gone.
OF_THEIR_OWN = {
    "frequencyMax",
    "periodMax",
    "dayOfWeek",
    "maxDosePerPeriod",
    "maxDosePerAdministration",
    "asNeededBoolean",
}

Place = tuple[str | int, ...]


def places(value: Any, here: Place = ()) -> Iterator[Place]:
    if here:
        yield here
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in entries:
        yield from places(inner, (*here, key))


def at(value: Any, place: Place) -> Any:
    for key in place:
        value = value[key]
    return value


@st.composite
def broken(draw: st.DrawFn) -> tuple[list[dict[str, Any]], list[Any], str]:
    valid = draw(st.sampled_from(VALID))
    changed: list[Any] = copy.deepcopy(valid)
    place = draw(st.sampled_from(list(places(valid))))
    holder, key, old = at(changed, place[:-1]), place[-1], at(changed, place)
    ways = ["other type"]
    ways += ["modified"] if isinstance(old, dict) else []
    ways += ["dropped", "null"] if isinstance(key, str) and key not in OF_THEIR_OWN else []
    way = draw(st.sampled_from(ways))
    if way == "dropped":
        del holder[key]
    elif way == "null":
        holder[key] = None
    elif way == "modified":
        old["modifierExtension"] = [{"url": "http://example.org/changes-the-meaning"}]
    else:
        others = [other for other in ("x", 7, 7.5, True, [], {}, [old], {"value": old}) if type(other) is not type(old)]
        holder[key] = draw(st.sampled_from([other for other in others if not _same_sort(other, old)]))
    return valid, changed, f"{way}: {place}"


def _same_sort(one: object, other: object) -> bool:
    """Another number in the place of a number is another prescription, not a broken one."""
    numbers = (int, float)
    return (
        isinstance(one, numbers)
        and isinstance(other, numbers)
        and not (isinstance(one, bool) or isinstance(other, bool))
    )


@settings(max_examples=1500, deadline=None)
@given(broken(), st.sampled_from([None, TEN]), st.sampled_from([None, date(2024, 1, 3), date(2024, 1, 20)]))
def test_a_broken_dosage_tells_the_same_dose_or_none_with_a_reason(
    case: tuple[list[dict[str, Any]], list[Any], str], strength: Strength | None, today: date | None
) -> None:
    valid, changed, what = case
    authored = date(2024, 1, 1)

    before = read_dosages(valid, strength, today=today, authored=authored).daily
    after = read_dosages(changed, strength, today=today, authored=authored)

    if after.daily is None:
        assert after.why, what
    elif before is not None:
        assert (after.daily.low, after.daily.high, after.daily.unit) == (before.low, before.high, before.unit), what


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
ELEMENTS = (
    *(
        "text",
        "timing",
        "repeat",
        "frequency",
        "period",
        "periodUnit",
        "when",
        "timeOfDay",
        "dayOfWeek",
        "count",
        "event",
    ),
    *("doseAndRate", "doseQuantity", "doseRange", "rateQuantity", "value", "unit", "code", "system", "coding", "site"),
    *("sequence", "boundsPeriod", "boundsDuration", "start", "end", "asNeededBoolean", "maxDosePerPeriod"),
    "additionalInstruction",
)


@settings(max_examples=500, deadline=None)
@given(
    st.lists(
        st.recursive(JSON, lambda inner: st.dictionaries(st.sampled_from(ELEMENTS), inner, max_size=6), max_leaves=30),
        max_size=3,
    )
)
def test_no_dosage_is_too_strange_to_read(instructions: list[Any]) -> None:
    dosage = read_dosages(instructions, TEN, today=date(2024, 1, 1))

    assert dosage.daily is not None or dosage.why
    read_phases(instructions, TEN)
