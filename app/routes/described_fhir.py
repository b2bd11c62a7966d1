"""What the OpenAPI pages say of the FHIR operations."""

from collections.abc import Mapping

from app.knowledge_fhir.capability import searched_by
from app.routes.answer import FHIR_JSON
from app.routes.described import Json, errors, examples, list_of, object_of, text_of

_NO_NAMES: Mapping[str, str] = {}
_ANY = {"type": "object", "additionalProperties": True}


def daily_dose() -> Json:
    """Arguments of the route of $daily-dose."""
    asked = {"schema": {"$ref": "#/components/schemas/DailyDoseRequest"}, "examples": examples("daily-dose")}
    answer = {FHIR_JSON: {"schema": {"$ref": "#/components/schemas/DailyDose"}}}
    return {
        "operation_id": "daily-dose",
        "summary": "What a prescription says is taken per day",
        "openapi_extra": {"requestBody": {"required": True, "content": {FHIR_JSON: asked}}, "parameters": [_PREFER]},
        "responses": {
            200: {"description": "The dose, or the reason why there is none", "content": answer},
            **errors(FHIR_JSON, but_not=(404, 412)),
        },
    }


def advise() -> Json:
    """Arguments of the route of $advise."""
    asked = {"schema": {"$ref": "#/components/schemas/AdviseRequest"}, "examples": examples("advise")}
    answer = {FHIR_JSON: {"schema": {"$ref": "#/components/schemas/AdviseAnswer"}}}
    return {
        "operation_id": "advise",
        "summary": "Judge a Bundle of one or many patients",
        "description": _ADVISE,
        "openapi_extra": {
            "requestBody": {"required": True, "content": {FHIR_JSON: asked}},
            "parameters": [
                {"name": name, "in": "query", "description": text, "schema": {"type": "string", **more}}
                for name, (text, more) in _OPTIONS.items()
            ]
            + [_PREFER],
        },
        "responses": {
            200: {"description": "What was judged, and what became of every entry", "content": answer},
            **errors(FHIR_JSON, but_not=(412,)),
        },
    }


def metadata() -> Json:
    """Arguments of the route of the CapabilityStatement."""
    return _reading("metadata", "What this FHIR server can do", "CapabilityStatement")


def read(kind: str) -> Json:
    """Arguments of the route that reads one resource."""
    return _reading(f"read-{kind}", f"One {kind}", kind)


def searched(kind: str, method: str) -> Json:
    """Arguments of the routes that search: the same by GET, and by POST of a form."""
    names = {name: _SEARCHED_BY[name] for name, _ in searched_by(kind)}
    names |= {"_count": "How many on a page.", "_offset": "From which on."}
    said = f"Every {kind}, or those of an id or address"
    if method == "GET":
        return _reading(f"search-{kind}", said, "Bundle", names)
    told = _reading(f"search-{kind}-post", said, "Bundle")
    form = object_of("The same as in the address.", {name: text_of(meaning) for name, meaning in names.items()})
    sent = {"application/x-www-form-urlencoded": {"schema": form}}
    return told | {"openapi_extra": {"requestBody": {"required": False, "content": sent}}}


def asked(name: str, where: str, method: str) -> Json:
    """Arguments of the routes of an operation on ValueSets."""
    names = _ASKED[name] if where == "instance" else {"url": "The address of the ValueSet.", **_ASKED[name]}
    kind = "ValueSet" if name == "expand" else "Parameters"
    told = _reading(f"{name}-{where}-{method.lower()}", _SAID[name], kind, names if method == "GET" else {})
    extra: Json = told.get("openapi_extra", {})
    if where == "instance":
        extra = {**extra, "parameters": [_IDENTITY, *extra.get("parameters", ())]}
    if method == "GET":
        return told | {"openapi_extra": extra}
    sent = {FHIR_JSON: {"schema": {"$ref": "#/components/schemas/Parameters"}, "examples": examples(name)}}
    return told | {"openapi_extra": {**extra, "requestBody": {"required": True, "content": sent}}}


_SEARCHED_BY = {
    "_id": "Ids, with commas.",
    "url": "Addresses, with commas; also `url|version`.",
    "value": "Addresses of identifiers, or how they begin, with commas.",
}
_IDENTITY: Json = {
    "name": "identity",
    "in": "path",
    "required": True,
    "description": "The id of the ValueSet.",
    "schema": {"type": "string"},
}


_SAID = {"expand": "The codes of a ValueSet", "validate-code": "Whether a code is in a ValueSet"}
_ASKED = {
    "expand": {"filter": "Only codes that hold this.", "offset": "From which on.", "count": "How many."},
    "validate-code": {
        "system": "The code system.",
        "code": "The code.",
        "display": "Held against Wane's own; of a code of others it is not looked at.",
    },
}


def _reading(identity: str, summary: str, kind: str, names: Mapping[str, str] = _NO_NAMES) -> Json:
    answer = {FHIR_JSON: {"schema": {**_ANY, "description": f"FHIR R4 {kind}"}}}
    query = [
        {"name": name, "in": "query", "description": text, "schema": {"type": "string"}} for name, text in names.items()
    ]
    return {
        "operation_id": identity,
        "summary": summary,
        **({"openapi_extra": {"parameters": query}} if query else {}),
        "responses": {200: {"description": "OK", "content": answer}, **errors(FHIR_JSON, but_not=(412,))},
    }


_ADVISE = (
    "Any Bundle: collection, searchset, batch, transaction, document, message; Bundles inside it are opened. Each patient "
    "in it is judged as a hook call would be: the orders being written (status `draft`), or the medicines in use where there "
    "are none. What there is of a list counts as all there is; a list of which there is nothing was not told, unless an empty "
    "search or `complete` says that there is none. The same request has the same answer, with the same ids."
)
_PREFER: Json = {
    "name": "Prefer",
    "in": "header",
    "description": "`handling=strict`: what is no valid FHIR R4 (structure, required bindings, members that stand twice) is "
    "refused with every place. Without it, one bad field costs that field and one bad resource that resource.",
    "schema": {"type": "string", "enum": ["handling=strict", "handling=lenient"]},
}
_OPTIONS: dict[str, tuple[str, Json]] = {
    "judge": ("The orders being written, or a review of what is in use.", {"enum": ["orders", "review"]}),
    "order": ("What to judge as an order, whatever its status: fullUrls or Type/id, with commas.", {}),
    "complete": (
        "The lists that are whole, also where there is nothing of them: conditions, medications, statements, dispenses, "
        "procedures, devices, encounter, with commas; or all. What is not named then counts as a part.",
        {},
    ),
    "date": ("The day to judge on; without it, today.", {"format": "date"}),
    "language": ("Before Accept-Language.", {"enum": ["nl", "fr", "en", "de"]}),
    "country": ("Of a patient whose record tells none, such as BE.", {}),
}

_MEMBERS = (
    "`id` (string) of the prescription; `daily` (Range), in mg where the strength is known, else in the unit as written; "
    "`as_needed_max` (Quantity), the most that may be taken as needed on top of it; `basis` (string): structure, text or "
    "supply; `certainty` (code): sure, likely or unknown; `conflict` (boolean): text and structure say different things; "
    "`reason` (code) why there is no dose, or why it is not in mg. What is not told is left out."
)

FHIR_SCHEMAS: Json = {
    "Parameters": {"description": "FHIR R4 Parameters.", **_ANY},
    "AdviseRequest": {
        "description": "A FHIR R4 Bundle; or Parameters with it as `bundle`, and the options as parameters of their names.",
        **_ANY,
    },
    "AdviseAnswer": object_of(
        "A Bundle of type collection: an OperationOutcome that accounts for every entry, Parameters with the same as numbers, "
        "and for each patient a GuidanceResponse, a DetectedIssue for each advice, a RequestGroup with what is proposed, and "
        "an OperationOutcome for what could not be judged.",
        {
            "resourceType": {"const": "Bundle"},
            "id": text_of("The same for the same request"),
            "language": text_of("Of its words"),
            "type": {"const": "collection"},
            "entry": list_of(
                object_of("One resource.", {"fullUrl": text_of("urn:uuid"), "resource": _ANY}, ("fullUrl", "resource")),
                "The resources.",
            ),
        },
        ("resourceType", "id", "type", "entry"),
    ),
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
