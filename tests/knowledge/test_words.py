"""What each word of rule.toml answers, above all where something was not told."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from knowledge.criteria import Answer, read_criterion
from knowledge.facts import (
    Certainty,
    Change,
    DailyDose,
    DatedDose,
    Device,
    Dosage,
    Encounter,
    Facts,
    Order,
    Patient,
    Period,
    Problem,
    Procedure,
    Reason,
    State,
    Told,
    Use,
)
from knowledge.fault import KnowledgeFault
from knowledge.library import Library, read_library
from knowledge.outcome import Subject
from knowledge.truth import Truth

TODAY = date(2026, 11, 21)
WHOLE = dict.fromkeys(("conditions", "medications", "procedures", "devices", "encounter"), Told.WHOLE)
YES, NO, UNKNOWN = Truth.YES, Truth.NO, Truth.UNKNOWN


@pytest.fixture(scope="module")
def library() -> Library:
    return read_library()


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def mg(amount: str) -> DailyDose:
    low, _, high = amount.partition("-")
    return DailyDose(Decimal(low), Decimal(high or low), "mg", Certainty.SURE, "structure")


def use(medicine: str, *, since: date | None = None, until: date | None = None, **more: Any) -> Use:
    daily = more.pop("daily", None)
    return Use(
        medicine,
        (f"MedicationRequest/{medicine}",),
        (Period(since, until),),
        until is None or until >= TODAY,
        more.pop("dosage", Dosage(daily=mg(daily) if daily else None)),
        **more,
    )


def order(medicine: str, *changes: Change, **more: Any) -> Order:
    return Order("MedicationRequest/draft", medicine, frozenset(changes), more.pop("dosage", Dosage()), **more)


def facts(*uses: Use, **more: Any) -> Facts:
    told = WHOLE | more.pop("told", {})
    return Facts(TODAY, Patient("Patient/1"), uses=uses, told=told, **more)


def ask(library: Library, table: dict[str, Any], about: Order | Use, known: Facts) -> Answer:
    course = tuple(u for u in known.uses if u.medicine == about.medicine or not u.current)
    criterion = read_criterion(table, "here", None)
    return criterion.judge(Subject(about, course, {}), known, library.medicines)


# --- groups


def test_a_group_is_all_and_any_and_not_unless(library: Library) -> None:
    known = facts(problems=(Problem("Condition/1", frozenset({"epilepsy"}), State.ACTIVE, True),))
    about = order("clobazam", Change.START)
    epilepsy = {"problem": "epilepsy", "state": ["active"]}
    assert ask(library, {"all": [{"medicine": "clobazam"}, epilepsy]}, about, known).truth is YES
    assert ask(library, {"all": [{"medicine": "clobazam"}], "unless": [epilepsy]}, about, known).truth is NO
    assert ask(library, {"any": [{"medicine": "lorazepam"}, epilepsy]}, about, known).rests_on == ("Condition/1",)


def test_a_group_names_what_it_lacked_and_assumes_what_its_parts_assume(library: Library) -> None:
    known = facts(told={"conditions": Told.NOT})
    about = order("clobazam", Change.START)
    asked = {"problem": "epilepsy", "state": ["active"]}
    assert ask(library, {"all": [asked]}, about, known) == Answer(UNKNOWN, (), "conditions")
    assert ask(library, {"all": [asked | {"unknown": "no"}]}, about, known).truth is NO


@pytest.mark.parametrize("table", [{"unless": []}, {"all": "once"}, {"all": [{}]}, {"once": "yes"}, {"nothing": 1}])
def test_what_is_no_criterion_is_refused(table: dict[str, Any]) -> None:
    with pytest.raises(KnowledgeFault):
        read_criterion(table, "here", None)


# --- how long


@pytest.mark.parametrize(
    ("since", "told", "truth", "missing"),
    [
        (days_ago(89), Told.WHOLE, YES, None),
        (days_ago(88), Told.WHOLE, NO, None),
        (days_ago(88), Told.PART, UNKNOWN, "medications"),
        (days_ago(89), Told.PART, YES, None),
        (None, Told.WHOLE, UNKNOWN, "duration"),
    ],
)
def test_length_of_use(library: Library, since: date | None, told: Told, truth: Truth, missing: str | None) -> None:
    known = facts(use("lorazepam", since=since, daily="1"), told={"medications": told})
    answer = ask(library, {"continuous": {"at_least": 90, "unit": "d"}}, order("lorazepam", Change.CONTINUE), known)
    assert (answer.truth, answer.missing) == (truth, missing)


def test_a_short_use_is_not_proven_by_part_of_the_medicines(library: Library) -> None:
    known = facts(use("lorazepam", since=days_ago(3), daily="1"), told={"medications": Told.PART})
    answer = ask(library, {"continuous": {"at_most": 28, "unit": "d"}}, order("lorazepam", Change.CONTINUE), known)
    assert answer.truth is UNKNOWN


@pytest.mark.parametrize(
    ("medicine", "reasons", "problems", "truth"),
    [
        ("oxazepam", (), (), YES),
        ("oxazepam", ({"anxiety"},), (), NO),
        ("oxazepam", (), ("anxiety",), NO),
        ("oxazepam", (), ("anxiety", "insomnia"), YES),
        ("oxazepam", ({"insomnia"},), ("anxiety",), YES),
        ("zolpidem", (), ("anxiety",), YES),
        ("zolpidem", ({"anxiety"},), (), NO),
    ],
)
def test_forty_days_are_past_the_guideline_but_not_for_anxiety(
    library: Library, medicine: str, reasons: tuple[set[str], ...], problems: tuple[str, ...], truth: Truth
) -> None:
    listed = tuple(Problem(f"Condition/{p}", frozenset({p}), State.ACTIVE, True) for p in problems)
    known = facts(use(medicine, since=days_ago(39), daily="10"), problems=listed)
    about = order(medicine, Change.CONTINUE, reasons=tuple(Reason(frozenset(r)) for r in reasons))
    assert ask(library, {"past_guideline": {"days": 28, "for_anxiety": 84}}, about, known).truth is truth


def test_in_use_and_dated(library: Library) -> None:
    about = order("lorazepam", Change.CONTINUE)
    undated = facts(use("lorazepam", daily="1"))
    assert ask(library, {"in_use": True}, about, undated).truth is YES
    assert ask(library, {"dated": False}, about, undated).truth is YES
    ended = facts(use("lorazepam", since=days_ago(90), until=days_ago(14), daily="1"))
    assert ask(library, {"in_use": True}, about, ended).truth is YES
    assert ask(library, {"in_use": True}, about, facts()).truth is NO
    assert ask(library, {"in_use": True}, about, facts(told={"medications": Told.NOT})).missing == "medications"


@pytest.mark.parametrize(("until", "truth"), [(27, YES), (28, NO), (None, NO)])
def test_a_planned_end_counts_today_and_the_last_day(library: Library, until: int | None, truth: Truth) -> None:
    end = None if until is None else TODAY + timedelta(days=until)
    about = order("lorazepam", Change.START, period=Period(TODAY, end))
    assert ask(library, {"planned_end": {"at_most": 28, "unit": "d"}}, about, facts()).truth is truth
    assert ask(library, {"planned_end": True}, about, facts()).truth is (NO if until is None else YES)


# --- how much


def test_the_peak_is_the_highest_dose_in_force_not_only_begun_in_the_window(library: Library) -> None:
    doses = (DatedDose(days_ago(900), mg("2")), DatedDose(days_ago(20), mg("1")))
    known = facts(use("lormetazepam", since=days_ago(900), daily="1", doses=doses))
    table = {"lowered_to": {"below": 100, "unit": "%", "last": 90}}
    assert ask(library, table, order("lormetazepam", Change.CONTINUE), known).truth is YES


@pytest.mark.parametrize(
    ("ordered", "truth", "missing"),
    [("44.9", YES, None), ("45", NO, None), ("90", NO, None), (None, UNKNOWN, "dose"), ("40-50", UNKNOWN, "dose")],
)
def test_how_much_less_an_order_is_than_the_dose_in_use(
    library: Library, ordered: str | None, truth: Truth, missing: str | None
) -> None:
    taken = use("baclofen", since=days_ago(900), daily="60", doses=(DatedDose(days_ago(900), mg("60")),))
    about = order("baclofen", Change.LOWER, dosage=Dosage(daily=mg(ordered) if ordered else None))
    answer = ask(library, {"lowered_by": {"above": 15, "unit": "mg/d"}}, about, facts(taken))
    assert (answer.truth, answer.missing) == (truth, missing)
    assert ask(library, {"lowered_by": {"above": 15, "unit": "mg/d"}}, taken, facts(taken)).truth is NO


def test_a_dose_of_a_course_that_ended_long_before_is_no_peak(library: Library) -> None:
    old = use("lormetazepam", since=days_ago(900), until=days_ago(800), doses=(DatedDose(days_ago(900), mg("2")),))
    now = use("lormetazepam", since=days_ago(40), daily="1", doses=(DatedDose(days_ago(40), mg("1")),))
    table = {"lowered_to": {"below": 100, "unit": "%", "last": 90}}
    assert ask(library, table, order("lormetazepam", Change.CONTINUE), facts(old, now)).truth is NO


@pytest.mark.parametrize(
    ("medicine", "daily", "end", "truth", "missing"),
    [
        ("lorazepam", "2.5", "both", UNKNOWN, "tables-differ"),
        ("lorazepam", "2.5", "high", YES, None),
        ("lorazepam", None, "high", UNKNOWN, "dose"),
        ("cloxazolam", "2", "high", UNKNOWN, "equivalent"),
        ("diazepam", "20", "both", YES, None),
        ("diazepam", "19.5", "high", NO, None),
    ],
)
def test_diazepam_equivalents(
    library: Library, medicine: str, daily: str | None, end: str, truth: Truth, missing: str | None
) -> None:
    about = use(medicine, since=days_ago(100), daily=daily)
    bound = {"at_least": 20, "unit": "mg/d"} | ({"end": end} if end != "both" else {})
    answer = ask(library, {"diazepam_equivalent": bound}, about, facts(about))
    assert (answer.truth, answer.missing) == (truth, missing)


def test_what_is_stopped_in_the_same_call_and_what_is_no_daily_dose_do_not_add_up(library: Library) -> None:
    about = order("diazepam", Change.START, dosage=Dosage(daily=mg("10")))
    stop = order("lorazepam", Change.STOP, replaces=("MedicationRequest/lorazepam",))
    uses = (
        use("lorazepam", since=days_ago(100), daily="2"),
        use("midazolam", since=days_ago(1), daily="15", route="intravenous"),
        use("temazepam", since=days_ago(1), dosage=Dosage(daily=mg("20"), once=True)),
    )
    known = facts(*uses, orders=(about, stop))
    bound = {"at_least": 20, "unit": "mg/d", "end": "high"}
    assert ask(library, {"diazepam_equivalent": bound}, about, known).truth is NO
    assert ask(library, {"beside": "bzra"}, about, known).truth is NO
    assert ask(library, {"use": "bzra"}, about, known).truth is YES


def test_multiples_of_the_defined_dose(library: Library) -> None:
    three = order("zolpidem", Change.CONTINUE, dosage=Dosage(daily=mg("30")))
    more = order("zolpidem", Change.CONTINUE, dosage=Dosage(daily=mg("30.1")))
    none = order("cloxazolam", Change.CONTINUE, dosage=Dosage(daily=mg("1")))
    table = {"defined_doses": {"at_most": 3, "unit": "DDD/d"}}
    assert [ask(library, table, about, facts()).truth for about in (three, more, none)] == [YES, NO, UNKNOWN]


# --- who, where


@pytest.mark.parametrize(
    ("ordering", "before", "truth"),
    [
        ("Practitioner/2", "Practitioner/1", YES),
        ("Practitioner/1", "Practitioner/1", NO),
        ("PractitionerRole/2", "Practitioner/1", NO),
        (None, "Practitioner/1", UNKNOWN),
    ],
)
def test_prescribers_are_told_apart_only_where_they_are_told_alike(
    library: Library, ordering: str | None, before: str, truth: Truth
) -> None:
    known = facts(use("lorazepam", since=days_ago(100), daily="1", requesters=frozenset({before})))
    about = order("lorazepam", Change.CONTINUE, requester=ordering)
    table = {"prescribers": {"at_least": 2, "unit": "1"}, "of": "bzra"}
    assert ask(library, table, about, known).truth is truth


def test_the_order_tells_its_setting_before_the_contact_does(library: Library) -> None:
    known = facts(encounter=Encounter("Encounter/1", "inpatient"))
    table = {"setting": "inpatient"}
    assert ask(library, table, order("lorazepam", Change.START), known).truth is YES
    assert ask(library, table, order("lorazepam", Change.START, setting="outpatient"), known).truth is NO
    assert ask(library, table, order("lorazepam", Change.START), facts()).missing == "encounter"


PUMP = frozenset({"intrathecal-pump"})


@pytest.mark.parametrize(
    ("known", "truth", "missing"),
    [
        (facts(devices=(Device("Device/1", PUMP),)), YES, None),
        (facts(devices=(Device("Device/1", PUMP, in_place=False),)), NO, None),
        (facts(procedures=(Procedure("Procedure/1", PUMP, True),)), YES, None),
        (facts(procedures=(Procedure("Procedure/1", PUMP, False),)), NO, None),
        (facts(procedures=(Procedure("Procedure/1", PUMP, True, removes=True),)), NO, None),
        (facts(use("baclofen", since=days_ago(9), route="intrathecal")), YES, None),
        (facts(), NO, None),
        (facts(told={"devices": Told.NOT}), NO, None),
        (facts(told={"devices": Told.NOT, "procedures": Told.NOT}), UNKNOWN, "pump"),
        (facts(told=dict.fromkeys(WHOLE, Told.NOT)), UNKNOWN, "devices"),
    ],
)
def test_a_pump_in_place(library: Library, known: Facts, truth: Truth, missing: str | None) -> None:
    answer = ask(library, {"pump": "intrathecal-pump"}, order("baclofen", Change.START), known)
    assert (answer.truth, answer.missing) == (truth, missing)
