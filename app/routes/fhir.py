"""FHIR operations: FHIR in, FHIR out, errors as OperationOutcomes."""

from datetime import date

from fastapi import APIRouter, Depends, Request, Response

from app.errors import BrokenJson, Issue
from app.intake.dose_lines import read_daily_dose
from app.intake.elements import Json, day, element, elements, text
from app.render.daily_dose import dose_parameters
from app.routes.answer import FHIR_JSON, json_response
from app.routes.body import read_json
from app.routes.described_fhir import daily_dose
from app.routes.negotiation import only_json
from app.settings import Settings
from app.strict.validation import is_strict, refuse_what_is_not_r4
from knowledge.library import Library

_READ = ("MedicationRequest", "MedicationStatement", "MedicationDispense")


def fhir_routes(library: Library, settings: Settings) -> APIRouter:
    """The operations under /fhir."""
    router = APIRouter(prefix="/fhir", tags=["FHIR"], dependencies=[Depends(only_json)])

    @router.post("/MedicationRequest/$daily-dose", **daily_dose())
    async def read_dose(request: Request) -> Response:
        body = await read_json(request, settings)
        if is_strict(request.headers.get("prefer")):
            refuse_what_is_not_r4(request.state.sent, body)
        prescription, today = _asked(body)
        return json_response(dose_parameters(read_daily_dose(prescription, library, today=today)), media=FHIR_JSON)

    return router


def _asked(body: object) -> tuple[Json, date | None]:
    """The prescription, and the day it is asked about: as the body itself, or as Parameters `prescription`, `today`.

    Raises BrokenJson (400) for anything else, naming the place.
    """
    resource = element(body)
    if resource.get("resourceType") in _READ:
        return resource, None
    if resource.get("resourceType") != "Parameters":
        raise _refused("The body is no prescription.", "resourceType")
    sent = [(f"Parameters.parameter[{i}]", one) for i, one in enumerate(elements(resource.get("parameter")))]
    prescriptions = [(where, one) for where, one in sent if text(one.get("name")) in ("prescription", "resource")]
    if len(prescriptions) != 1:
        raise _refused("The parameter prescription must be there once.", "Parameters.parameter")
    where, parameter = prescriptions[0]
    prescription = element(parameter.get("resource"))
    if prescription.get("resourceType") not in _READ:
        raise _refused("This parameter holds no prescription.", f"{where}.resource")
    return prescription, _today(sent)


def _today(sent: list[tuple[str, Json]]) -> date | None:
    for where, parameter in sent:
        if text(parameter.get("name")) == "today":
            told = day(parameter.get("valueDate")) or day(parameter.get("valueDateTime"))
            if told is None:
                raise BrokenJson(Issue("value", "This is no day. Write it like 2026-11-21.", f"{where}.value"))
            return told
    return None


def _refused(what: str, where: str) -> BrokenJson:
    how = "Send one MedicationRequest, MedicationStatement or MedicationDispense, or Parameters with it as `prescription`."
    return BrokenJson(Issue("invalid", f"{what} {how}", where))
