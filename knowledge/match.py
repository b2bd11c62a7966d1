"""One rule on one subject: three-valued, with a trace of every criterion.

The rule's `unless` and what it judges come first, then the speak blocks from the top. The first block that is true
speaks, and carries the gaps of what stood above it. None true and any unknown: the rule cannot tell, and names what
was missing where nothing else had decided; what a rule has assumed (`unknown = "no"`) is not among it.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cache

from knowledge.criteria import Criterion, answer_to, changed_by
from knowledge.facts import Change, Facts, Gap, Order
from knowledge.medicine import Medicines
from knowledge.outcome import Advise, CannotTell, Finding, Outcome, RuleOutcome, StayQuiet, Subject, finding
from knowledge.rule import Block, Rule
from knowledge.truth import NO, UNKNOWN, YES, Truth, all_of, any_of

_Combine = Callable[[Iterable[Truth]], Truth]


def judge(rule: Rule, subject: Subject, facts: Facts, medicines: Medicines) -> RuleOutcome:
    """Judge one rule. Pure: the same facts give the same outcome and the same trace."""
    matching = _Matching(rule, subject, facts, medicines)
    outcome = matching.outcome()
    return RuleOutcome(rule.id, rule.version, outcome, tuple(matching.trace), tuple(matching.rests_on))


class _Matching:
    def __init__(self, rule: Rule, subject: Subject, facts: Facts, medicines: Medicines) -> None:
        self.rule, self.subject, self.facts, self.medicines = rule, subject, facts, medicines
        self.trace: list[Finding] = []
        self.rests_on: list[tuple[int, tuple[str, ...]]] = []
        self.open: list[str] = []  # what was missed where nothing else decided

    def outcome(self) -> Outcome:
        allowed = all_of([self._is_judged(), ~self._ask("unless", any_of, self.rule.unless)])
        if allowed is NO:
            return StayQuiet(self._decisive("judges", NO) or self._decisive("unless", YES) or "")
        undecided: list[str] = []
        for block in self.rule.speak:
            before = len(self.open)
            holds = all_of((allowed, self._holds(block)))
            if holds is YES:
                return self._speak(block, undecided)
            if holds is NO:
                del self.open[before:]
            else:
                undecided.append(block.name)
        if undecided:
            return CannotTell(tuple(dict.fromkeys(self.open)))
        return StayQuiet("none of what it speaks about holds")

    def _is_judged(self) -> Truth:
        if not isinstance(self.subject.about, Order):
            return YES
        judges = self.rule.judges
        answer = changed_by(self.subject, judges.change)
        truth = self._note_down("judges", _written(judges.change), judges.unknown, *answer)
        if truth is UNKNOWN and answer.missing:
            self.open.append(answer.missing)
        return truth

    def _speak(self, block: Block, undecided: Iterable[str]) -> Advise:
        gaps = tuple(dict.fromkeys(Gap(name, rule=self.rule.id) for name in self._missing()))
        missing = tuple(dict.fromkeys(self.open))
        notes = tuple(
            note.name
            for note in self.rule.notes
            if (not note.says or block.name in note.says) and self._holds(note) is YES
        )
        undecided = tuple(undecided)
        return Advise(block.name, block.indicator, block.suggest, notes, gaps, undecided, missing, block.leads)

    def _holds(self, block: Block) -> Truth:
        every = self._ask(block.name, all_of, block.all)
        some = self._ask(block.name, any_of, block.any) if block.any else YES
        none = ~self._ask(block.name, any_of, block.unless) if block.unless else YES
        return all_of((every, some, none))

    def _ask(self, block: str, combine: _Combine, criteria: Sequence[Criterion]) -> Truth:
        """Every criterion is asked, so that the trace is whole, also where the first has decided."""
        truths, missed = [], []
        for criterion in criteria:
            truth, rests_on, missing = answer_to(criterion, self.subject, self.facts, self.medicines)
            truths.append(self._note_down(block, criterion.text, criterion.unknown, truth, rests_on, missing))
            if missing and truths[-1] is UNKNOWN:
                missed.append(missing)
        truth = combine(truths)
        if missed and truth is UNKNOWN:
            self.open += missed
        return truth

    def _note_down(
        self,
        block: str,
        text: str,
        unknown: Truth | None,
        truth: Truth,
        rests_on: tuple[str, ...] = (),
        missing: str | None = None,
    ) -> Truth:
        assumed = truth is UNKNOWN and unknown is not None
        if rests_on:
            self.rests_on.append((len(self.trace), rests_on))
        self.trace.append(finding(block, text, truth, missing, assumed))
        return unknown if assumed and unknown is not None else truth

    def _decisive(self, block: str, truth: Truth) -> str | None:
        """The first criterion of `block` that came out as `truth`, as written."""
        for found in self.trace:
            if found.block == block and found.truth is truth:
                return f"{block}: {found.criterion}"
        return None

    def _missing(self) -> list[str]:
        """What the unknown criteria asked so far lacked. Notes are asked last, and their gaps change nothing."""
        return [f.missing for f in self.trace if f.truth is UNKNOWN and f.missing]


@cache
def _written(changes: frozenset[Change]) -> str:
    return f"change = {sorted(str(change) for change in changes)}"
