"""Who may follow the Belgian reimbursed taper programme (RIZIV/INAMI), as its published conditions say.

Source: BCFI article 4007 (2023-2024), FAGG Flash VIG-news 2024-06-10, Domus Medica 2023-01-31. Whether the conditions
changed after 2024 is not verified. "Three months" is read as 90 days (DESIGN, decision 5).
"""

from knowledge.taper.notes import Note, note
from knowledge.taper.patient import Answer, Fact
from knowledge.taper.refusal import Because
from knowledge.taper.request import PlanRequest

COUNTRY = "BE"
USE_DAYS = 90
HIGH_DOSE_MG = 20  # diazepam a day (Paling 2015)

# Three times the WHO DDD is no safe limit here: the DDD is a dose for epilepsy, or far above 20 mg of diazepam.
NO_SAFE_LIMIT = frozenset({"clonazepam", "midazolam"})

# What the doctor arranges; no record tells it.
CONDITIONS = "agreement-of-patient-doctor-pharmacist,one-pharmacy,consent-to-share,one-prescription-per-step"


def not_eligible(request: PlanRequest) -> tuple[Note, ...]:
    """Why this request may not follow the programme; empty when nothing known stands in the way.

    A condition that was not told is a reason too, with its own code ("…-not-told", "…-unknown").
    """
    return (*_place(request), *_use(request), *_dose(request))


def _place(request: PlanRequest) -> list[Note]:
    patient = request.patient
    found = []
    if patient.country is None:
        found.append(note(Because.PROGRAMME_COUNTRY_NOT_TOLD))
    elif patient.country != COUNTRY:
        found.append(note(Because.PROGRAMME_COUNTRY, country=patient.country))
    if patient.age_years is None:
        found.append(note(Because.PROGRAMME_AGE_NOT_TOLD))
    found += _answer(patient.has(Fact.NURSING_HOME), Answer.NO, Because.PROGRAMME_NURSING_HOME)
    return found


def _use(request: PlanRequest) -> list[Note]:
    patient = request.patient
    found = []
    if patient.has(Fact.SECOND_BZRA) is Answer.NOT_TOLD:
        found.append(note(Because.PROGRAMME_SECOND_BZRA_NOT_TOLD))
    if patient.continuous_days is None:
        found.append(note(Because.PROGRAMME_USE_NOT_TOLD))
    elif patient.continuous_days < USE_DAYS:
        found.append(note(Because.PROGRAMME_USE_TOO_SHORT, days=patient.continuous_days, at_least_days=USE_DAYS))
    if not request.intakes:
        found.append(note(Because.PROGRAMME_DIVISION_NOT_TOLD))
    elif len(request.intakes) > 1:
        found.append(note(Because.PROGRAMME_NOT_ONCE_DAILY, intakes=len(request.intakes)))
    found += _answer(patient.has(Fact.USED_FOR_SLEEP), Answer.YES, Because.PROGRAMME_NOT_FOR_SLEEP)
    if patient.has(Fact.PROGRAMME_PAST_YEAR) is Answer.YES and request.origin is None:
        found.append(note(Because.PROGRAMME_USED_THIS_YEAR))
    return found


def _dose(request: PlanRequest) -> list[Note]:
    found = []
    if any(product.modified_release for product in request.products):
        found.append(note(Because.PROGRAMME_MODIFIED_RELEASE))
    mg = request.start_mg or request.daily_mg
    if mg is None:
        return found
    limit = None if request.medicine in NO_SAFE_LIMIT else request.programme_limit_mg
    if limit is None:
        found.append(note(Because.PROGRAMME_LIMIT_UNKNOWN, medicine=request.medicine))
    elif mg > limit:
        found.append(note(Because.PROGRAMME_DOSE_ABOVE_LIMIT, mg=mg, limit_mg=limit))
    tables = request.tables()
    if tables is None:
        found.append(note(Because.PROGRAMME_EQUIVALENCE_UNKNOWN, medicine=request.medicine))
    elif tables.diazepam_mg(mg)[0] >= HIGH_DOSE_MG:
        found.append(note(Because.PROGRAMME_HIGH_DOSE, low_mg=tables.diazepam_mg(mg)[0], limit_mg=HIGH_DOSE_MG))
    return found


NOT_TOLD = {
    Because.PROGRAMME_NURSING_HOME: Because.PROGRAMME_RESIDENCE_NOT_TOLD,
    Because.PROGRAMME_NOT_FOR_SLEEP: Because.PROGRAMME_REASON_NOT_TOLD,
}


def _answer(answer: Answer, wanted: Answer, otherwise: Because) -> list[Note]:
    if answer is wanted:
        return []
    return [note(NOT_TOLD[otherwise] if answer is Answer.NOT_TOLD else otherwise)]
