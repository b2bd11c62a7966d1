"""`wane knowledge show`: one rule on one page, to be held against its document."""

from collections.abc import Iterable, Iterator, Mapping
from textwrap import fill

from app.render.evidence import Conditions, ToldSay, told_rule
from app.routes.page import page_words
from knowledge.library import Library
from knowledge.rule import Rule

_WIDTH = 110  # characters of a line
Words = Mapping[str, str]


def shown(rule: Rule, library: Library, language: str) -> str:
    """The rule in words: what it looks at, what it says and when, when it is quiet, its claims, its cases."""
    words, told = page_words()[language], told_rule(rule, library, language)
    hooks = ", ".join(words[f"hook_{hook}"] for hook in rule.hooks)
    lines = [
        f"{rule.id} {rule.version}: {library.texts[rule.id].title[language]}",
        f"{words['review']}: {words['review_open']} {rule.review.due}. {words['version']} {library.version}.",
        "",
        _wrapped(f"{words['looks_at']}: {told.judged}"),
        _wrapped(f"{words['hooks']}: {hooks}"),
        *_heading(words["speaks"]),
        *([words["first_speaks"]] if len(told.says) > 1 else []),
    ]
    for number, said in enumerate(told.says, start=1):
        lines += ["", *_said(number, said, words)]
    if told.quiet or told.yields_to:
        lines += [*_heading(words["quiet"]), *_listed(words["quiet_if"], told.quiet)]
        lines += _listed(words["yields"], [f"{other}: {title}" for other, title in told.yields_to])
    if told.notes:
        lines += _heading(words["adds"])
        for note in told.notes:
            lines += [_wrapped(f"» {note.text}", 2), *_when(note.when, words), ""]
    lines += _heading(words["claims"])
    for claim, document in library.claims_of(rule):
        place = f"{claim.id}  {document.cite}, {claim.section}, {words['lines']} {claim.lines[0]}-{claim.lines[1]}"
        lines += [_wrapped(place, 2), _wrapped(claim.statement, 4)]
    lines += _heading(words["cases"])
    for outcome, word in (("advise", "advise"), ("quiet", "quietly"), ("cannot-tell", "cannot")):
        cases = told.cases[outcome]
        lines += [f"  {words[word]} ({len(cases)})"] if cases else []
        for case in cases:
            number_of = f" [{case.number}]" if case.number else ""
            lines.append(_wrapped(f"- {f'{case.say}: ' if case.say else ''}{case.name}{number_of}", 4))
    return "\n".join(lines)


def _said(number: int, said: ToldSay, words: Words) -> Iterator[str]:
    section = "" if said.leads else f", {words['as_section']}"
    yield f"{number}. {said.name} ({words[f'indicator_{said.indicator}']}{section})"
    yield from _when(said.when, words)
    for text in (said.summary, said.action, said.why, said.gone):
        yield _wrapped(f"» {text}", 3)
    if said.offers:
        yield _wrapped(f"{words['offers']} {'; '.join(said.offers)}", 3)


def _when(when: Conditions, words: Words) -> list[str]:
    lines = _listed(words["all_one" if len(when.all) == 1 else "all"], when.all)
    lines += _listed(words["any_too" if when.all else "any"], when.any)
    return lines + _listed(words["unless_one" if len(when.unless) == 1 else "unless"], when.unless)


def _listed(heading: str, sentences: Iterable[str]) -> list[str]:
    lines = [_wrapped(f"- {sentence}", 5) for sentence in sentences]
    return [f"   {heading}", *lines] if lines else []


def _heading(text: str) -> list[str]:
    return ["", text.upper()]


def _wrapped(text: str, indent: int = 0) -> str:
    return fill(text, _WIDTH, initial_indent=" " * indent, subsequent_indent=" " * (indent + 2))
