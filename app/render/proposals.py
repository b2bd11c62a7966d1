"""Suggestions beside the order: referrals, tasks, messages and entries of the problem list. Each is only proposed."""

from collections.abc import Callable

from app.render.offer import Offer
from app.render.resources import Json, communication, problem, proposal_id, referral, task
from app.render.valid import is_reference
from cds_hooks.cards import Action, Suggestion
from knowledge.facts import State

_SNOMED, _ICD_10 = "http://snomed.info/sct", "http://hl7.org/fhir/sid/icd-10"
# As they stand in codes/sedative-dependence.csv, so that what was recorded is known again.
_CODES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "record-dependence": (
        (_SNOMED, "268640002", "Hypnotic or anxiolytic dependence"),
        (
            _ICD_10,
            "F13.2",
            "Mental and behavioural disorders due to use of sedatives or hypnotics: dependence syndrome",
        ),
    ),
    "record-use-disorder": ((_SNOMED, "312098001", "Sedative, hypnotic AND/OR anxiolytic-related disorder"),),
}
_TO_THE_PATIENT = ("letter", "leaflet", "leaflet-pump")


def refer_action(offer: Offer, kind: str, *lists: str) -> Action:
    """A referral, with the problems of `lists` as its reason (alcohol dependence, if none are named)."""
    text, facts = offer.description(kind), offer.wording.facts
    wanted = frozenset(lists or ("alcohol-dependence",))
    reasons = [p.reference for p in facts.problems if wanted & p.lists and is_reference(p.reference)]
    identity = proposal_id("referral" if kind == "refer" else kind, offer.patient_id, offer.reference)
    return Action("create", text, resource=referral(identity, offer.patient_id, text, facts.today, tuple(reasons)))


def _refer(offer: Offer) -> Suggestion | None:
    return offer.made("refer", refer_action(offer, "refer"))


def _refer_specialist(offer: Offer) -> Suggestion | None:
    reasons = ("pregnancy", "breast-feeding", "suicidality", "aggression", "withdrawal-seizure", "withdrawal-delirium")
    return offer.made("refer-specialist", refer_action(offer, "refer-specialist", *reasons))


def _refer_for_sleep(offer: Offer) -> Suggestion | None:
    """Only where it is taken for sleep: that is where behavioural therapy was studied."""
    reasons = {name for reason in offer.wording.judgement.about.reasons for name in reason.lists}
    active = {name for p in offer.wording.facts.problems if p.state is State.ACTIVE for name in p.lists}
    if "insomnia" not in reasons | active:
        return None
    return offer.made("refer-cbt-sleep", refer_action(offer, "refer-cbt-sleep", "insomnia"))


def _refer_for_panic(offer: Offer) -> Suggestion | None:
    return offer.made("refer-cbt-panic", refer_action(offer, "refer-cbt-panic", "panic-disorder"))


def _task(kind: str, priority: str | None = None) -> Callable[[Offer], Suggestion | None]:
    def make(offer: Offer) -> Suggestion | None:
        text, today = offer.description(kind), offer.wording.facts.today
        identity = proposal_id(kind, offer.patient_id, offer.reference)
        resource = task(identity, offer.patient_id, text, today, offer.focus, priority)
        return offer.made(kind, Action("create", text, resource=resource))

    return make


def _message(kind: str) -> Callable[[Offer], Suggestion | None]:
    def make(offer: Offer) -> Suggestion | None:
        text, today = offer.description(kind), offer.wording.facts.today
        identity = proposal_id(kind, offer.patient_id, offer.reference)
        said, to_patient = offer.message(kind), kind in _TO_THE_PATIENT
        resource = communication(identity, offer.patient_id, text, said, today, to_patient=to_patient)
        return offer.made(kind, Action("create", text, resource=resource))

    return make


def _record(kind: str) -> Callable[[Offer], Suggestion | None]:
    def make(offer: Offer) -> Suggestion | None:
        text, today = offer.description(kind), offer.wording.facts.today
        identity = proposal_id(kind, offer.patient_id)
        code: Json = {
            "coding": [{"system": system, "code": code, "display": shown} for system, code, shown in _CODES[kind]],
            "text": offer.problem(kind),
        }
        resource = problem(identity, offer.patient_id, code, offer.problem("note"), today)
        return offer.made(kind, Action("create", text, resource=resource))

    return make


PROPOSALS: dict[str, Callable[[Offer], Suggestion | None]] = {
    "refer-addiction-care": _refer,
    "refer-specialist": _refer_specialist,
    "refer-cbt-sleep": _refer_for_sleep,
    "refer-cbt-panic": _refer_for_panic,
    "discuss": _task("discuss"),
    "plan-follow-up": _task("plan-follow-up"),
    "verify-medication": _task("verify-medication"),
    "verify-indication": _task("verify-indication"),
    "questionnaire": _task("questionnaire"),
    "one-prescriber": _task("one-prescriber"),
    "call-pump-team": _task("call-pump-team", "stat"),
    "letter": _message("letter"),
    "leaflet": _message("leaflet"),
    "leaflet-pump": _message("leaflet-pump"),
    "tell-gp": _message("tell-gp"),
    "tell-imaging": _message("tell-imaging"),
    "record-dependence": _record("record-dependence"),
    "record-use-disorder": _record("record-use-disorder"),
}
