"""What the OpenAPI pages say of the planner."""

from app.planning.asked import FIELDS
from app.routes.answer import FHIR_JSON
from app.routes.described import Json, errors, examples, list_of, object_of, text_of

_ANY = {"type": "object", "additionalProperties": True}
_AMOUNT = {"type": ["string", "number"]}
_LISTS = ("intakes", "products", "holds", "diazepam_products", "present", "absent", "changes")
_FLAGS = ("as_needed", "modified_release", "convert_to_diazepam")
_NUMBERS = ("daily_mg", "daily_mg_to", "last_mg", "start_mg", "step_percent", "step_mg")
_WHOLE = ("interval_days", "age_years", "continuous_days")


def plan_described() -> Json:
    """Arguments of the route of /taper/plan."""
    asked = {"schema": {"$ref": "#/components/schemas/PlanRequest"}, "examples": examples("taper-plan")}
    answer = {"application/json": {"schema": {"$ref": "#/components/schemas/PlanAnswer"}}}
    return {
        "operation_id": "taper-plan",
        "summary": "Plan a taper in doses that real products make, or say why not",
        "description": "A request that cannot be planned safely is answered with 200 and `outcome` `refused`: each missing or "
        "unsafe fact by its code and in words, and what would help. A field that cannot be read gets 400 and is named. To go "
        "on from a plan in another way (`changes`), send its fields again: the same fields always give the same plan.",
        "openapi_extra": {"requestBody": {"required": True, "content": {"application/json": asked}}},
        "responses": {
            200: {"description": "The plan, or the refusal", "content": answer},
            **errors(but_not=(412,)),
        },
    }


def plan_taper() -> Json:
    """Arguments of the route of $plan-taper."""
    asked = {"schema": {"$ref": "#/components/schemas/PlanTaperRequest"}, "examples": examples("plan-taper")}
    answer = {FHIR_JSON: {"schema": {"$ref": "#/components/schemas/PlanBundle"}}}
    refusal = {FHIR_JSON: {"schema": {"$ref": "#/components/schemas/OperationOutcome"}}}
    return {
        "operation_id": "plan-taper",
        "summary": "Plan a taper, as FHIR",
        "description": "The same plan as `POST /taper/plan`. Parameters have the names of its fields, beside `prescription` (a "
        "MedicationRequest: what it tells stands where no parameter says otherwise), `subject` (a Reference) and `form`: "
        "`steps` for a prescription of each product in each row, `sequence` for one prescription with its doses in sequence. A "
        "request that cannot be planned safely gets 422: each reason as an error, what would help as information.",
        "openapi_extra": {"requestBody": {"required": True, "content": {FHIR_JSON: asked}}},
        "responses": {
            200: {"description": "The plan", "content": answer},
            **errors(FHIR_JSON, but_not=(412,)),
            "422": {"description": "No safe plan can be made: why, and what would help", "content": refusal},
        },
    }


def _field(name: str, meaning: str) -> Json:
    if name in _LISTS:
        return list_of({"type": ["string", "object"]}, meaning)
    if name in _FLAGS:
        return {"type": "boolean", "description": meaning}
    if name in _NUMBERS:
        return {**_AMOUNT, "description": meaning}
    if name in _WHOLE:
        return {"type": "integer", "minimum": 0, "description": meaning}
    return text_of(meaning, **({"format": "date"} if name == "first_day" else {}))


_SHARE = object_of("A share.", {"share": text_of("Exactly, as 1/10"), "percent": text_of("In percent")})
_NOTE = object_of(
    "One statement: a stable code, its words, and its values by name.",
    {"code": text_of("Code"), "text": text_of("In words"), "values": {**_ANY, "description": "Its values"}},
    ("code", "text", "values"),
)
_UNITS = object_of(
    "So many units of a product.",
    {
        "product": {"type": "integer", "description": "Place in `products`, from 0"},
        "number": text_of("How many tablets, capsules, millilitres or drops"),
    },
    ("product", "number"),
)
_STEP = object_of(
    "One row: from `first_day` to `last_day`, `mg` a day. Row 0 is the dose of now; the last row says stop, if it stops.",
    {
        "row": {"type": "integer"},
        "kind": {"type": "string", "enum": ["baseline", "switch", "hold", "reduction", "stop"]},
        "medicine": text_of("The medicine of this row"),
        "first_day": text_of("First day", format="date"),
        "last_day": {
            "type": ["string", "null"],
            "format": "date",
            "description": "Last day; null where it has no days",
        },
        "days": {"type": "integer", "minimum": 0},
        "mg": text_of("Dose a day, exactly"),
        "intakes": list_of(
            object_of(
                "One intake.",
                {
                    "when": text_of("morning, noon, evening, night; day: not told"),
                    "mg": text_of("mg"),
                    "units": list_of(_UNITS, "What is taken"),
                },
                ("when", "mg", "units"),
            ),
            "The day's intakes.",
        ),
        "drop_of_previous": _SHARE,
        "drop_of_start": _SHARE,
        "flags": list_of(_NOTE, "What deserves a look in this row."),
        "supply": list_of(_UNITS, "What the row uses in all."),
    },
    ("row", "kind", "medicine", "first_day", "last_day", "days", "mg", "intakes", "flags", "supply"),
)
TAPER_SCHEMAS: Json = {
    "PlanRequest": object_of(
        "What a taper is asked for. Amounts may be numbers or decimal text.",
        {name: _field(name, meaning) for name, meaning in FIELDS.items()},
        ("medicine",),
        additionalProperties=False,
    ),
    "PlanTaperRequest": {"description": "Parameters, or a MedicationRequest (FHIR R4).", **_ANY},
    "PlanBundle": object_of(
        "A Bundle (collection): CarePlan, Goal, RequestGroup, MedicationRequest, Task, CommunicationRequest, Provenance, each "
        "a draft and a proposal, with the same ids for the same plan.",
        {
            "resourceType": {"const": "Bundle"},
            "type": {"const": "collection"},
            "entry": list_of(_ANY, "The resources."),
        },
        ("resourceType", "type", "entry"),
        additionalProperties=True,
    ),
    "PlanStep": _STEP,
    "Plan": object_of(
        "The canonical plan.",
        {
            "hash": text_of("SHA-256 of the request, the rows and the version"),
            "version": text_of("Of planner and schemes"),
            "medicine": text_of("Medicine"),
            "scheme": text_of("Scheme"),
            "first_day": text_of("First day", format="date"),
            "last_day": text_of("Last day on which something is taken", format="date"),
            "start_mg": text_of("What shares of the start dose are of"),
            "last_mg": text_of("Lowest dose before the stop"),
            "feasibility": object_of(
                "How well these products follow the scheme.", {"code": text_of("Code")}, ("code",)
            ),
            "steps": list_of({"$ref": "#/components/schemas/PlanStep"}, "The rows."),
            "products": list_of(_ANY, "What is counted in."),
            "supply": list_of(_UNITS, "What the whole plan uses."),
            "notes": list_of(_NOTE, "Notes on the whole plan."),
            "alternatives": list_of(_NOTE, "What would be gentler."),
        },
        ("hash", "version", "medicine", "scheme", "steps", "products", "notes"),
        additionalProperties=True,
    ),
    "PlanAnswer": object_of(
        "A plan, or a refusal.",
        {
            "outcome": {"type": "string", "enum": ["planned", "refused"]},
            "products_from": text_of(
                "`request`, `site` (its own products), or the country whose known strengths count"
            ),
            "plan": {"$ref": "#/components/schemas/Plan"},
            "refusal": object_of(
                "Why there is no plan.",
                {"because": list_of(_NOTE, "Each reason."), "alternatives": list_of(_NOTE, "What would help.")},
                ("because", "alternatives"),
            ),
            "reviewed": {"type": "boolean", "description": "Whether anybody has reviewed the content clinically: no."},
        },
        ("outcome",),
    ),
}
