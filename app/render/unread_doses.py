"""Doses that nobody could read, or that were not told, where a rule asked for them: the card names the medicine."""

from knowledge.criteria.dose import taken_together
from knowledge.facts import Dosage, Facts, Order, Use
from knowledge.medicine import Medicines
from knowledge.outcome import Advise, CannotTell, Judgement, Subject

_NO_DAILY_DOSE = ("not-taken", "as-needed-only", "single-dose")  # none is looked for


def unread_doses(judgement: Judgement, facts: Facts, medicines: Medicines) -> tuple[list[str], list[str]]:
    """The medicines whose daily dose is missing from what is judged: as it is ordered and taken beside it, and as the one
    ordered has been taken until now. Nothing where no rule asked for a dose. An order without any dose is being written
    still, and says so itself."""
    about = judgement.about
    if not isinstance(about, Order | Use) or not any(_asked(item.outcome) for item in judgement.outcomes):
        return [], []
    is_counted = medicines.is_any(about.medicine, {"bzra"})
    counted = taken_together(Subject(about, (), {}), facts, medicines) if is_counted else [about]
    now = [item for item in counted if _is_unread(item.dosage) and not (item is about and _is_blank(about))]
    own = [use for use in facts.uses if use.current and use.medicine == about.medicine and use is not about]
    before = [use for use in own if _is_unread(use.dosage)] if isinstance(about, Order) and about not in now else []
    return [item.medicine for item in now], [use.medicine for use in before]


def _asked(outcome: object) -> bool:
    match outcome:
        case Advise(gaps=gaps):
            return any(gap.missing == "dose" for gap in gaps)
        case CannotTell(missing=missing):
            return "dose" in missing
        case _:
            return False


def _is_unread(dosage: Dosage) -> bool:
    if dosage.once or dosage.why in _NO_DAILY_DOSE or (dosage.as_needed and dosage.daily is None):
        return False
    return dosage.daily is None or dosage.daily.unit != "mg"


def _is_blank(about: Order | Use) -> bool:
    return isinstance(about, Order) and about.dosage.why == "no-dose"
