"""One rule on one subject: three-valued, with a trace of every criterion.

The rule's `unless` and what it judges come first, then the speak blocks from the top. The first block that is true
speaks, and carries the gaps of what stood above it. None true and any unknown: the rule cannot tell.
"""

from collections.abc import Iterable

from knowledge.criteria import Criterion, changed_by
from knowledge.facts import Facts, Gap, Order
from knowledge.medicine import Medicines
from knowledge.outcome import Advise, CannotTell, Finding, Outcome, RuleOutcome, StayQuiet, Subject
from knowledge.rule import Block, Rule
from knowledge.truth import Truth, all_of, any_of


def judge(rule: Rule, subject: Subject, facts: Facts, medicines: Medicines) -> RuleOutcome:
    """Judge one rule. Pure: the same facts give the same outcome and the same trace."""
    matching = _Matching(rule, subject, facts, medicines)
    outcome = matching.outcome()
    return RuleOutcome(rule.id, rule.version, outcome, tuple(matching.trace))


class _Matching:
    def __init__(self, rule: Rule, subject: Subject, facts: Facts, medicines: Medicines) -> None:
        self.rule, self.subject, self.facts, self.medicines = rule, subject, facts, medicines
        self.trace: list[Finding] = []

    def outcome(self) -> Outcome:
        allowed = all_of([self._is_judged(), ~any_of([*self._ask("unless", self.rule.unless)])])
        if allowed is Truth.NO:
            return StayQuiet(self._decisive("judges", Truth.NO) or self._decisive("unless", Truth.YES) or "")
        undecided = False
        for block in self.rule.speak:
            holds = all_of([allowed, self._holds(block)])
            if holds is Truth.YES:
                return self._speak(block)
            undecided = undecided or holds is Truth.UNKNOWN
        if undecided:
            return CannotTell(tuple(dict.fromkeys(self._missing())))
        return StayQuiet("none of what it speaks about holds")

    def _is_judged(self) -> Truth:
        if not isinstance(self.subject.about, Order):
            return Truth.YES
        judges = self.rule.judges
        answer = changed_by(self.subject, judges.change)
        return self._note_down("judges", f"change = {sorted(judges.change)}", judges.unknown, *answer)

    def _speak(self, block: Block) -> Advise:
        gaps = tuple(dict.fromkeys(Gap(missing, rule=self.rule.id) for missing in self._missing()))
        notes = tuple(note.name for note in self.rule.notes if self._holds(note) is Truth.YES)
        return Advise(block.name, block.indicator, block.suggest, notes, gaps, block.leads)

    def _holds(self, block: Block) -> Truth:
        every = all_of(list(self._ask(block.name, block.all)))
        some = any_of(list(self._ask(block.name, block.any))) if block.any else Truth.YES
        none = ~any_of(list(self._ask(block.name, block.unless)))
        return all_of([every, some, none])

    def _ask(self, block: str, criteria: Iterable[Criterion]) -> Iterable[Truth]:
        for criterion in criteria:
            answer = criterion.judge(self.subject, self.facts, self.medicines)
            yield self._note_down(block, criterion.text, criterion.unknown, *answer)

    def _note_down(
        self,
        block: str,
        text: str,
        unknown: Truth | None,
        truth: Truth,
        rests_on: tuple[str, ...] = (),
        missing: str | None = None,
    ) -> Truth:
        assumed = truth is Truth.UNKNOWN and unknown is not None
        self.trace.append(Finding(block, text, truth, rests_on, missing, assumed))
        return unknown if assumed and unknown is not None else truth

    def _decisive(self, block: str, truth: Truth) -> str | None:
        """The first criterion of `block` that came out as `truth`, as written."""
        for finding in self.trace:
            if finding.block == block and finding.truth is truth:
                return f"{block}: {finding.criterion}"
        return None

    def _missing(self) -> list[str]:
        """What the unknown criteria asked so far lacked. Notes are asked last, and their gaps change nothing."""
        return [f.missing for f in self.trace if f.truth is Truth.UNKNOWN and f.missing]
