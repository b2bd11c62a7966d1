"""What a rule can ask. Each criterion is one word of rule.toml, and answers yes, no or unknown for one subject.

The words live in rooms by subject; here is the list of all of them, and the group that joins several into one.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import pairwise

from knowledge.criteria import care, change, course, dose, medicine, peak, person, problem, reason, trust
from knowledge.criteria.change import changed_by
from knowledge.criteria.form import Answer, Criterion, Reader, Table, answer_to, written
from knowledge.facts import Facts
from knowledge.fault import fail, only_keys
from knowledge.medicine import Medicines
from knowledge.outcome import Subject
from knowledge.truth import Truth, all_of, any_of

__all__ = ["GROUP", "Answer", "Criterion", "Table", "answer_to", "changed_by", "read_criterion", "unknown_of"]

_ROOMS = (reason, problem, medicine, dose, peak, course, change, person, care, trust)
WORDS: dict[str, tuple[Reader, tuple[str, ...]]] = {
    word: reader for room in _ROOMS for word, reader in room.WORDS.items()
}
GROUP = ("all", "any", "unless")


def read_criterion(table: Table, where: str, unknown: Truth | None) -> Criterion:
    """Turn `{problem = "epilepsy", state = ["active"]}` into a question, or a group of questions like
    `{all = [{…}, {…}], unless = [{…}]}`.

    Raises KnowledgeFault where the table is not one of the forms in `WORDS`.
    """
    if any(key in table for key in GROUP):
        return _group(table, where, unknown)
    kinds = [key for key in table if key in WORDS]
    if len(kinds) != 1:
        fail(where, "asks nothing, or two things.", f"Use exactly one of: {', '.join(sorted(WORDS))}.")
    reader, options = WORDS[kinds[0]]
    only_keys(table, (kinds[0], "unknown", *options), where)
    text = ", ".join(f"{key} = {written(value)}" for key, value in table.items() if key != "unknown")
    return replace(reader(table, where, text, unknown), asked=table)


def unknown_of(table: Table, where: str) -> Truth | None:
    """What the rule says that not-told shall count as."""
    value = table.get("unknown")
    if value is None:
        return None
    if value not in ("yes", "no"):
        fail(where, f'unknown = "{value}" is not "yes" or "no".', "Leave it out where not-told stays not-told.")
    return Truth.YES if value == "yes" else Truth.NO


def _group(table: Table, where: str, unknown: Truth | None) -> Criterion:
    """Several questions as one: all ∧ any ∧ ¬unless, like a block."""
    only_keys(table, (*GROUP, "unknown"), where)
    every, some, none = (_parts(table, key, where) for key in GROUP)
    if not every and not some:
        fail(where, "has neither `all` nor `any`.", "A group without a condition always holds; say when it does.")
    parts = (*every, *some, *none)
    ends = (0, len(every), len(every) + len(some), len(parts))

    def judge(subject: Subject, facts: Facts, medicines: Medicines) -> Answer:
        answers = [_assumed(part, answer_to(part, subject, facts, medicines)) for part in parts]
        truths = [answer.truth for answer in answers]
        of_every, of_some, of_none = (truths[start:end] for start, end in pairwise(ends))
        truth = all_of([all_of(of_every), any_of(of_some) if some else Truth.YES, ~any_of(of_none)])
        rests_on = tuple(dict.fromkeys(reference for answer in answers for reference in answer.rests_on))
        if truth is not Truth.UNKNOWN:
            return Answer(truth, rests_on)
        lacking = (answer.missing for answer in answers if answer.truth is Truth.UNKNOWN and answer.missing)
        return Answer(truth, rests_on, next(lacking, None))

    def together(of: Callable[[Criterion], Iterable[str]]) -> frozenset[str]:
        return frozenset(name for part in parts for name in of(part))

    return Criterion(
        text=", ".join(f"{key} = {written(table[key])}" for key in GROUP if key in table),
        judge=judge,
        needs=together(lambda part: part.needs),
        rules=together(lambda part: part.rules),
        lists=together(lambda part: part.lists),
        medicines=together(lambda part: part.medicines),
        unknown=unknown,
        parts=parts,
        asked=table,
    )


def _assumed(part: Criterion, answer: Answer) -> Answer:
    if answer.truth is Truth.UNKNOWN and part.unknown is not None:
        return answer._replace(truth=part.unknown)
    return answer


def _parts(table: Table, key: str, where: str) -> tuple[Criterion, ...]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        fail(where, f'"{key}" is not a list of tables.', f"Write {key} = [{{…}}, {{…}}].")
    here = [f"{where}.{key}[{index}]" for index in range(len(value))]
    return tuple(read_criterion(item, place, unknown_of(item, place)) for item, place in zip(value, here, strict=True))
