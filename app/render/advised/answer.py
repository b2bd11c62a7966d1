"""The whole answer: a Bundle of type collection (https://hl7.org/fhir/R4/bundle.html)."""

from collections.abc import Mapping, Sequence

from app.bundles.entry import Entry
from app.bundles.judged import Judged
from app.render.advised.guidance import guidance
from app.render.advised.issue import detected_issue, issue_name, speaks
from app.render.advised.outcome import account, counts, not_judged
from app.render.advised.parts import Json, entry_of, name_of
from app.render.advised.proposed import group_name, proposals
from knowledge.library import Library


def advised_bundle(
    entries: Sequence[Entry],
    unreadable: Mapping[Entry, str],
    judged: Sequence[tuple[str, Judged]],
    library: Library,
    language: str,
    name: str,
) -> Json:
    """What became of the entries, then for each patient (with the name of its GuidanceResponse) the advice, what is proposed
    and what could not be judged. The same request has the same answer, byte for byte."""
    outcome, number = name_of("account", name), name_of("counts", name)
    sent: list[Json] = [
        entry_of(account(entries, unreadable, outcome), outcome),
        entry_of(counts(entries, len(judged), library, number), number),
    ]
    for own, each in judged:
        sent.extend(_of_patient(own, each, library, language))
    return {"resourceType": "Bundle", "id": name, "language": language, "type": "collection", "entry": sent}


def _of_patient(name: str, judged: Judged, library: Library, language: str) -> list[Json]:
    cards = [card for card in judged.answer.cards if speaks(card)] if judged.answer else []
    issues = {issue_name(card, judged): detected_issue(card, judged, library, language) for card in cards}
    proposed = proposals(cards, judged, library, language)
    told = name_of("not-judged", name)
    outcome = not_judged(judged, library, language, told)
    own = guidance(judged, name, list(issues), group_name(proposed), told if outcome else None, library)
    return [
        entry_of(own, name),
        *(entry_of(issue, each) for each, issue in issues.items()),
        *proposed,
        *([entry_of(outcome, told)] if outcome else []),
    ]
