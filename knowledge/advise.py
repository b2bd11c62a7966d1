"""Facts in, advice out: the one door to the rules. Pure, so every entrance gives the same advice for the same facts."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from knowledge.facts import Change, Examination, Facts, Order, Use
from knowledge.library import Library
from knowledge.match import judge
from knowledge.medicine import Medicines
from knowledge.outcome import GIVES_WAY, Advise, Crashed, Judgement, Outcome, RuleOutcome, StayQuiet, Subject
from knowledge.rule import ORDER_HOOKS, Rule

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Advice:
    """Every rule's outcome on every order or use that was judged, and the version of the knowledge that judged."""

    knowledge: str
    judgements: tuple[Judgement, ...]


def advise(
    library: Library,
    hook: str,
    facts: Facts,
    only: frozenset[str] | None = None,
    between: Callable[[], None] = lambda: None,
) -> Advice:
    """Judge the orders (or, on a hook where nothing is ordered, the current uses).

    `only` names the references of the orders to judge; the others are background. A rule that fails ends as Crashed
    and takes no other rule with it. `between` is called before each of them: by raising, a caller can give up.
    """
    if hook in ORDER_HOOKS:
        ordered: tuple[Order | Examination, ...] = (*facts.orders, *facts.examinations)
        subjects: list[Order | Use | Examination] = [o for o in ordered if only is None or o.reference in only]
    else:
        subjects = [use for use in facts.uses if use.current]
    judgements = []
    for about in subjects:
        between()
        judgements.append(_judgement(library, hook, about, facts))
    return Advice(library.version, tuple(judgements))


def _judgement(library: Library, hook: str, about: Order | Use | Examination, facts: Facts) -> Judgement:
    judging, outcomes = _Judging(about, facts, library.medicines), []
    examinations = about.lists if isinstance(about, Examination) else ()
    is_order, is_use = isinstance(about, Order), isinstance(about, Use)
    for rule in rules_for(library, hook, [about.medicine], examinations):
        if (is_use and not rule.judges.use) or (is_order and not rule.judges.order):
            continue
        outcome = _yield(rule, judging.by(rule), judging.spoken)
        judging.spoken[rule.id] = outcome.outcome
        outcomes.append(outcome)
    return Judgement(about, tuple(outcomes))


class _Judging:
    """One order or use, judged by one rule after another. `spoken` is what they said so far."""

    def __init__(self, about: Order | Use | Examination, facts: Facts, medicines: Medicines) -> None:
        self._about, self._facts, self._medicines = about, facts, medicines
        self._subjects: dict[tuple[str, frozenset[str]], Subject] = {}
        self.spoken: dict[str, Outcome] = {}

    def by(self, rule: Rule) -> RuleOutcome:
        try:
            return judge(rule, self._subject(rule), self._facts, self._medicines)
        except Exception as error:  # noqa: BLE001 - whatever a rule does wrong, the prescriber is told it was not checked
            log.error("rule failed", extra={"rule": rule.id, "error": type(error).__name__})
            return RuleOutcome(rule.id, rule.version, Crashed(type(error).__name__))

    def _subject(self, rule: Rule) -> Subject:
        """The same for all rules that count the same uses, so that one finds what another has asked of it."""
        key = (rule.judges.medicine, rule.judges.course_without)
        if key not in self._subjects:
            course = course_of(rule, self._about, self._facts, self._medicines)
            self._subjects[key] = Subject(self._about, course, self.spoken)
        return self._subjects[key]


def rules_for(library: Library, hook: str, medicines: Iterable[str], examinations: Iterable[str] = ()) -> list[Rule]:
    """The rules that speak at this hook about any of these medicines or examinations, each after the ones it rests
    on."""
    speaking: frozenset[str] = frozenset().union(
        *(_speaking_of(library, hook, medicine) for medicine in set(medicines))
    )
    key = ("all rules", hook, speaking, frozenset(examinations))
    found: list[Rule] | None = library.memory.get(key)
    if found is None:
        found = [rule for rule in library.rules if rule.id in speaking or _is_of_examination(rule, hook, key[-1])]
        library.memory[key] = found
    return found


def _is_of_examination(rule: Rule, hook: str, examinations: frozenset[str]) -> bool:
    return hook in rule.hooks and not rule.judges.examinations.isdisjoint(examinations)


def _speaking_of(library: Library, hook: str, medicine: str) -> frozenset[str]:
    """The rules that speak at this hook about a medicine: looked for once."""
    known: frozenset[str] | None = library.memory.get(("rules", hook, medicine))
    if known is None:
        speaks = (rule for rule in library.rules if medicine and hook in rule.hooks)
        known = frozenset(r.id for r in speaks if library.medicines.is_any(medicine, {r.judges.medicine}))
        library.memory["rules", hook, medicine] = known
    return known


def course_of(rule: Rule, about: Order | Use | Examination, facts: Facts, medicines: Medicines) -> tuple[Use, ...]:
    """The uses whose length counts: of the same medicine, and those of the judged class that have ended, since changing
    from one BZRA to another ends no dependence. Another one that goes on has a length of its own. What the rule leaves
    out of the course counts only while it is itself judged."""
    judges = rule.judges

    def course() -> tuple[Use, ...]:
        stopped = facts.once("stopped", lambda: _stopped(facts))
        return tuple(
            use
            for use in facts.uses
            if medicines.is_any(use.medicine, {judges.medicine})
            and (use.medicine == about.medicine or not (_goes_on(use, stopped) or _is_left_out(rule, use, medicines)))
        )

    return facts.once(("course", judges.medicine, judges.course_without, about.medicine), course)


def _stopped(facts: Facts) -> set[str]:
    """The prescriptions that orders of this call stop."""
    return {reference for order in facts.orders if order.changes == {Change.STOP} for reference in order.replaces}


def _goes_on(use: Use, stopped: set[str]) -> bool:
    return use.current and stopped.isdisjoint(use.references)


def _is_left_out(rule: Rule, use: Use, medicines: Medicines) -> bool:
    return medicines.is_any(use.medicine, rule.judges.course_without)


def _yield(rule: Rule, outcome: RuleOutcome, spoken: dict[str, Outcome]) -> RuleOutcome:
    """A rule gives way to another that speaks; and to one that failed, since nobody knows what it would have said."""
    if isinstance(outcome.outcome, Advise):
        for other in rule.yields_to:
            if isinstance(spoken.get(other), Advise | Crashed):
                return RuleOutcome(
                    rule.id, rule.version, StayQuiet(f"{other}{GIVES_WAY}"), outcome.trace, outcome.rests_on
                )
    return outcome
