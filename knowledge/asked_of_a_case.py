"""A worked case in words: what was ordered, what is in use, what stands on the list, what was not told."""

from collections.abc import Mapping
from datetime import date

from knowledge.asked import named, words_of
from knowledge.fault import texts_of
from knowledge.medicine import Medicines
from knowledge.sketch import Case
from knowledge.texts import Phrases

Table = Mapping[str, object]


def case_in_words(case: Case, language: str, medicines: Medicines) -> tuple[str, ...]:
    """The facts of a case, one line for each kind."""
    words = words_of(language)
    sketch, today = case.sketch, case.facts.today
    orders = [*_tables(sketch, "order"), *_tables(sketch, "orders")]
    lines = [_line("order", [_taken(o, words, language, medicines, today) for o in orders], words)]
    uses = [{"since": None} | dict(use) for use in _tables(sketch, "uses")]
    lines.append(_line("use", [_taken(use, words, language, medicines, today) for use in uses], words))
    problems = [_problem(problem, words) for problem in _tables(sketch, "problems")]
    lines.append(_line("problems", problems, words))
    lines.append(
        _line("examination", [named([each], "list", words) for each in texts_of(sketch, "examination", "")], words)
    )
    for key in ("procedures", "devices"):
        done = [named(list(texts_of(item, "list", "")), "list", words) for item in _tables(sketch, key)]
        lines.append(_line(key, done, words))
    if isinstance(stay := sketch.get("encounter"), Mapping):
        lines.append(_stay(stay, words, today))
    if isinstance(sketch.get("age"), int):
        lines.append(words["case"]["age"].format(n=sketch["age"]))
    if isinstance(country := sketch.get("country"), str):
        lines.append(words["case"]["country"].format(what=words["country"].get(country, country)))
    if sketch.get("nursing_home") is True:
        lines.append(words["case"]["nursing_home"])
    for key in ("not_told", "partly_told"):
        lists = [words["told"].get(name, name) for name in texts_of(sketch, key, "")]
        lines.append(_line(key, lists, words))
    return tuple(line for line in lines if line)


def _line(kind: str, items: list[str], words: Phrases) -> str:
    return words["case"][kind].format(what="; ".join(items)) if items else ""


def _taken(item: Table, words: Phrases, language: str, medicines: Medicines, today: date) -> str:
    """ "zolpidem 10 mg, for 41 days (continuation)"."""
    said = words["case"]
    name = named([str(item["medicine"])], "class", words, language, medicines)
    doses = [
        str(dose["daily"]).strip().replace("{", "").replace("}", "")
        for dose in (_tables(item, "doses") or [item])
        if "daily" in dose
    ]
    parts = [" ".join([name, " → ".join(doses).replace(".", said["decimal"])]).strip()]
    parts += [said["as_needed"]] if item.get("as_needed") is True else []
    parts += (
        [said["at_most"].format(what=str(item["at_most"]).replace(".", said["decimal"]))] if "at_most" in item else []
    )
    parts += [said["once"]] if item.get("once") is True else []
    parts += [named([str(item["route"])], "route", words)] if "route" in item and item["route"] != "oral" else []
    if isinstance(since := item.get("since"), date):
        parts.append(said["since"].format(n=(today - since).days + 1))
    elif "since" in item:
        parts.append(said["undated"])
    if isinstance(until := item.get("until"), date):
        days = (until - today).days
        parts.append(said["end_in"].format(n=days + 1) if days >= 0 else said["until"].format(n=-days))
    reasons = [_reason(reason, words) for reason in texts_of(item, "reason", "")]
    parts += [said["reason"].format(what=" + ".join(reasons))] if reasons else []
    changes = [words["change_named"][change] for change in texts_of(item, "change", "")]
    return ", ".join(parts) + (f" ({' / '.join(changes)})" if changes else "")


def _reason(written: str, words: Phrases) -> str:
    name = written.removesuffix("?")
    special = {"other": "reason_other", "unclear": "reason_unclear", "unread": "reason_unread"}.get(name)
    said = words["case"][special] if special else named([name], "list", words)
    return words["case"]["reason_doubtful"].format(what=said) if name != written else said


def _problem(problem: Table, words: Phrases) -> str:
    state = words["state"][str(problem["state"])]
    return f"{named(list(texts_of(problem, 'list', '')), 'list', words)} ({state})"


def _stay(stay: Table, words: Phrases, today: date) -> str:
    start, setting = stay.get("start"), str(stay.get("setting"))
    if setting == "inpatient" and isinstance(start, date):
        return words["case"]["inpatient_since"].format(n=(today - start).days + 1)
    return words["case"][setting]


def _tables(sketch: Table, key: str) -> list[Table]:
    value = sketch.get(key, [])
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, Mapping)]
