"""How a rule came to its outcome, as stored: once for all the calls in which it came to it the same way.

A criterion's outcome is one of a few, and the same ways recur: a call then holds a rule's reasoning as 32 characters,
and beside them only what is its own, the hashes of the resources each criterion rests on.
"""

from collections.abc import Iterable
from typing import NamedTuple

import orjson

from app.journal.keys import fingerprint
from knowledge.outcome import Advise, CannotTell, Crashed, Outcome, RuleOutcome, StayQuiet

_MOST_KEPT = 20_000  # ways seen by this process; far more than rules have
_OF_FINDING = ("block", "criterion", "truth", "assumed", "missing")


class Reasoning(NamedTuple):
    """A row of `reasoning`: the columns in their order."""

    id: str
    rule: str
    version: str
    outcome: str
    say: str | None
    content: str

    @property
    def is_intact(self) -> bool:
        """The id is the hash of the rest."""
        return self.id == _id(self[1:])


class Reasonings:
    """The ways this process has met."""

    def __init__(self) -> None:
        self._met: dict[object, Reasoning] = {}

    def of(self, outcomes: Iterable[RuleOutcome]) -> list[Reasoning]:
        """The reasoning of each outcome, the same object for the same way."""
        found = []
        for item in outcomes:
            outcome = item.outcome
            said = outcome.because if type(outcome) is StayQuiet else _said(outcome)  # most of them, and quickly told
            way = (item.rule, item.version, said, item.trace)
            known = self._met.get(way)
            if known is None:
                if len(self._met) >= _MOST_KEPT:
                    self._met.clear()
                known = self._met[way] = _made(item)
            found.append(known)
        return found


def _said(outcome: Outcome) -> tuple[str, str | None, str, object]:
    """(outcome, say, what else it says, that itself). Gaps are left out: they are kept with the call."""
    match outcome:
        case Advise(say=say, notes=notes):
            return "advise", say, "notes", notes
        case StayQuiet(because=because):
            return "stay-quiet", None, "because", because
        case CannotTell(missing=missing):
            return "cannot-tell", None, "missing", missing
        case Crashed(error=error):
            return "failed", None, "because", error


def _made(item: RuleOutcome) -> Reasoning:
    outcome, say, name, value = _said(item.outcome)
    criteria = [[getattr(finding, each) for each in _OF_FINDING] for finding in item.trace]
    content = orjson.dumps({name: value, "criteria": criteria}).decode()
    rest = (item.rule, item.version, outcome, say, content)
    return Reasoning(_id(rest), *rest)


def _id(rest: tuple[str | None, ...]) -> str:
    return fingerprint(orjson.dumps(rest))
