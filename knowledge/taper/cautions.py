"""The notes on a whole plan: what was not told, what is unverified, what deserves a second look."""

from collections.abc import Iterator

from knowledge.taper.conversion import ELDERLY_YEARS
from knowledge.taper.footing import Footing
from knowledge.taper.notes import Note, note
from knowledge.taper.patient import Answer, Fact
from knowledge.taper.plan import Caution, Flag, Step
from knowledge.taper.programme import CONDITIONS, HIGH_DOSE_MG
from knowledge.taper.request import PlanRequest
from knowledge.taper.schemes import Scheme
from knowledge.taper.screening import stopping_facts

LONG_DAYS = 366
WITHDRAWN = {"tetrazepam": "EMA/256383/2013"}


def cautions(request: PlanRequest, scheme: Scheme, footing: Footing, steps: tuple[Step, ...]) -> Iterator[Note]:
    """Every note on the plan, in the order in which it matters."""
    yield from _dose(request, scheme)
    yield from _switch(request, footing)
    yield from _scheme(request, scheme, steps)
    yield from _told(request, scheme)
    if any(step.flag(Flag.UNVERIFIED_STRENGTH) for step in steps) or not all(
        units.product.verified for intake in footing.baseline for units in intake.units
    ):
        yield note(Caution.UNVERIFIED_STRENGTH)
    days = (steps[-1].next_day - request.first_day).days
    if days > LONG_DAYS:
        yield note(Caution.LONG_PLAN, days=days)


def _dose(request: PlanRequest, scheme: Scheme) -> Iterator[Note]:
    if request.medicine in WITHDRAWN:
        yield note(Caution.WITHDRAWN_PRODUCT, medicine=request.medicine, source=WITHDRAWN[request.medicine])
    tables, mg = request.tables(), request.start_mg or request.daily_mg
    if scheme.medicines != "bzra" or tables is None or mg is None:
        return
    low_mg, high_mg = tables.diazepam_mg(mg)
    if high_mg < HIGH_DOSE_MG:
        return
    code = Caution.HIGH_DOSE if low_mg >= HIGH_DOSE_MG else Caution.HIGH_DOSE_POSSIBLE
    yield note(code, low_mg=low_mg, high_mg=high_mg, limit_mg=HIGH_DOSE_MG)
    if scheme.programme:
        yield note(Caution.PROGRAMME_NOT_FIRST, low_mg=low_mg, high_mg=high_mg)


def _switch(request: PlanRequest, footing: Footing) -> Iterator[Note]:
    if footing.switch is None:
        return
    switch = footing.switch
    yield note(Caution.CONVERSION_RANGE, low_mg=switch.low_mg, high_mg=switch.high_mg, chosen_mg=switch.chosen_mg)
    yield note(Caution.CONVERSION_GRADUALLY, source="ASAM 2025", days_from=7, days_to=14)
    if request.patient.age_years is None:
        yield note(Caution.CONVERSION_ELDERLY, age="not-told")
    elif request.patient.age_years >= ELDERLY_YEARS:
        yield note(Caution.CONVERSION_ELDERLY, age=request.patient.age_years)


def _scheme(request: PlanRequest, scheme: Scheme, steps: tuple[Step, ...]) -> Iterator[Note]:
    yield note(Caution.SCHEME_UNVERIFIED, unverified=",".join(scheme.unverified), house=",".join(scheme.house))
    if scheme.programme:
        yield note(Caution.PERCENTAGES_INFERRED)
        yield note(Caution.PROGRAMME_CONDITIONS, arrange=CONDITIONS)
        if request.patient.has(Fact.PROGRAMME_PAST_YEAR) is Answer.NOT_TOLD:
            yield note(Caution.PROGRAMME_YEAR_NOT_TOLD)
    if scheme.usual_to is not None and request.step is not None and request.step > scheme.usual_to:
        yield note(Caution.ASKED_ABOVE_USUAL, step=request.step, usual_to=scheme.usual_to)
    if faster := [str(step.row) for step in steps if step.flag(Flag.FASTER_THAN_ASAM)]:
        yield note(Caution.FASTER_THAN_ASAM, rows=",".join(faster), compared=scheme.compared)
    if scheme.target_mg is not None:
        yield note(Caution.ENDS_ABOVE_NONE, mg=steps[-1].mg)


def _told(request: PlanRequest, scheme: Scheme) -> Iterator[Note]:
    missing = [str(fact) for fact in stopping_facts(scheme) if request.patient.has(fact) is Answer.NOT_TOLD]
    if request.patient.age_years is None:
        missing.insert(0, "age")
    if request.route is None:
        missing.insert(0, "route")
    if missing:
        yield note(Caution.NOT_TOLD, facts=",".join(missing))
    if not request.intakes:
        yield note(Caution.DIVISION_NOT_TOLD)
