"""What a rule says of one order or use: it advises, it stays quiet, or it cannot tell. Never nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from knowledge.facts import Examination, Gap, Order, Use
from knowledge.truth import Truth


@dataclass(frozen=True, slots=True, eq=False)
class Finding:
    """One criterion and how it came out: the trace a past answer is explained from.

    `missing` is the list or the fact that was not told; `assumed` is true where the rule says what not-told shall mean.
    What it was read from stands in `RuleOutcome.rests_on`: nothing of the patient is in a finding. So the same few recur,
    each is made once (see `finding`), and they are told apart by what they are, not by what they hold.
    """

    block: str  # "judges", "unless", a say, or a note
    criterion: str  # as written in the rule
    truth: Truth
    missing: str | None = None
    assumed: bool = False


finding = cache(Finding)


@dataclass(frozen=True, slots=True)
class Advise:
    """The rule speaks. `say` names the block and so the text; `notes` are sentences that hold as well; `undecided` are
    the says above it that might have held, and `missing` what they lacked. `leads` false: it never leads a card beside a
    rule that speaks as seriously."""

    say: str
    indicator: str
    suggest: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()
    undecided: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    leads: bool = True


GIVES_WAY = " speaks"  # how a because ends where another rule speaks in its place


@dataclass(frozen=True, slots=True)
class StayQuiet:
    because: str


@dataclass(frozen=True, slots=True)
class CannotTell:
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Crashed:
    """The rule itself failed; `error` is the kind of failure, never a value out of the record."""

    error: str


Outcome = Advise | StayQuiet | CannotTell | Crashed


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """One rule's outcome with the criteria it was reached by. `rests_on` has for each of them that was read from resources
    [its place in the trace, their references]."""

    rule: str
    version: str
    outcome: Outcome
    trace: tuple[Finding, ...] = ()
    rests_on: tuple[tuple[int, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """All rules' outcomes on one order, or on one use where nothing is being ordered."""

    about: Order | Use | Examination
    outcomes: tuple[RuleOutcome, ...]

    @property
    def reference(self) -> str:
        """The resource the judgement is about: of a use, the latest prescription by which it is taken."""
        about = self.about
        return (*about.references, *about.in_force)[-1] if isinstance(about, Use) else about.reference


@dataclass(frozen=True, slots=True)
class Subject:
    """What a criterion is asked of: one order or use, among everything else that is known."""

    about: Order | Use | Examination
    course: tuple[Use, ...]  # the uses whose length counts: see advise.course_of
    spoken: Mapping[str, Outcome]  # outcomes so far of the rules this one rests on
    answers: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)  # by question: see form.answer_to
