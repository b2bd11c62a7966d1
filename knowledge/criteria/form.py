"""The form of a question: what a criterion is, and what it answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from knowledge.facts import Facts
from knowledge.fault import fail
from knowledge.medicine import Medicines
from knowledge.outcome import Subject
from knowledge.threshold import Threshold
from knowledge.truth import Truth

Table = Mapping[str, object]


class Answer(NamedTuple):
    """`missing` is the list or the fact whose absence leaves it unknown."""

    truth: Truth
    rests_on: tuple[str, ...] = ()
    missing: str | None = None


Judge = Callable[[Subject, Facts, Medicines], Answer]


@dataclass(frozen=True, slots=True)
class Criterion:
    """One question. `unknown` is what not-told counts as here, if the rule says so; `parts` are the questions of a
    group; `asked` is the question as it stands in rule.toml, for those who put it in words."""

    text: str
    judge: Judge
    needs: frozenset[str] = frozenset()
    rules: frozenset[str] = frozenset()
    lists: frozenset[str] = frozenset()  # code lists it names
    medicines: frozenset[str] = frozenset()  # medicines or classes it names
    threshold: Threshold | None = None
    unknown: Truth | None = None
    parts: tuple["Criterion", ...] = ()
    asked: Table = field(default_factory=dict, compare=False, repr=False)


Reader = Callable[[Table, str, str, Truth | None], Criterion]


def answer_to(criterion: Criterion, subject: Subject, facts: Facts, medicines: Medicines) -> Answer:
    """The answer to a question about this subject. Several rules ask the same ones, in the same words: each is worked out
    once, unless it is about what other rules have said by now."""
    if criterion.rules:
        return criterion.judge(subject, facts, medicines)
    answer: Answer | None = subject.answers.get(criterion.text)
    if answer is None:
        answer = subject.answers[criterion.text] = criterion.judge(subject, facts, medicines)
    return answer


def written(value: object) -> str:
    """A value of rule.toml as it is shown to people."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key} = {written(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
        return "[" + ", ".join(written(item) for item in value) + "]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def wanted_flag(table: Table, key: str, where: str) -> bool:
    """`true` or `false`, and nothing else."""
    value = table[key]
    if not isinstance(value, bool):
        fail(where, f"{key} is not true or false.", f"Write {key} = true.")
    return value


def days_of(table: Table, key: str, where: str) -> int:
    """A whole number of days."""
    value = table.get(key)
    if not isinstance(value, int) or isinstance(value, bool):
        fail(where, f"{key} is not a number of days.", f"Write {key} = 90.")
    return value
