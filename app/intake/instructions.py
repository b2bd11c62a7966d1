"""The dosage instructions of a resource as they were sent: what is no instruction is not dropped, so that the reader of
doses can refuse it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from app.intake.dosage import read_dosages
from app.intake.elements import Json, text
from app.intake.modifiers import why_unreadable
from app.intake.strength import Strength
from knowledge.facts import Dosage

_NAMES = ("dosageInstruction", "dosage")  # of a request or dispense; of a statement


def instructions_of(resource: Json) -> Sequence[object]:
    """All of them; a single object counts as a list of one (R4 clients mix them up). Where there are none, a text for
    all of them is one."""
    sent = next((resource[name] for name in _NAMES if resource.get(name)), None)
    if isinstance(sent, Mapping):
        return [sent]
    rendered = rendered_of(resource)
    return sent if isinstance(sent, list) else [{"text": rendered}] if rendered and sent is None else []


def rendered_of(resource: Json) -> str | None:
    """The text for all instructions together: R5's, or the one beside instructions that stand in no resource."""
    return text(resource.get("renderedDosageInstruction")) or text(resource.get("text")) or None


def dosage_of(
    resource: Json,
    strength: Strength | None,
    *,
    today: date | None = None,
    authored: date | None = None,
    dispense: object = None,
    plausible: tuple[Decimal, Decimal] | None = None,
) -> Dosage:
    """The dose of a request, dispense or statement, or why it has none. See `read_dosages`. `plausible`: the mg a day
    between which a dose of this medicine can be meant."""
    if why := why_unreadable(resource):
        return Dosage(why=why)
    instructions, rendered = instructions_of(resource), rendered_of(resource)
    dosage = read_dosages(instructions, strength, today=today, authored=authored, dispense=dispense, rendered=rendered)
    return within(plausible, dosage)


def within(plausible: tuple[Decimal, Decimal] | None, dosage: Dosage) -> Dosage:
    """The dosage; without its dose where nobody can mean so much, or so little, of the medicine."""
    daily = dosage.daily
    if plausible is None or daily is None or daily.unit != "mg":
        return dosage
    least, most = plausible
    return dosage if least <= daily.high <= most else replace(dosage, daily=None, why="implausible")
