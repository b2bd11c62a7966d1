"""What advice was given on, as it is kept with a call: names out of the knowledge base and one figure, no more of the patient
than that. By it an override is later held against the same advice."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from knowledge.facts import Facts
from knowledge.outcome import Judgement
from knowledge.withholding import Evidence, Occasion, Overridden, evidence_of, occasion_of


class Grounds(NamedTuple):
    """The rules that spoke on a card, and on what: as `Occasion` and `Evidence`, in forms that JSON has."""

    rules: Sequence[str]
    medicine: str
    route: str | None
    reasons: Sequence[str]
    dose: str | None
    unit: str
    problems: Sequence[str]
    medicines: Sequence[str]
    told: Sequence[str]


def grounds_of(judgement: Judgement, facts: Facts, rules: Iterable[str]) -> Grounds:
    """The grounds of a card on which these rules speak."""
    occasion, evidence = occasion_of(judgement.about), evidence_of(judgement.about, facts)
    dose, problems, medicines, unit, told = evidence
    return Grounds(
        list(rules),
        occasion.medicine,
        occasion.route,
        sorted(occasion.reasons),
        None if dose is None else str(dose),
        unit,
        sorted(problems),
        sorted(medicines),
        sorted(told),
    )


def overridden(reason: str, on: date, grounds: Grounds) -> Overridden:
    """An override of the card that had these grounds."""
    evidence = Evidence(
        dose=None if grounds.dose is None else Decimal(grounds.dose),
        problems=frozenset(grounds.problems),
        medicines=frozenset(grounds.medicines),
        unit=grounds.unit,
        told=frozenset(grounds.told),
    )
    occasion = Occasion(grounds.medicine, grounds.route, frozenset(grounds.reasons))
    return Overridden(reason, on, frozenset(grounds.rules), evidence, occasion)
