"""One rule on one subject: unless first, then the blocks from the top; the first that holds speaks."""

from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.advise import advise
from knowledge.criteria import Criterion
from knowledge.criteria.medicine import NOT_SWALLOWED
from knowledge.facts import Change, Facts, Order, Told
from knowledge.library import Library, read_library
from knowledge.outcome import Advise, CannotTell, Outcome, RuleOutcome, StayQuiet
from knowledge.rule import Block, Rule
from knowledge.sketch import Case
from knowledge.truth import Truth
from tests.knowledge.sketched import facts_of, judged, rule_of

LIBRARY = read_library()
CASES = [case for cases in LIBRARY.cases.values() for case in cases]

ORDER = 'order = {medicine = "baclofen", daily = "30 mg", change = "start", route = "oral"}\n'
EPILEPSY = '{problem = "epilepsy", state = ["active"]}'
COPD = '{problem = "copd", state = ["active"]}'
UNTOLD = 'not_told = ["conditions"]'
ALWAYS = '{medicine = "baclofen"}'
NEVER = '{medicine = "bzra"}'


def block(say: str, **parts: str) -> str:
    lines = "".join(f"{key} = [{criteria}]\n" for key, criteria in parts.items())
    return f'[[speak]]\nsay = "{say}"\nindicator = "info"\n{lines}'


def problems(*names: str) -> str:
    listed = ", ".join(f'{{list = "{name}", state = "active"}}' for name in names)
    return f"problems = [{listed}]\n"


def said(body: str, sketch: str = "") -> Outcome:
    return judged(LIBRARY, rule_of(body), facts_of(ORDER + sketch)).outcome


def test_the_first_block_that_holds_speaks() -> None:
    rule = block("never", all=NEVER) + block("first", all=ALWAYS) + block("second", all=ALWAYS)

    outcome = said(rule)

    assert isinstance(outcome, Advise)
    assert (outcome.say, outcome.undecided, outcome.gaps) == ("first", (), ())


def test_advice_bears_all_that_its_block_says() -> None:
    more = 'indicator = "warning"\nsuggest = ["discuss", "letter"]\nleads = false\n'
    rule = rule_of(block("yes", all=ALWAYS).replace('indicator = "info"\n', more))

    result = judged(LIBRARY, rule, facts_of(ORDER))

    assert result.outcome == Advise("yes", "warning", suggest=("discuss", "letter"), leads=False)
    assert (result.rule, result.version) == (rule.id, rule.version)


def test_a_gap_names_the_rule_that_lacked_it_and_every_criterion_its_block() -> None:
    rule = rule_of(block("perhaps", all=EPILEPSY, unless=COPD) + block("surely", all=ALWAYS))

    result = judged(LIBRARY, rule, facts_of(ORDER + UNTOLD))

    assert isinstance(result.outcome, Advise)
    assert [gap.rule for gap in result.outcome.gaps] == [rule.id]
    assert {finding.block for finding in result.trace} == {"judges", "perhaps", "surely"}


@pytest.mark.parametrize(
    ("parts", "speaks"),
    [
        ({"all": f"{ALWAYS}, {ALWAYS}"}, True),
        ({"all": f"{ALWAYS}, {NEVER}"}, False),
        ({"any": f"{NEVER}, {ALWAYS}"}, True),
        ({"any": f"{NEVER}, {NEVER}"}, False),
        ({"all": ALWAYS, "unless": NEVER}, True),
        ({"all": ALWAYS, "unless": f"{NEVER}, {ALWAYS}"}, False),
        ({"all": ALWAYS, "any": NEVER}, False),
    ],
)
def test_a_block_is_all_and_any_and_not_unless(parts: dict[str, str], speaks: bool) -> None:
    assert isinstance(said(block("yes", **parts)), Advise if speaks else StayQuiet)


def test_unless_ends_the_whole_rule_and_is_named_as_the_reason() -> None:
    outcome = said(f"unless = [{NEVER}, {ALWAYS}]\n" + block("yes", all=ALWAYS))

    assert outcome == StayQuiet("unless: medicine = baclofen")


def test_what_the_rule_does_not_judge_is_named_as_the_reason() -> None:
    rule = rule_of(block("yes", all=ALWAYS), 'judges = {order = "baclofen", change = ["stop"]}\n')

    assert judged(LIBRARY, rule, facts_of(ORDER)).outcome == StayQuiet("judges: change = ['stop']")


def test_not_told_is_not_no() -> None:
    assert said(block("yes", all=EPILEPSY)) == StayQuiet("none of what it speaks about holds")
    assert said(block("yes", all=EPILEPSY), UNTOLD) == CannotTell(("conditions",))
    assert said(block("yes", all=ALWAYS, unless=EPILEPSY), UNTOLD) == CannotTell(("conditions",))
    assert said(f"unless = [{EPILEPSY}]\n" + block("yes", all=ALWAYS), UNTOLD) == CannotTell(("conditions",))


def test_a_block_below_an_undecided_one_speaks_and_says_what_was_missing() -> None:
    outcome = said(block("perhaps", all=EPILEPSY) + block("surely", all=ALWAYS), UNTOLD)

    assert isinstance(outcome, Advise)
    assert outcome.say == "surely"
    assert outcome.undecided == ("perhaps",)
    assert outcome.missing == ("conditions",)
    assert [gap.missing for gap in outcome.gaps] == ["conditions"]


@pytest.mark.parametrize(("assumed", "outcome"), [("yes", StayQuiet), ("no", Advise)])
def test_a_rule_may_say_what_not_told_means_and_the_gap_stays(assumed: str, outcome: type) -> None:
    criterion = EPILEPSY.replace("}", f', unknown = "{assumed}"}}')
    rule = rule_of(f"unless = [{criterion}]\n" + block("yes", all=ALWAYS))

    result = judged(LIBRARY, rule, facts_of(ORDER + UNTOLD))

    assert isinstance(result.outcome, outcome)
    assert [(f.truth, f.assumed, f.missing) for f in result.trace if f.block == "unless"] == [
        (Truth.UNKNOWN, True, "conditions")
    ]
    if isinstance(result.outcome, Advise):
        assert [gap.missing for gap in result.outcome.gaps] == ["conditions"]


@pytest.mark.parametrize(
    ("body", "sketch"),
    [
        # What the rule has assumed is not what it waits for.
        ('unless = [{reason = "epilepsy", unknown = "no"}]\n' + block("yes", all=EPILEPSY), UNTOLD),
        # A block that another criterion has already decided waits for nothing.
        (block("no", all=f'{NEVER}, {{reason = "epilepsy"}}') + block("yes", all=EPILEPSY), UNTOLD),
        # One of several is enough.
        (block("yes", any=f'{ALWAYS}, {{reason = "epilepsy"}}', all=EPILEPSY), UNTOLD),
        # A route nobody gave is of no matter where the route was not asked for in the block that is open.
        (block("no", any=f'{{reason = "epilepsy"}}, {NEVER}', all=NEVER) + block("yes", all=EPILEPSY), UNTOLD),
    ],
)
def test_cannot_tell_names_only_what_would_decide(body: str, sketch: str) -> None:
    assert said(body, sketch) == CannotTell(("conditions",))


def test_everything_that_would_decide_is_named_once() -> None:
    body = block("a", all=f'{EPILEPSY}, {{use = "opioid"}}') + block("b", all=COPD)

    assert said(body, 'not_told = ["conditions", "medications"]') == CannotTell(("conditions", "medications"))


def test_every_criterion_stands_in_the_trace_as_it_is_written() -> None:
    rule = rule_of(f"unless = [{EPILEPSY}]\n" + block("yes", any=f"{ALWAYS}, {COPD}"))

    result = judged(LIBRARY, rule, facts_of(ORDER + problems("copd")))

    assert [(f.block, f.criterion, f.truth) for f in result.trace] == [
        ("judges", "change = ['continue', 'lower', 'raise', 'start', 'stop']", Truth.YES),
        ("unless", "problem = epilepsy, state = ['active']", Truth.NO),
        ("yes", "medicine = baclofen", Truth.YES),
        ("yes", "problem = copd, state = ['active']", Truth.YES),
    ]
    assert result.rests_on[-1] == (3, ("Condition/1",))


NOTES = (
    block("against", all=COPD) + block("question", all=ALWAYS) + f'[[note]]\nnote = "seizures"\nall = [{EPILEPSY}]\n'
)


def test_a_note_is_added_where_it_holds_and_never_makes_a_rule_speak() -> None:
    spoken = said(NOTES, problems("epilepsy"))
    silent = said(NOTES)
    untold = said(NOTES, UNTOLD)

    assert [o.notes if isinstance(o, Advise) else None for o in (spoken, silent, untold)] == [("seizures",), (), ()]


@pytest.mark.parametrize(("names", "notes"), [(("epilepsy", "copd"), ("seizures",)), (("epilepsy",), ())])
def test_a_note_may_go_with_one_say_only(names: tuple[str, ...], notes: tuple[str, ...]) -> None:
    outcome = said(NOTES + 'with = ["against"]\n', problems(*names))

    assert isinstance(outcome, Advise)
    assert outcome.notes == notes


# --- Over every worked case: telling less never turns advice into silence, or silence into advice, unless by assumption.


@dataclass(frozen=True)
class Less:
    """What of a case is told. Of a list told in part, the entries at the places in `kept` are."""

    conditions: Told
    medications: Told
    kept: frozenset[int]
    reasons: bool
    route: bool
    dose: bool
    born: bool


less_told = st.builds(
    Less,
    st.sampled_from(Told),
    st.sampled_from(Told),
    st.frozensets(st.integers(0, 5)),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)


def with_less(facts: Facts, less: Less) -> Facts:
    """The same patient, of whom less was told. What is being judged stays."""
    conditions = least_told(facts.told["conditions"], less.conditions)
    medications = least_told(facts.told["medications"], less.medications)
    uses = [
        use
        for place, use in enumerate(facts.uses)
        if is_told(medications, place, less) or (not facts.orders and place == 0)
    ]
    told = {**facts.told, "conditions": conditions, "medications": medications}
    if not conditions is medications is Told.WHOLE:
        # Devices or procedures told whole prove that there is no pump (DESIGN, absence in a complete list), also where a
        # problem or a use would have named one: they are told with the others, or not at all.
        facts, told = replace(facts, devices=(), procedures=()), {**told, "devices": Told.NOT, "procedures": Told.NOT}
    return replace(
        facts,
        orders=tuple(order_with_less(order, less) for order in facts.orders),
        uses=tuple(uses),
        problems=tuple(p for place, p in enumerate(facts.problems) if is_told(conditions, place, less)),
        told=told,
        patient=facts.patient if less.born else replace(facts.patient, born=None),
    )


def least_told(*told: Told) -> Told:
    return min(told, key=(Told.NOT, Told.PART, Told.WHOLE).index)


def is_told(told: Told, place: int, less: Less) -> bool:
    return told is Told.WHOLE or (told is Told.PART and place in less.kept)


def order_with_less(order: Order, less: Less) -> Order:
    """A route of rescue or sedation stays told: every rule takes a route nobody gave for the usual one."""
    changes = order.changes
    if less.medications is not Told.WHOLE and Change.STOP not in changes:
        changes = frozenset({Change.START, Change.CONTINUE, Change.RAISE, Change.LOWER})
    return replace(
        order,
        changes=changes,
        reasons=order.reasons if less.reasons else (),
        route=order.route if less.route or order.route in NOT_SWALLOWED else None,
        dosage=order.dosage if less.dose else replace(order.dosage, daily=None, ceiling=None),
    )


def without_assumptions(library: Library) -> Library:
    def bare(criteria: tuple[Criterion, ...]) -> tuple[Criterion, ...]:
        return tuple(replace(criterion, unknown=None) for criterion in criteria)

    def block_of(b: Block) -> Block:
        return replace(b, all=bare(b.all), any=bare(b.any), unless=bare(b.unless))

    def rule_without(rule: Rule) -> Rule:
        speak = tuple(block_of(b) for b in rule.speak)
        return replace(rule, unless=bare(rule.unless), speak=speak, judges=replace(rule.judges, unknown=None))

    return replace(library, rules=tuple(rule_without(rule) for rule in library.rules))


STRICT = without_assumptions(LIBRARY)


def outcomes(library: Library, case: Case, facts: Facts) -> dict[str, RuleOutcome]:
    judgements = advise(library, case.hook, facts).judgements
    return {outcome.rule: outcome for outcome in judgements[0].outcomes} if judgements else {}


@settings(deadline=None)
@given(st.sampled_from(CASES), less_told)
def test_a_rule_that_assumes_nothing_never_changes_its_mind_when_more_is_told(case: Case, less: Less) -> None:
    told, untold = outcomes(STRICT, case, case.facts), outcomes(STRICT, case, with_less(case.facts, less))

    for rule, before in untold.items():
        if not isinstance(before.outcome, CannotTell) and not gives_way_now(rule, told, untold):
            assert type(told[rule].outcome) is type(before.outcome), rule


def gives_way_now(rule: str, told: dict[str, RuleOutcome], untold: dict[str, RuleOutcome]) -> bool:
    """Whether it would have spoken, and steps aside only for a rule that could not tell before."""
    outcome = told[rule].outcome
    others = LIBRARY.by_id[rule].yields_to
    return (
        isinstance(untold[rule].outcome, Advise)
        and isinstance(outcome, StayQuiet)
        and any(
            isinstance(told[other].outcome, Advise) and isinstance(untold[other].outcome, CannotTell)
            for other in others
            if other in told
        )
    )


@settings(deadline=None)
@given(st.sampled_from(CASES), less_told)
def test_a_rule_that_turns_between_advice_and_silence_has_said_what_it_assumed(case: Case, less: Less) -> None:
    told, untold = outcomes(LIBRARY, case, case.facts), outcomes(LIBRARY, case, with_less(case.facts, less))

    for rule, before in untold.items():
        kinds = {type(told[rule].outcome), type(before.outcome)}
        if kinds == {Advise, StayQuiet}:
            assert any(finding.assumed and finding.missing for finding in before.trace) or rests_on_assuming(
                rule, untold
            )


def rests_on_assuming(rule: str, outcomes: dict[str, RuleOutcome]) -> bool:
    return any(f.assumed for other in LIBRARY.by_id[rule].rests_on for f in outcomes[other].trace)
