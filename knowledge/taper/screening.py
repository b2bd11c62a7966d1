"""What makes a request unsafe or incomplete before any arithmetic. Every reason found is given, not only the first."""

from knowledge.taper.notes import Note, note
from knowledge.taper.patient import Answer, Fact
from knowledge.taper.refusal import Because
from knowledge.taper.request import PlanRequest
from knowledge.taper.schemes import GROUPS, REFUSED, SCHEMES, Scheme

ADULT_YEARS = 18

# Specialist review instead of an automatic plan (DESIGN: bzra-special-care, bzra-check-indication, decisions 6 and 8).
STOPS_A_BZRA_PLAN = (
    Fact.PREGNANCY,
    Fact.BREAST_FEEDING,
    Fact.EPILEPSY,
    Fact.WITHDRAWAL_SEIZURE,
    Fact.WITHDRAWAL_DELIRIUM,
    Fact.SUICIDALITY,
    Fact.AGGRESSION,
    Fact.ALCOHOL_DEPENDENCE,
    Fact.DRUG_DEPENDENCE,
    Fact.PALLIATIVE_CARE,
    Fact.SPASTICITY,
    Fact.STIFF_PERSON,
    Fact.SECOND_BZRA,
)
# Baclofen is tapered because of alcohol: that dependence, another medicine beside it, is no reason not to.
STOPS_A_BACLOFEN_PLAN = tuple(
    fact for fact in STOPS_A_BZRA_PLAN if fact not in (Fact.ALCOHOL_DEPENDENCE, Fact.DRUG_DEPENDENCE, Fact.SECOND_BZRA)
)
USED_IN_EPILEPSY = frozenset({"clonazepam", "clobazam"})


def stopping_facts(scheme: Scheme) -> tuple[Fact, ...]:
    """The facts that rule out an automatic plan of this scheme."""
    return STOPS_A_BZRA_PLAN if scheme.medicines == "bzra" else STOPS_A_BACLOFEN_PLAN


def scheme_reasons(request: PlanRequest) -> list[Note]:
    """Why the scheme asked for cannot be followed at all."""
    if missing := REFUSED.get(request.scheme):
        return [note(Because.SCHEME_NOT_KNOWN_IN_FULL, scheme=request.scheme, missing=missing)]
    scheme = SCHEMES.get(request.scheme)
    if scheme is None:
        return [note(Because.SCHEME_UNKNOWN, scheme=request.scheme)]
    if request.medicine not in frozenset().union(*GROUPS.values()):
        return [note(Because.MEDICINE_UNKNOWN, medicine=request.medicine)]
    if request.medicine not in GROUPS[scheme.medicines]:
        return [note(Because.SCHEME_NOT_FOR_MEDICINE, scheme=scheme.id, medicine=request.medicine)]
    return []


def reasons(request: PlanRequest, scheme: Scheme) -> list[Note]:
    """Every missing or unsafe fact in the request, by code; empty when a plan may be tried."""
    return [
        *_patient(request, scheme),
        *_dose(request),
        *_products(request),
        *_parameters(request, scheme),
    ]


def _patient(request: PlanRequest, scheme: Scheme) -> list[Note]:
    patient = request.patient
    found = [note(fact) for fact in stopping_facts(scheme) if patient.has(fact) is Answer.YES]
    if patient.age_years is not None and patient.age_years < ADULT_YEARS:
        found.append(note(Because.UNDER_18, age_years=patient.age_years))
    if request.medicine in USED_IN_EPILEPSY and patient.has(Fact.EPILEPSY) is Answer.NOT_TOLD:
        found.append(note(Because.INDICATION_UNKNOWN, fact=Fact.EPILEPSY))
    return found


def _dose(request: PlanRequest) -> list[Note]:
    found = []
    if request.as_needed:
        found.append(note(Because.AS_NEEDED))
    if request.route not in (None, "oral"):
        found.append(note(Because.ROUTE_NOT_ORAL, route=str(request.route)))
    if request.daily_mg is None:
        return [*found, note(Because.DOSE_UNKNOWN)]
    if request.daily_mg <= 0:
        return [*found, note(Because.DOSE_NOT_POSITIVE)]
    if request.daily_mg_to not in (None, request.daily_mg):
        found.append(note(Because.DOSE_RANGE, low_mg=request.daily_mg, high_mg=request.daily_mg_to or request.daily_mg))
    divided = sum(intake.mg for intake in request.intakes)
    if request.intakes and divided != request.daily_mg:
        found.append(note(Because.DIVISION_DOES_NOT_ADD_UP, daily_mg=request.daily_mg, divided_mg=divided))
    moments = [intake.when for intake in request.intakes]
    if len(set(moments)) < len(moments):
        found.append(note(Because.DIVISION_REPEATS_A_MOMENT, moments=",".join(moments)))
    if request.start_mg is not None and request.start_mg < request.daily_mg:
        found.append(note(Because.START_BELOW_DOSE, start_mg=request.start_mg, daily_mg=request.daily_mg))
    for intake in request.intakes:
        held = sum(units.mg for units in intake.units)
        if intake.units and (held != intake.mg or any(units.product not in request.products for units in intake.units)):
            found.append(note(Because.TAKEN_UNITS_DIFFER, when=intake.when, mg=intake.mg, units_mg=held))
    return found


def _products(request: PlanRequest) -> list[Note]:
    if not request.products:
        return [note(Because.NO_PRODUCTS)]
    found = [
        note(Because.PRODUCT_OF_OTHER_MEDICINE, medicine=product.medicine)
        for product in request.products
        if product.medicine != request.medicine
    ]
    if len({product.modified_release for product in request.products}) > 1:
        found.append(note(Because.MIXED_RELEASE))
    return found


def _parameters(request: PlanRequest, scheme: Scheme) -> list[Note]:
    found = []
    if request.step is not None and not scheme.step_from <= request.step <= scheme.step_to:
        limits = {"step_from": scheme.step_from, "step_to": scheme.step_to}
        found.append(note(Because.STEP_OUT_OF_RANGE, step=request.step, of=scheme.of, **limits))
    if request.interval_days is not None and not scheme.allows_days(request.interval_days):
        allowed = ",".join(map(str, scheme.days_choice)) or f"{scheme.days_from}-{scheme.days_to}"
        found.append(note(Because.INTERVAL_OUT_OF_RANGE, days=request.interval_days, allowed_days=allowed))
    if request.last_mg is not None and (scheme.programme or scheme.target_mg is not None):
        found.append(note(Because.LAST_DOSE_FIXED, scheme=scheme.id))
    before = request.origin.holds_before if request.origin else 0
    if scheme.holds is not None and before + len(request.holds) > scheme.holds:
        found.append(note(Because.TOO_MANY_HOLDS, holds=before + len(request.holds), at_most=scheme.holds))
    if scheme.hold_days is not None:
        found += [
            note(Because.HOLD_TOO_LONG, days=hold.days, at_most_days=scheme.hold_days)
            for hold in request.holds
            if hold.days > scheme.hold_days
        ]
    return found
