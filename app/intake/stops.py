"""What a stop leaves: of several prescriptions of one medicine, those that go on when one of them goes."""

from collections.abc import Iterable
from datetime import date

from app.intake.prescription import Prescription
from app.intake.side_by_side import dosage_on, overlapping
from app.intake.spells import Spell, never_closed, spells_of
from knowledge.facts import Dosage, Use


def left_by(
    draft: Prescription, use: Use, lines: Iterable[Prescription], stopped: frozenset[str], today: date
) -> Dosage | None:
    """What is taken under the other prescriptions of the use when the one this draft names goes, and all that the call
    stops with it; None where nothing goes on for sure, and where the draft names none: then it is the medicine that stops.

    What was written later goes on. What was written before counts where it surely runs today: nothing that was never
    closed, whose supply has run out, or that the one being stopped has taken over from.
    """
    places = {reference: place for place, reference in enumerate(use.references)}
    named = next((places[name] for name in (draft.reference, draft.replaces) if name in places), None)
    if named is None:
        return None
    own = [line for line in lines if line.reference in places and line.is_use and not line.reported]
    spells = spells_of(own, today)
    taken_over = overlapping(spells, today)
    going_on = [
        spell
        for spell in spells
        if spell.holds_on(today, today)
        and not spell.line.names & stopped
        and (places[spell.line.reference] > named or (_runs(spell, today) and spell.line.reference not in taken_over))
    ]
    return dosage_on(today, going_on, today)[0]


def _runs(spell: Spell, today: date) -> bool:
    """Whether it is surely followed today."""
    has_run_out = spell.sure_to is not None and spell.sure_to < today
    return spell.sure and not has_run_out and not never_closed(spell.line, today)
