"""What a card offers to do. No suggestion doubles a dose, and none ends a medicine in use without its replacement.

A new draft may be deleted; a draft is otherwise only ever `update`d, with everything it held kept.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from app.intake.elements import named
from app.intake.orders import Draft
from app.render.resources import proposal_id, referral, shorter_supply, task
from app.render.valid import is_reference, is_valid_order
from app.render.wording import Spoken, Wording
from cds_hooks.cards import Action, Suggestion
from knowledge.facts import Change, Order

SUPPLY_DAYS = 28  # review within the two to four weeks between reductions (ASAM 2025)


@dataclass(frozen=True, slots=True)
class Offer:
    """Everything a suggestion is made from: the words, the patient, and the draft if one is being written."""

    wording: Wording
    patient_id: str
    draft: Draft | None
    lead: Spoken

    def label(self, kind: str) -> str:
        return self.wording.library.phrases[self.wording.language]["suggestion"][kind].format(n=SUPPLY_DAYS)

    def description(self, kind: str) -> str:
        template = self.wording.library.phrases[self.wording.language]["action"][kind]
        return template.format(medicine=self.wording.medicine, n=SUPPLY_DAYS)

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


def suggestions_for(offer: Offer) -> tuple[Suggestion, ...]:
    """The suggestions of the rule that leads, each as far as it is safe for this order."""
    if not is_reference(f"Patient/{offer.patient_id}"):
        return ()  # nothing valid could be created for this patient
    made = (_MAKERS[kind](offer) for kind in offer.lead.advise.suggest)
    return tuple(suggestion for suggestion in made if suggestion)


def changes_the_order(suggestions: tuple[Suggestion, ...]) -> bool:
    """Whether any of them changes the draft: then they are alternatives, and at most one may be taken."""
    return any(action.type in ("update", "delete") for item in suggestions for action in item.actions)


def _delete(offer: Offer) -> Suggestion | None:
    return _suggestion(offer, "delete-order", _delete_action(offer)) if offer.may_delete else None


def _delete_and_refer(offer: Offer) -> Suggestion | None:
    if not offer.may_delete:
        return _refer(offer)
    return _suggestion(offer, "delete-order-and-refer", _delete_action(offer), _refer_action(offer))


def _refer(offer: Offer) -> Suggestion | None:
    return _suggestion(offer, "refer", _refer_action(offer))


def _shorter_supply(offer: Offer) -> Suggestion | None:
    about = offer.wording.judgement.about
    if offer.draft is None or not isinstance(about, Order):
        return None
    if about.dosage.daily is None or Change.STOP in about.changes:
        return None
    resource = shorter_supply(offer.draft.original, SUPPLY_DAYS)
    if resource is None or not is_valid_order(resource):
        return None
    return _suggestion(
        offer, "shorter-supply", Action("update", offer.description("shorter-supply"), resource=resource)
    )


def _discuss(offer: Offer) -> Suggestion | None:
    return _suggestion(offer, "discuss", _task_action(offer, "discuss"))


def _follow_up(offer: Offer) -> Suggestion | None:
    return _suggestion(offer, "plan-follow-up", _task_action(offer, "plan-follow-up"))


def _delete_action(offer: Offer) -> Action:
    assert offer.draft  # noqa: S101 - may_delete has seen it
    return Action("delete", offer.description("delete-order"), resource_id=offer.draft.reference)


def _refer_action(offer: Offer) -> Action:
    text = offer.description("refer")
    facts, reference = offer.wording.facts, offer.wording.judgement.reference
    reasons = tuple(
        p.reference for p in facts.problems if "alcohol-dependence" in p.lists and is_reference(p.reference)
    )
    identity = proposal_id("referral", offer.patient_id, reference)
    return Action("create", text, resource=referral(identity, offer.patient_id, text, facts.today, reasons))


def _task_action(offer: Offer, kind: str) -> Action:
    text, reference = offer.description(kind), offer.wording.judgement.reference
    focus = reference if not offer.draft and is_reference(reference) else None
    identity = proposal_id(kind, offer.patient_id, reference)
    return Action("create", text, resource=task(identity, offer.patient_id, text, offer.wording.facts.today, focus))


def _suggestion(offer: Offer, kind: str, *actions: Action) -> Suggestion:
    return Suggestion(offer.label(kind), str(uuid4()), actions)


_MAKERS: dict[str, Callable[[Offer], Suggestion | None]] = {
    "delete-order": _delete,
    "delete-order-and-refer": _delete_and_refer,
    "refer-addiction-care": _refer,
    "shorter-supply": _shorter_supply,
    "discuss": _discuss,
    "plan-follow-up": _follow_up,
}
