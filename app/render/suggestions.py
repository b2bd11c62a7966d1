"""What a card offers to do. No suggestion doubles a dose, and none ends a medicine in use without its replacement.

A new draft may be deleted; a draft is otherwise only ever `update`d, with everything it held kept.
"""

from collections.abc import Callable, Iterable
from fractions import Fraction

from app.render.offer import FIRST_SUPPLY_DAYS, SUPPLY_DAYS, Offer
from app.render.proposals import PROPOSALS, refer_action
from app.render.supply import Json, lasts_at_most, with_end, with_supply
from app.render.valid import is_reference, is_valid_order
from app.render.wording import Spoken
from cds_hooks.cards import Action, Suggestion
from knowledge.facts import Change, Order

MOST = 7  # suggestions on one card


def suggestions_for(offer: Offer, others: Iterable[Spoken] = ()) -> tuple[Suggestion, ...]:
    """The suggestions of the rule that leads, then what the other rules on the card propose beside the order: each as
    far as it is safe for this order, and each once."""
    if not is_reference(f"Patient/{offer.patient_id}"):
        return ()  # nothing valid could be created for this patient
    kinds = dict.fromkeys(offer.lead.advise.suggest)
    kinds |= dict.fromkeys(kind for other in others for kind in other.advise.suggest if kind in _BESIDE)
    made = (_MAKERS[kind](offer) for kind in kinds)
    return tuple(suggestion for suggestion in made if suggestion)[:MOST]


def changes_the_order(suggestions: tuple[Suggestion, ...]) -> bool:
    """Whether any of them changes the draft: then they are alternatives, and at most one may be taken."""
    return any(action.type in ("update", "delete") for item in suggestions for action in item.actions)


def _delete(offer: Offer) -> Suggestion | None:
    return offer.made("delete-order", _delete_action(offer)) if offer.may_delete else None


def _delete_and_refer(offer: Offer) -> Suggestion | None:
    if not offer.may_delete:
        return PROPOSALS["refer-addiction-care"](offer)
    return offer.made("delete-order-and-refer", _delete_action(offer), refer_action(offer, "refer"))


def _delete_action(offer: Offer) -> Action:
    assert offer.draft  # noqa: S101 - may_delete has seen it
    return Action("delete", offer.description("delete-order"), resource_id=offer.draft.reference)


def _shorter_supply(offer: Offer) -> Suggestion | None:
    return _changed(
        offer, "shorter-supply", SUPPLY_DAYS, lambda draft: with_supply(draft, SUPPLY_DAYS, _units_a_day(offer))
    )


def _first_supply(offer: Offer) -> Suggestion | None:
    """A supply for two weeks and an end; one of the two where the order can be given only that, and then its words say so."""

    def supplied(draft: Json) -> Json | None:
        return with_supply(draft, FIRST_SUPPLY_DAYS, _units_a_day(offer))

    def both(draft: Json) -> Json | None:
        shorter = supplied(draft)
        return with_end(shorter, FIRST_SUPPLY_DAYS) if shorter else None

    def ended(draft: Json) -> Json | None:
        return with_end(draft, FIRST_SUPPLY_DAYS) if lasts_at_most(draft, FIRST_SUPPLY_DAYS) else None

    tried = (("first-supply", both), ("shorter-supply", supplied), ("first-end", ended))
    made = (_changed(offer, kind, FIRST_SUPPLY_DAYS, change) for kind, change in tried)
    return next((suggestion for suggestion in made if suggestion), None)


def _changed(offer: Offer, kind: str, days: int, change: Callable[[Json], Json | None]) -> Suggestion | None:
    """The same order with another supply; only where the dose is known and the result is valid."""
    about = offer.wording.judgement.about
    if offer.draft is None or not isinstance(about, Order):
        return None
    if about.dosage.daily is None or Change.STOP in about.changes:
        return None
    resource = change(dict(offer.draft.original))
    if resource is None or not is_valid_order(resource):
        return None
    return offer.made(kind, Action("update", offer.description(kind, days), resource=resource), days=days)


def _units_a_day(offer: Offer) -> Fraction | None:
    """How many tablets (or what else is counted) are taken a day, where one number is known."""
    daily = offer.wording.judgement.about.dosage.daily
    if offer.draft is None or daily is None or daily.low != daily.high:
        return None
    if daily.unit != "mg":
        return Fraction(daily.high)
    strength = offer.draft.recognised.strength
    return Fraction(daily.high) / Fraction(strength.mg_per_unit) if strength and strength.mg_per_unit else None


def _next_step(offer: Offer) -> Suggestion | None:
    return offer.plan.suggestion(offer) if offer.plan else None


_BESIDE = {*PROPOSALS, "taper-plan"}  # what a rule that does not lead may still propose
_MAKERS: dict[str, Callable[[Offer], Suggestion | None]] = {
    "delete-order": _delete,
    "delete-order-and-refer": _delete_and_refer,
    "first-supply": _first_supply,
    "shorter-supply": _shorter_supply,
    "taper-plan": _next_step,
    **PROPOSALS,
}
