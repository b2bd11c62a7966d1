"""What could not be judged, and what became of every entry, as OperationOutcomes (https://hl7.org/fhir/R4/operationoutcome.html)
with FHIRPath into what was sent."""

from collections.abc import Iterable, Mapping, Sequence

from app.bundles.entry import Entry, State
from app.bundles.judged import Judged
from app.render.advised.issue import advice_on, speaks
from app.render.advised.parts import GAPS_SYSTEM, STATES_SYSTEM, Json, filled
from app.render.cards import ADVICE
from app.told import TEMPLATES
from cds_hooks.cards import Card
from knowledge.facts import Gap
from knowledge.library import Library

_STATES = {
    State.USED: "Read for the advice.",
    State.NOT_RELEVANT: "Not relevant: no advice is made from it.",
}

_UNCLEAR = (
    "Its status does not tell whether it is an order being written, so that it was not judged as one. Send `draft` as its "
    "status, or name it in `order`."
)


def account(entries: Sequence[Entry], unreadable: Mapping[Entry, str], name: str) -> Json:
    """The OperationOutcome that accounts for every entry, each once."""
    by_state = {state: [entry.path for entry in entries if entry.state is state] for state in State}
    counted = ", ".join(f"{len(paths)} {state.value}" for state, paths in by_state.items())
    issues = [_issue("information", "informational", f"{len(entries)} entries: {counted}.")]
    issues += [
        _issue("information", "informational", text, STATES_SYSTEM, state.value, by_state[state])
        for state, text in _STATES.items()
        if by_state[state]
    ]
    issues += [
        _issue("warning", "processing", why, STATES_SYSTEM, State.UNREADABLE.value, [entry.path])
        for entry, why in unreadable.items()
    ]
    return {"resourceType": "OperationOutcome", "id": name, "issue": issues}


def counts(entries: Sequence[Entry], patients: int, library: Library, name: str) -> Json:
    """The same as numbers."""
    told = [("entries", len(entries))]
    told += [(state.value, sum(entry.state is state for entry in entries)) for state in State]
    numbers: list[Json] = [{"name": each, "valueInteger": number} for each, number in (*told, ("patients", patients))]
    knowledge: Json = {"name": "knowledge", "valueString": library.version}
    return {"resourceType": "Parameters", "id": name, "parameter": [*numbers, knowledge]}


def gaps_of(judged: Judged) -> list[Gap]:
    """Everything about one patient that could not be judged, each once."""
    told = [Gap(gap["missing"], gap.get("about"), gap.get("rule")) for gap in _told_gaps(judged)]
    return list(dict.fromkeys((*judged.trail.gaps, *told)))


def _told_gaps(judged: Judged) -> Iterable[Mapping[str, str]]:
    if judged.answer is None:
        return
    for card in judged.answer.cards:
        yield from advice_on(card).get("gaps", ())
    told = judged.answer.extension.get(ADVICE)
    if isinstance(told, Mapping):
        yield from told.get("gaps", ())


def not_judged(judged: Judged, library: Library, language: str, name: str) -> Json | None:
    """The OperationOutcome of one patient; None where everything could be judged."""
    issues = [_not_told(gap, judged, library, language) for gap in gaps_of(judged)]
    cards = judged.answer.cards if judged.answer else ()
    issues += [_not_checked(card, judged) for card in cards if not speaks(card)]
    issues += [_issue("warning", "required", _UNCLEAR, places=[f"{entry.place}.status"]) for entry in judged.unclear]
    if judged.refusal:
        issues += [_issue("error", issue.code, issue.text) for issue in judged.refusal.issues]
    if judged.failed:
        text = "Wane failed on this patient's record and judged nothing of it. Report it if it recurs."
        issues.append(_issue("error", "exception", text))
    return {"resourceType": "OperationOutcome", "id": name, "language": language, "issue": issues} if issues else None


def _not_told(gap: Gap, judged: Judged, library: Library, language: str) -> Json:
    phrases = library.phrases[language]
    text = phrases["card"]["not_known"].format(gaps=phrases["gap"].get(gap.missing, gap.missing))
    code = "exception" if gap.missing == "rule-failed" else "incomplete" if gap.missing in TEMPLATES else "processing"
    severity = "error" if gap.missing == "rule-failed" else "warning"
    issue = _issue(severity, code, text, GAPS_SYSTEM, gap.missing, _places(gap.about, judged))
    return {**issue, **filled(diagnostics=f"rule {gap.rule}" if gap.rule else None)}


def _not_checked(card: Card, judged: Judged) -> Json:
    return _issue("error", "processing", card.summary, places=_places(advice_on(card).get("about"), judged))


def _places(about: str | None, judged: Judged) -> list[str]:
    entry = judged.by_name.get(about or "")
    return [entry.place] if entry else []


def _issue(
    severity: str, code: str, text: str, system: str | None = None, coded: str | None = None, places: Sequence[str] = ()
) -> Json:
    coding = [{"system": system, "code": coded}] if system else []
    return filled(severity=severity, code=code, details=filled(coding=coding, text=text), expression=list(places))
