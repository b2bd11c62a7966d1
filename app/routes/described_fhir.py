"""What the OpenAPI pages say of the FHIR operations."""

from app.routes.described import Json, errors, examples, list_of, object_of, text_of

FHIR_JSON = "application/fhir+json"
_ANY = {"type": "object", "additionalProperties": True}


def daily_dose() -> Json:
    """Arguments of the route of $daily-dose."""
    asked = {"schema": {"$ref": "#/components/schemas/DailyDoseRequest"}, "examples": examples("daily-dose")}
    answer = {FHIR_JSON: {"schema": {"$ref": "#/components/schemas/DailyDose"}}}
    return {
        "operation_id": "daily-dose",
        "summary": "What a prescription says is taken per day",
        "openapi_extra": {"requestBody": {"required": True, "content": {FHIR_JSON: asked}}},
        "responses": {
            200: {"description": "The dose, or the reason why there is none", "content": answer},
            **errors(FHIR_JSON, but_not=(412,)),
        },
    }


_MEMBERS = (
    "`id` (string) of the prescription; `daily` (Range), in mg where the strength is known, else in the unit as written; "
    "`as_needed_max` (Quantity), the most that may be taken as needed on top of it; `basis` (string): structure, text or "
    "supply; `certainty` (code): sure, likely or unknown; `conflict` (boolean): text and structure say different things; "
    "`reason` (code) why there is no dose, or why it is not in mg. What is not told is left out."
)

FHIR_SCHEMAS: Json = {
    "DailyDoseRequest": {
        "description": "A MedicationRequest, MedicationStatement or MedicationDispense (R4 or R5), or Parameters with it as "
        "`prescription`, and perhaps `today` (date), which decides which of several steps is told: without it, the first.",
        **_ANY,
    },
    "DailyDose": object_of(
        "FHIR R4 Parameters.",
        {
            "resourceType": {"const": "Parameters"},
            "parameter": list_of(
                object_of(
                    "One member of the answer.", {"name": text_of("Its name")}, ("name",), additionalProperties=True
                ),
                _MEMBERS,
            ),
        },
        ("resourceType", "parameter"),
    ),
}
