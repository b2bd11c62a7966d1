"""What a suggestion is made from: the words, the patient, the order being written if there is one, and who speaks."""

from dataclasses import dataclass
from typing import Protocol
from uuid import uuid4

from app.intake.elements import named
from app.intake.orders import Draft, Ordered
from app.render.valid import is_reference
from app.render.wording import Spoken, Wording
from cds_hooks.cards import Action, Suggestion
from knowledge.facts import Change, Order

SUPPLY_DAYS = 28  # review within the two to four weeks between reductions (ASAM 2025)
FIRST_SUPPLY_DAYS = 14  # for sleep: days to two weeks (product information)
_OF_ALL = ("plan-follow-up", "verify-medication")  # of all medicines the rule that leads speaks of


class Planned(Protocol):
    """A plan that the card carries."""

    def suggestion(self, offer: "Offer") -> Suggestion | None:
        """The order as the plan's next step, where it may be."""


@dataclass(frozen=True, slots=True)
class Offer:
    """Everything a suggestion is made from. `lead` is the rule that leads the card, `plan` what it may carry of one."""

    wording: Wording
    patient_id: str
    ordered: Ordered
    lead: Spoken
    plan: Planned | None = None

    @property
    def reference(self) -> str:
        """The order or use the card is about."""
        return self.wording.judgement.reference

    @property
    def draft(self) -> Draft | None:
        """The draft, if it can be changed by itself: one inside another Bundle or a group cannot, and one that stops a
        prescription has no dose of its own to change."""
        found, about = self.ordered.draft(self.reference), self.wording.judgement.about
        stops_one = isinstance(about, Order) and about.stops_one
        return found if found and not found.inside and not stops_one else None

    @property
    def focus(self) -> str | None:
        """The resource on the server that a proposal is about; a draft is not there yet."""
        return None if self.ordered.is_new(self.reference) or not is_reference(self.reference) else self.reference

    def label(self, kind: str, days: int = SUPPLY_DAYS) -> str:
        return self._phrase("suggestion", kind, days)

    def description(self, kind: str, days: int = SUPPLY_DAYS) -> str:
        return self._phrase("action", kind, days)

    def message(self, kind: str) -> str:
        """The words of a letter, a leaflet or a message."""
        said = self._phrase("message", kind)
        return said[:1].upper() + said[1:]

    def problem(self, kind: str) -> str:
        return self._phrase("problem", kind)

    def _phrase(self, table: str, kind: str, days: int = SUPPLY_DAYS) -> str:
        phrases = self.wording.library.phrases[self.wording.language]
        medicine = self.wording.spoken_of(self.lead) if kind in _OF_ALL else self.wording.medicine
        return phrases[table][kind].format(medicine=medicine, n=days)

    def made(self, kind: str, *actions: Action, days: int = SUPPLY_DAYS) -> Suggestion:
        return Suggestion(self.label(kind, days), str(uuid4()), actions)

    @property
    def may_delete(self) -> bool:
        """Only a new draft with an id of its own, of a medicine that is for sure not in use."""
        about = self.wording.judgement.about
        return (
            isinstance(about, Order)
            and about.changes == {Change.START}
            and self.draft is not None
            and bool(named(self.draft.original))
            and self.lead.advise.say != "question"
        )
