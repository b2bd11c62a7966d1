"""What would make a plan possible, or gentler: finer products, diazepam, another named scheme."""

from dataclasses import replace
from fractions import Fraction

from knowledge.taper import conversion
from knowledge.taper.ending import stop_limits
from knowledge.taper.footing import Footing
from knowledge.taper.notes import Note, Value, note
from knowledge.taper.patient import Answer, Fact
from knowledge.taper.products import Form, Product
from knowledge.taper.refusal import Alternative
from knowledge.taper.request import DIAZEPAM, Conversion, PlanRequest
from knowledge.taper.schemes import SCHEMES, Scheme

STANDARD_DOSE_MG = 10  # of diazepam


def largest_part(request: PlanRequest, scheme: Scheme, footing: Footing) -> dict[str, Value]:
    """The largest smallest-dose with which this scheme can be followed down to the stop: `smallest_part_mg` at most,
    and, where one standard dose is less than that, under `below_mg`."""
    parts = [share * footing.start_mg for share in (scheme.low_dose_of_start, scheme.cap_of_start) if share]
    part = min([*parts, scheme.cap_mg] if scheme.cap_mg else parts)
    below_mg = stop_limits(request, scheme, footing).below_mg
    if scheme.target_mg is None and below_mg is not None and below_mg <= part:
        return {"below_mg": below_mg}
    return {"smallest_part_mg": part}


def alternatives(request: PlanRequest, scheme: Scheme, footing: Footing) -> tuple[Note, ...]:
    """Finer products first, then diazepam where nothing is known against it, then schemes these products can follow."""
    part = largest_part(request, scheme, footing)
    finer = (Alternative.SMALLER_STRENGTH, Alternative.LIQUID, Alternative.COMPOUNDED_CAPSULES)
    return (
        *(note(code, **part) for code in finer),
        *_diazepam(request),
        *_schemes(request, scheme, footing),
    )


def _diazepam(request: PlanRequest) -> tuple[Note, ...]:
    if request.conversion is not None or request.equivalence is None or request.daily_mg is None:
        return ()
    anything = Conversion((Product(DIAZEPAM, Form.TABLET, Fraction(1)),))
    told = request.patient.has(Fact.HEPATIC_DISEASE) is not Answer.NOT_TOLD
    patient = replace(request.patient, absent=request.patient.absent | (set() if told else {Fact.HEPATIC_DISEASE}))
    if conversion.reasons(replace(request, conversion=anything, patient=patient)):
        return ()
    low_mg, high_mg = request.equivalence.diazepam_mg(request.daily_mg)
    values: dict[str, Value] = {"low_mg": low_mg, "high_mg": high_mg}
    cautions = [] if told else [str(Fact.HEPATIC_DISEASE)]
    if (request.patient.age_years or 0) >= conversion.ELDERLY_YEARS:
        cautions.append("elderly")
    if cautions:
        values["check"] = ",".join(cautions)
    return (note(Alternative.SWITCH_TO_DIAZEPAM, **values),)


def _schemes(request: PlanRequest, scheme: Scheme, footing: Footing) -> tuple[Note, ...]:
    lowest_mg = footing.ladder.lowest * footing.ladder.grain
    tables = request.tables()
    if tables is not None and tables.diazepam_mg(footing.start_mg)[1] >= 2 * STANDARD_DOSE_MG:
        return ()  # a faster scheme is for a low dose
    return tuple(
        note(Alternative.OTHER_SCHEME, scheme=other.id, compared=other.compared)
        for other in SCHEMES.values()
        if other.id != scheme.id
        and other.medicines == scheme.medicines
        and not other.programme
        and other.cap_of_start is not None
        and lowest_mg <= other.cap_of_start * footing.start_mg
    )
