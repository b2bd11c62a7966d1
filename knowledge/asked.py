"""What a rule asks, in words: each criterion of rule.toml as a sentence in nl, fr, en or de.

The words stand in `texts/asked/<language>.toml`. `in_words` is for people who read a rule; nothing is judged by it.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import tomli

from knowledge.criteria import GROUP, Criterion, Table
from knowledge.fault import texts_of
from knowledge.medicine import Medicines
from knowledge.rule import Judges
from knowledge.texts import Phrases, read_phrases
from knowledge.truth import Truth

FOLDER = Path(__file__).parent / "texts" / "asked"
_COMPARISONS = ("at_least", "above", "at_most", "below")
# Words whose value, or option, chooses another sentence.
_NAMED = {
    "reason": "list",
    "other_reason_than": "list",
    "problem": "list",
    "pump": "list",
    "examination": "list",
    "use": "class",
    "beside": "class",
    "used": "class",
    "ordered": "class",
    "route": "route",
    "change": "change",
    "country": "country",
    "setting": "setting",
}
_PLURAL = {
    "list": "lists",
    "class": "classes",
    "route": "routes",
    "change": "changes",
    "country": "countries",
    "setting": "settings",
}


@cache
def words_of(language: str) -> Phrases:
    """The words of one language. Raises KnowledgeFault where the file is not of the form."""
    path = FOLDER / f"{language}.toml"
    return read_phrases(tomli.loads(path.read_text(encoding="utf-8")), f"texts/asked/{path.name}")


def in_words(criterion: Criterion, language: str, medicines: Medicines) -> str:
    """The question as a sentence, with what not-told counts as, if the rule says so.

    Raises KeyError, naming the word, for what has no words in this language; a test asks for every rule.
    """
    words = words_of(language)
    said = _said(criterion.asked, words, language, medicines)
    if criterion.unknown is None:
        return said
    return f"{said} ({words['joined']['not_told_yes' if criterion.unknown is Truth.YES else 'not_told_no']})"


def judged_in_words(judges: Judges, language: str, medicines: Medicines) -> str:
    """What a rule looks at: orders that start, continue …, or the medicine in use; or an examination."""
    words = words_of(language)
    if judges.examinations:
        return words["judged"]["examination"].format(lists=named(sorted(judges.examinations), "list", words))
    name = words["class"].get(judges.medicine) or _medicine(judges.medicine, language, medicines)
    order = ("start", "continue", "raise", "lower", "stop")
    changes = ", ".join(words["change_named"][change] for change in order if change in judges.change)
    parts = [words["judged"]["order"].format(changes=changes, medicine=name)] if judges.order else []
    parts += [words["judged"]["use"].format(medicine=name)] if judges.use else []
    return "; ".join(parts)


def _said(asked: Table, words: Phrases, language: str, medicines: Medicines) -> str:
    if any(key in asked for key in GROUP):
        return _group(asked, words, language, medicines)
    word = next(iter(asked))
    value = asked[word]
    fields: dict[str, str] = {key: str(item) for key, item in asked.items() if key not in (word, "unknown")}
    if isinstance(value, Mapping):
        fields |= {key: str(item) for key, item in value.items()}
        fields["bound"] = _bound(value, words)
    if word in _NAMED:
        table = _NAMED[word]
        fields[_PLURAL[table]] = named(_texts(value), table, words, language, medicines)
    if word == "medicine":
        fields["medicines"] = _one_of([_medicine(m, language, medicines) for m in _texts(value)], words)
    if "of" in asked:
        fields["classes"] = named(_texts(asked["of"]), "class", words, language, medicines)
    if "state" in asked:
        fields["states"] = _one_of([words["state"][state] for state in _texts(asked["state"])], words)
    if word == "spoken":
        fields |= {"rule": str(value), "says": _one_of(_texts(asked.get("say", [])), words)}
    said = words["asked"][_form(word, asked)].format(**fields)
    if "not_for" in asked:
        classes = named(_texts(asked["not_for"]), "class", words, language, medicines)
        said += f" ({words['asked']['not_for'].format(classes=classes)})"
    return said


def _form(word: str, asked: Table) -> str:
    """Which of the sentences of a word: `once_true`, `dose_high`, `problem_sure`, `lowered_to_held` …"""
    value = asked[word]
    if isinstance(value, bool):
        return f"{word}_{str(value).lower()}"
    if word == "judged":
        return f"judged_{value}"
    if word == "problem" and asked.get("sure") is True:
        return "problem_sure"
    if isinstance(value, Mapping):
        if value.get("end") == "high":
            return f"{word}_high"
        if word == "lowered_to":
            return "lowered_to_held" if "held" in value else "lowered_to_last"
    return word


def _group(asked: Table, words: Phrases, language: str, medicines: Medicines) -> str:
    joined = words["joined"]

    def parts(key: str) -> list[str]:
        items = asked.get(key, [])
        assert isinstance(items, list)  # noqa: S101 - read_criterion has refused anything else
        return [_said(item, words, language, medicines) for item in items]

    every, some, none = parts("all"), parts("any"), parts("unless")
    if some:
        either = joined["or_else"].join(some)
        every.append(joined["either"].format(parts=either) if len(some) > 1 else either)
    said = joined["and"].join(every)
    return joined["unless"].format(said=said, parts=joined["or_else"].join(none)) if none else said


def _bound(bound: Table, words: Phrases) -> str:
    comparison = next((key for key in _COMPARISONS if key in bound), None)
    if comparison is None:
        return ""
    amount = words["bound"][comparison].format(n=bound[comparison])
    return words["unit"][str(bound["unit"])].format(n=amount)


def named(names: list[str], table: str, words: Phrases, language: str = "", medicines: Medicines | None = None) -> str:
    said = []
    for name in names:
        known = words[table].get(name)
        if known is None and table == "class" and medicines is not None:
            known = _medicine(name, language, medicines)
        said.append(known if known is not None else words[table][name])
    return _one_of(said, words)


def _one_of(names: list[str], words: Phrases) -> str:
    """ "a, b or c"."""
    *most, last = names
    return f"{', '.join(most)}{words['joined']['or']}{last}" if most else last


def _medicine(name: str, language: str, medicines: Medicines) -> str:
    known = medicines.by_id.get(name)
    return known.names[language] if known else name  # a case may name one that no rule knows


def _texts(value: object) -> list[str]:
    return list(texts_of({"it": value}, "it", "a word of a rule"))
