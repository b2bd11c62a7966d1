"""What became of every entry of a Bundle: used, not relevant, or unreadable. The three add up to all of them."""

from collections.abc import Iterable

from app.bundles.entries import Found
from app.bundles.entry import Entry, State
from app.bundles.judged import Judged
from app.bundles.people import People
from app.intake.lists import LIST_OF

# What is missing where a whole resource was lost, and why.
_LOST = {
    "resource-not-readable": "This resource could not be read.",
    "other-fhir-version": "This resource is of a FHIR version that is not read. Send R4.",
    "problem-not-readable": "This problem has no code and no words that can be read.",
    "medicine-not-told": "This resource does not tell its medicine.",
    "medicine-not-readable": "The medicine is told by a local code only. Add an ATC or SNOMED CT code, or its name.",
    "medicine-name-unclear": "The name of the medicine is nearly one that Wane knows. Add a code.",
    "codes-disagree": "The codes and the name of the medicine disagree.",
    "several-medicines-named": "Several medicines are named. Send each by itself.",
    "dispense-without-date": "This supply tells no day.",
}


def account_for(found: Found, people: People, judged: Iterable[Judged]) -> dict[Entry, str]:
    """Settle the state of every entry; those that are unreadable, with the reason."""
    reasons = {entry: entry.fault for entry in found.entries if entry.fault}
    reasons |= people.unplaced
    for each in judged:
        if each.read:
            _mark_read(each)
        lost = [(gap.missing, each.by_name.get(gap.about or "")) for gap in each.trail.gaps if gap.missing in _LOST]
        reasons |= {entry: _LOST[missing] for missing, entry in lost if entry}
        if each.failed:
            reasons |= dict.fromkeys(each.person.entries, "This patient's record could not be judged.")
    for entry in reasons:
        entry.state = State.UNREADABLE
    for entry in reversed(found.entries):
        if any(inner.state is State.USED for inner in entry.inside):
            entry.state = State.USED
    return {entry: reasons[entry] for entry in found.entries if entry in reasons}


def _mark_read(judged: Judged) -> None:
    person = judged.person
    for entry in (*person.entries, *person.again, *([person.entry] if person.entry else ())):
        kind = entry.resource["resourceType"] if entry.resource is not None else ""
        if kind in LIST_OF or entry in judged.drafts:
            entry.state = State.USED
