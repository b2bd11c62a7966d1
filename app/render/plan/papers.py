"""What all resources of one plan share: ids, references, words."""

from dataclasses import dataclass
from datetime import date

from app.render.named_uuid import named_uuid, namespace_of
from app.render.plan.dosages import Json
from app.render.plan_words import PlanWords
from knowledge.taper import Kind, Plan, Step

PLANS = "https://wane.example/fhir/plans"  # identifier system of a plan, by its hash
_NAMESPACE = namespace_of(PLANS)


@dataclass(frozen=True, slots=True)
class Papers:
    """What the resources of one plan are made from. `subject` is a Reference to the patient, `today` the day they are made
    on. The ids come from the plan's hash: the same plan gives the same resources."""

    plan: Plan
    words: PlanWords
    subject: Json
    today: date

    @property
    def rows(self) -> tuple[Step, ...]:
        """Every row but the dose of now."""
        return self.plan.steps[1:]

    @property
    def medicine(self) -> str:
        """The medicine's name; after a switch, that of the one switched to."""
        return self.words.medicine(self.plan.steps[-1].medicine)

    @property
    def group(self) -> Json:
        """The identifier that all its requests share."""
        return {"system": PLANS, "value": self.plan.hash}

    def id(self, *about: str) -> str:
        """The id of one of its resources."""
        return named_uuid(_NAMESPACE, self.plan.hash, *about)

    def to(self, *about: str) -> Json:
        """A reference to one of its resources."""
        return {"reference": f"urn:uuid:{self.id(*about)}"}

    def resource(self, kind: str, *about: str, **members: object) -> Json:
        """One of its resources, without the members that are empty: FHIR's JSON knows none."""
        made: Json = {"resourceType": kind, "id": self.id(*about), **members}
        return {name: value for name, value in made.items() if value not in (None, "", [], {})}

    def title(self, step: Step) -> str:
        """A row in one line."""
        day = self.words.long_date(step.first_day)
        if step.kind is Kind.STOP:
            return self.say("stop", day=day)
        mg = self.words.word("mg_a_day", mg=self.words.mg(step.mg))
        return self.say("step", medicine=self.words.medicine(step.medicine), mg=mg, day=day)

    def say(self, name: str, **values: str) -> str:
        """One of the texts that only these resources have."""
        return self.words.phrases["fhir"][name].format(**{"medicine": self.medicine, **values})


def period_of(step: Step) -> Json:
    """The days of a row, both ends included."""
    return {"start": step.first_day.isoformat(), "end": (step.last_day or step.first_day).isoformat()}
