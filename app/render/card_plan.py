"""The plan on a card: its next three rows as text, the link to all of it, and the draft as its next step."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from app.intake.orders import Draft, Ordered
from app.planning.offered import TOO_COARSE, Offered, offered
from app.render.next_step import next_order
from app.render.offer import Offer
from app.render.plan.papers import PLANS
from app.render.plan_words import PlanWords
from app.render.resources import proposal_id, task
from app.render.valid import is_reference
from app.render.wording import Spoken, Wording
from cds_hooks.cards import Action, Link, Suggestion
from knowledge.facts import Change, Order
from knowledge.taper import Kind, Plan, Step

KIND = "taper-plan"  # of rule.toml's suggestions: the rule speaks where a plan may be offered
_SHOWN = 3  # rows
_HERE = (Kind.HOLD, Kind.REDUCTION)


@dataclass(frozen=True, slots=True)
class CardPlan:
    """What a card carries of a plan, in words of one language."""

    found: Offered
    words: PlanWords
    draft: Draft | None

    def lines(self) -> list[str]:
        """The plan in a line, the fullest first; or why these products cannot follow one."""
        made = self.found.made
        if not isinstance(made, Plan):
            told = [self._say("cannot", because=self.words.because(made)[0])]
            return told if made.because[0].code in TOO_COARSE else []
        rows = made.steps[1 : 1 + _SHOWN]
        scheme = self.words.phrases["scheme"][made.scheme]
        texts = ("; ".join(self._row(step, units=units) for step in rows) for units in (True, False))
        return [self._say("line", scheme=scheme, steps=text) for text in texts]

    def _row(self, step: Step, *, units: bool) -> str:
        day, mg = self.words.long_date(step.first_day), self.words.word("mg_a_day", mg=self.words.mg(step.mg))
        if step.kind is Kind.STOP:
            return self._say("stop", day=day)
        if step.medicine != self.found.made.request.medicine:  # type: ignore[union-attr]
            mg = f"{self.words.medicine(step.medicine)} {mg}"
        if not units or len(step.intakes) != 1:
            return self._say("row", mg=mg, day=day)
        return self._say(
            "row_units", mg=mg, day=day, units=self.words.listed(map(self.words.marked_units, step.intakes[0].units))
        )

    def link(self, public_url: str) -> Link:
        """To the planner's page, with all of it filled in."""
        return Link(self._say("link"), f"{public_url}/taper?{self.found.query}&lang={self.words.language}")

    def suggestion(self, offer: Offer) -> Suggestion | None:
        """The draft as the next row, and a Task to look back before the one after; only where one order of the medicine is
        being written, it goes on with the one in use, and nothing else of the medicine would stay beside it."""
        made, about, draft = self.found.made, offer.wording.judgement.about, self.draft
        if not isinstance(made, Plan) or draft is None or not isinstance(about, Order) or offer.draft is None:
            return None
        step = made.steps[1]
        if about.changes != {Change.CONTINUE} or step.kind not in _HERE or len(about.replaces) > 1:
            return None
        if any(other.recognised.medicine == about.medicine for other in offer.ordered.drafts if other is not draft):
            return None
        prior = next((name for name in about.replaces if name != draft.reference), None)
        if prior is not None and not is_reference(prior):
            return None
        order = next_order(draft, made, step, prior, self.words, self.words.library, offer.ordered.included)
        if order is None:
            return None
        mg, days = self.words.word("mg_a_day", mg=self.words.mg(step.mg)), str(step.days)
        label = self._say("less" if step.kind is Kind.REDUCTION else "keep", mg=mg, days=days)
        change = self._say("change", mg=mg, day=self.words.long_date(step.next_day - timedelta(days=1)))
        return Suggestion(
            label, str(uuid4()), (Action("update", change, resource=order), self._follow_up(offer, made, step))
        )

    def _follow_up(self, offer: Offer, plan: Plan, step: Step) -> Action:
        text = self._say("follow_up", day=self.words.long_date(step.next_day))
        identity = proposal_id("taper-follow-up", offer.patient_id, offer.reference, plan.hash)
        resource = task(identity, offer.patient_id, text, offer.wording.facts.today, offer.focus)
        week_before = max(step.next_day - timedelta(days=7), step.first_day)
        period = {"start": week_before.isoformat(), "end": step.next_day.isoformat()}
        more = {"groupIdentifier": {"system": PLANS, "value": plan.hash}, "restriction": {"period": period}}
        return Action("create", text, resource={**resource, **more})

    def _say(self, name: str, **values: str) -> str:
        return self.words.phrases["card"][name].format(**values)


def card_plan(wording: Wording, spoken: Iterable[Spoken], ordered: Ordered, carries: str) -> CardPlan | None:
    """The plan of a card whose rules say that one may be offered. `carries` is what the client wants of it: "steps", "link"
    or "none"; for "none", and where no rule offers one, nothing is planned."""
    if carries == "none" or not any(KIND in each.advise.suggest for each in spoken):
        return None
    draft = ordered.draft(wording.judgement.reference)
    found = offered(wording.judgement.about, draft, wording.facts, wording.library, ordered.included)
    return CardPlan(found, PlanWords(wording.library, wording.language), draft) if found else None
