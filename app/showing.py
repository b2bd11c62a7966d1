"""`wane knowledge show`: one rule on one page, to be held against its document."""

from knowledge.library import Library
from knowledge.rule import Block, Rule


def shown(rule: Rule, library: Library, language: str) -> str:
    """The rule in plain lines: what it judges, when it speaks and what it says, its claims, its cases."""
    texts = library.texts[rule.id]
    lines = [
        f"{rule.id} {rule.version}: {texts.title[language]}",
        f"Review: {rule.review.status}; due {rule.review.due}. Nobody has reviewed this content clinically.",
        f"Knowledge {library.version}",
        "",
        f"Judges {_judged(rule)} at {', '.join(rule.hooks)}.",
        *([f"Gives way to {', '.join(rule.yields_to)}."] if rule.yields_to else []),
        *([] if rule.needed else ["What it lacks is named; it never refuses a call."]),
        "",
        "Stays quiet when any of these holds:" if rule.unless else "Has no exception of its own.",
        *(f"  - {_criterion(c.text, c.unknown)}" for c in rule.unless),
    ]
    for block in rule.speak:
        said = texts.says[language, block.name]
        section = "" if block.leads else ", a section on the card of another rule"
        lines += ["", f'Says "{block.name}" ({block.indicator}{section}) when:', *_conditions(block)]
        lines += [f"  » {said.summary[0]}", f"  » {said.action}", f"  » {said.why}", f"  » {said.gone}"]
        lines += [f"  offers: {', '.join(block.suggest)}"] if block.suggest else []
    for note in rule.notes:
        lines += ["", f'Adds "{note.name}" when:', *_conditions(note), f"  » {texts.notes[language, note.name]}"]
    lines += ["", "Rests on:"]
    for claim, document in library.claims_of(rule):
        lines += [f"  {claim.id} ({document.cite}, lines {claim.lines[0]}-{claim.lines[1]}): {claim.statement}"]
    lines += ["", "Cases:"]
    for case in library.cases[rule.id]:
        number = f" [{case.number}]" if case.number else ""
        expected = f"{case.expect} {case.say or ''}".strip()
        lines += [f"  {expected:<28}{case.name}{number}"]
    return "\n".join(lines)


def _judged(rule: Rule) -> str:
    judges = rule.judges
    if judges.examinations:
        return f"orders of an examination ({', '.join(sorted(judges.examinations))})"
    what = [name for name, wanted in (("orders", judges.order), ("uses", judges.use)) if wanted]
    return f"{' and '.join(what)} of {judges.medicine} ({', '.join(sorted(judges.change))})"


def _conditions(block: Block) -> list[str]:
    lines = [f"  - {_criterion(c.text, c.unknown)}" for c in block.all]
    lines += [f"  - or {_criterion(c.text, c.unknown)}" for c in block.any]
    return lines + [f"  - not {_criterion(c.text, c.unknown)}" for c in block.unless]


def _criterion(text: str, unknown: str | None) -> str:
    return f"{text} (not told counts as {'yes' if unknown == 'true' else 'no'})" if unknown else text
