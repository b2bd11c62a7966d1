"""Questions about the problem list."""

from knowledge.criteria.form import Answer, Criterion, Reader, Table, wanted_flag
from knowledge.facts import Facts, Problem, State, Told
from knowledge.fault import fail, texts_of
from knowledge.medicine import Medicines
from knowledge.outcome import Subject
from knowledge.truth import NO, UNKNOWN, YES, Truth

_NURSING_HOME = "nursing-home"


def _problem(table: Table, where: str, text: str, unknown: Truth | None) -> Criterion:
    """The problem list holds one of these lists, in one of these states. `sure = true` leaves provisional ones out;
    `not_for` does not ask it of these medicines or classes."""
    lists = frozenset(texts_of(table, "problem", where))
    states = frozenset(State(state) for state in _states(table, where))
    sure = table.get("sure") is True
    not_for = frozenset(texts_of(table, "not_for", where))

    def judge(subject: Subject, facts: Facts, medicines: Medicines) -> Answer:
        if not_for and medicines.is_any(subject.about.medicine, not_for):
            return Answer(NO)
        return listed(facts, lists, states, sure=sure)

    needs = frozenset({"conditions"})
    return Criterion(text, judge, needs=needs, lists=lists, medicines=not_for, unknown=unknown)


def listed(facts: Facts, lists: frozenset[str], states: frozenset[State], *, sure: bool = False) -> Answer:
    """Whether the problem list holds one of `lists` in one of `states`."""
    return facts.once(("listed", lists, states, sure), lambda: _listed(facts, lists, states, sure=sure))


def _listed(facts: Facts, lists: frozenset[str], states: frozenset[State], *, sure: bool) -> Answer:
    found = [p for p in facts.problems if p.lists & lists and (not sure or (p.sure and p.lists & lists - p.unsure))]
    matching = [p for p in found if p.state in states]
    if matching:
        return Answer(YES, _references(matching))
    unclear = [p for p in found if p.state is State.UNCLEAR]
    if unclear:
        return Answer(UNKNOWN, _references(unclear), "state")
    if facts.told.get("conditions", Told.NOT) is Told.WHOLE:
        return Answer(NO, _references(found))
    return Answer(UNKNOWN, (), "conditions")


def _states(table: Table, where: str) -> tuple[str, ...]:
    states = texts_of(table, "state", where)
    if not states or any(state not in tuple(State) for state in states):
        fail(where, "state is missing or not known.", f"Use some of: {', '.join(State)}.")
    return states


def _nursing_home(table: Table, where: str, text: str, unknown: Truth | None) -> Criterion:
    """The patient lives in a nursing home, as the patient's data or the problem list say."""
    wanted = wanted_flag(table, "nursing_home", where)

    def judge(_subject: Subject, facts: Facts, _medicines: Medicines) -> Answer:
        lives = facts.patient.nursing_home
        answer = listed(facts, frozenset({_NURSING_HOME}), frozenset({State.ACTIVE, State.UNCLEAR}))
        if lives is not None:
            answer = Answer(YES if lives else NO, (facts.patient.reference,))
        return answer if wanted else answer._replace(truth=~answer.truth)

    return Criterion(text, judge, needs=frozenset({"conditions"}), lists=frozenset({_NURSING_HOME}), unknown=unknown)


def _references(problems: list[Problem]) -> tuple[str, ...]:
    return tuple(problem.reference for problem in problems)


WORDS: dict[str, tuple[Reader, tuple[str, ...]]] = {
    "problem": (_problem, ("state", "sure", "not_for")),
    "nursing_home": (_nursing_home, ()),
}
