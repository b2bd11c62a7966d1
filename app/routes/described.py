"""What the OpenAPI pages say of each address: schemas of the wire contract, and examples that work when sent.

Bodies are read leniently by hand (DESIGN invariant 3), so their shape is described here, beside the hook definitions,
and a test holds the two together.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from cds_hooks.hooks import HOOKS

Json = dict[str, Any]
EXAMPLES = Path(__file__).parents[1] / "pages" / "examples"
_ERRORS = {
    400: "Not JSON, or breaks CDS Hooks: the OperationOutcome says where",
    412: "Nothing can be advised because a list that a rule needs was neither sent nor can be fetched",
    408: "The body did not arrive in time",
    413: "The body is too large, or holds too many resources",
    415: "The body is not application/json",
    429: "Too many calls from this address; Retry-After says when to call again",
    500: "Wane failed and judged nothing",
    503: "Too much is in hand, or this took too long; Retry-After says when to call again",
}


def discovery() -> Json:
    """Arguments of the discovery route."""
    body = {"application/json": {"schema": {"$ref": "#/components/schemas/Discovery"}}}
    return {
        "summary": "The services, their hooks and their prefetch",
        "responses": {200: {"description": "OK", "content": body}},
    }


def service(hook: str) -> Json:
    """Arguments of one service's route."""
    answer = {"application/json": {"schema": {"$ref": "#/components/schemas/CdsResponse"}}}
    request = {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"$ref": f"#/components/schemas/{_name(hook)}Request"},
                "examples": _examples(hook),
            }
        },
    }
    return {
        "operation_id": hook,
        "summary": f"Answer the {hook} hook",
        "openapi_extra": {"requestBody": request},
        "responses": {
            200: {"description": "The cards; none where there is nothing to say", "content": answer},
            **_errors(),
        },
    }


def _errors() -> Json:
    body = {"application/json": {"schema": {"$ref": "#/components/schemas/OperationOutcome"}}}
    return {str(status): {"description": text, "content": body} for status, text in _ERRORS.items()}


def describe(app: FastAPI) -> None:
    """Give the application its OpenAPI document: the routes, with the schemas of the wire contract."""

    @cache
    def document() -> Json:
        described = get_openapi(
            title=app.title,
            version=app.version,
            summary="Clinical decision support for baclofen in alcohol dependence and for tapering benzodiazepines",
            description=_ABOUT,
            routes=app.routes,
        )
        components = described.setdefault("components", {}).setdefault("schemas", {})
        for unused in ("HTTPValidationError", "ValidationError"):
            components.pop(unused, None)
        components.update(_schemas())
        for path in described["paths"].values():
            for operation in path.values():
                operation.get("responses", {}).pop("422", None)
        return described

    app.openapi = document  # type: ignore[method-assign]


_ABOUT = (
    "Wane reads what a prescriber is ordering and what is known of the patient, and answers with at most one card for each "
    "order. It is decision support, not a certified device, and **its content has not been clinically reviewed**. It is "
    "never silent about what it could not judge: a missing list gives 412, a failed rule gives a card that says so."
)


def _examples(hook: str) -> Json:
    files = sorted(EXAMPLES.glob(f"{hook}.*.json"))
    return {
        (name := path.stem.split(".", 1)[1]): {
            "summary": name.replace("-", " "),
            "value": json.loads(path.read_text(encoding="utf-8")),
        }
        for path in files
    }


def _name(hook: str) -> str:
    return "".join(part.capitalize() for part in hook.split("-"))


def _text(description: str, **more: object) -> Json:
    return {"type": "string", "description": description, **more}


def _object(description: str, properties: Mapping[str, Json], required: tuple[str, ...] = (), **more: object) -> Json:
    schema: Json = {"type": "object", "description": description, "properties": dict(properties), **more}
    return {**schema, "required": list(required)} if required else schema


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _list(of: Json, description: str, **more: object) -> Json:
    return {"type": "array", "items": of, "description": description, **more}


_CONTEXT = {
    "userId": _text("`Practitioner/…` or `PractitionerRole/…`. May be left out: no advice depends on it."),
    "patientId": _text("The patient's id, bare or as `Patient/…`.", minLength=1),
    "encounterId": _text("The encounter's id."),
    "selections": _list({"type": "string"}, "The draft orders asked about, as `Type/id`; without it, all of them."),
    "draftOrders": _object(
        "A Bundle of the orders being written (R4 MedicationRequest, ServiceRequest).", {}, additionalProperties=True
    ),
    "medications": _object(
        "A Bundle of the prescriptions to be refilled (R4 MedicationRequest).", {}, additionalProperties=True
    ),
}


def _schemas() -> Json:
    requests = {}
    for hook in HOOKS.values():
        fields = {name: _CONTEXT[name] for name in (*hook.required, *hook.optional)}
        requests[f"{_name(hook.name)}Context"] = _object(f"The context of {hook.name}.", fields, hook.required)
        requests[f"{_name(hook.name)}Request"] = _object(
            f"A CDS Hooks request for {hook.name} (1.0, 2.0 or 3.0). Unknown members are ignored.",
            {
                "hook": {"type": "string", "const": hook.name},
                "hookInstance": _text("A UUID for this call.", minLength=1),
                "fhirServer": _text("The client's FHIR server."),
                "context": _ref(f"{_name(hook.name)}Context"),
                "prefetch": _ref("Prefetch"),
            },
            ("hook", "hookInstance", "context"),
        )
    return {**requests, **_ANSWER_SCHEMAS}


_CODING = _object(
    "A code.", {"system": _text("URI"), "code": _text("Code"), "display": _text("Words")}, ("system", "code", "display")
)
_ANY = {"type": "object", "additionalProperties": True}
_GAP = _object(
    "Something that could not be judged.",
    {
        "missing": _text("A stable code."),
        "text": _text("The same in words."),
        "rule": _text("The rule that lacked it."),
        "about": _text("Where: a reference or a path, never a value."),
    },
    ("missing", "text"),
)
_SPOKEN = _object(
    "A rule that speaks on this card.",
    {"id": _text("Rule"), "version": _text("Version"), "outcome": {"const": "advise"}, "say": _text("What it says")},
    ("id", "version", "outcome", "say"),
)
_LISTS = {
    "statements": "MedicationStatement",
    "dispenses": "MedicationDispense",
    "procedures": "Procedure",
    "devices": "Device",
}
_ANSWER_SCHEMAS: Json = {
    "Prefetch": _object(
        "What was asked for at discovery. A key left out was not looked for; null means looked for and nothing found.",
        {
            "patient": {"description": "Patient, or null", "type": ["object", "null"]},
            "conditions": {"description": "Bundle of Condition, whole; or null", "type": ["object", "null"]},
            "medications": {"description": "Bundle of MedicationRequest, whole; or null", "type": ["object", "null"]},
            "encounter": {"description": "The present Encounter, or null", "type": ["object", "null"]},
            **{
                key: {"description": f"Bundle of {kind}; or null", "type": ["object", "null"]}
                for key, kind in _LISTS.items()
            },
        },
        additionalProperties=True,
    ),
    "Discovery": _object("The services.", {"services": _list(_ref("Service"), "One for each hook.")}, ("services",)),
    "Service": _object(
        "One service.",
        {
            "hook": _text("Hook"),
            "id": _text("Last part of its address"),
            "title": _text("Title"),
            "description": _text("What it does"),
            "prefetch": {"type": "object", "additionalProperties": {"type": "string"}},
            "usageRequirements": _text("What it needs"),
            "version": _text("CDS Hooks version of its answers"),
        },
        ("hook", "id", "description"),
    ),
    "CdsResponse": _object(
        "The answer (CDS Hooks 2.0.1).",
        {
            "cards": _list(_ref("Card"), "At most one for each order; empty where there is nothing to say."),
            "extension": _object(
                "For programs.",
                {
                    "org.wane.advice": _object(
                        "What no card could carry.", {"knowledge": _text("Version"), "gaps": _list(_GAP, "Gaps")}
                    ),
                    "org.wane.explain": {**_ANY, "description": "With ?explain=true: every rule and criterion."},
                },
            ),
        },
        ("cards",),
    ),
    "Card": _object(
        "One card.",
        {
            "uuid": _text("Of this card, once", format="uuid"),
            "summary": _text("One sentence", minLength=1, maxLength=139),
            "detail": _text("Markdown, action first", maxLength=900),
            "indicator": {"type": "string", "enum": ["info", "warning", "critical"]},
            "source": _object(
                "Whence",
                {"label": _text("Document and year"), "url": _text("Evidence page"), "topic": _CODING},
                ("label", "url", "topic"),
            ),
            "suggestions": _list(_ref("Suggestion"), "What can be done at once."),
            "selectionBehavior": {"type": "string", "enum": ["at-most-one", "any"]},
            "overrideReasons": _list(_CODING, "Why one may go on against it."),
            "links": _list(
                _object(
                    "A link.",
                    {"label": _text("Words"), "url": _text("Address"), "type": {"const": "absolute"}},
                    ("label", "url", "type"),
                ),
                "Links.",
            ),
            "extension": _object("For programs.", {"org.wane.advice": _ref("Advice")}),
        },
        ("uuid", "summary", "indicator", "source"),
    ),
    "Advice": _object(
        "Which rules speak on this card, by which knowledge, and what could not be judged.",
        {
            "about": _text("The order or use"),
            "knowledge": _text("Version"),
            "rules": _list(_SPOKEN, "Rules"),
            "gaps": _list(_GAP, "Gaps"),
        },
        ("about", "knowledge"),
    ),
    "Suggestion": _object(
        "A change to take over as a whole.",
        {
            "label": _text("Words"),
            "uuid": _text("Of this suggestion", format="uuid"),
            "actions": _list(
                _object(
                    "One step.",
                    {
                        "type": {"type": "string", "enum": ["create", "update", "delete"]},
                        "description": _text("Words"),
                        "resource": {**_ANY, "description": "The whole FHIR R4 resource"},
                        "resourceId": _text("What is deleted"),
                    },
                    ("type", "description"),
                ),
                "All of them together.",
            ),
        },
        ("label", "uuid", "actions"),
    ),
    "OperationOutcome": _object(
        "What was wrong, where, and what to do next (FHIR R4).",
        {
            "resourceType": {"const": "OperationOutcome"},
            "issue": _list(
                _object(
                    "One issue.",
                    {
                        "severity": {"type": "string", "enum": ["fatal", "error", "warning", "information"]},
                        "code": _text("FHIR issue type"),
                        "details": _object("In words.", {"text": _text("Words")}, ("text",)),
                        "expression": _list({"type": "string"}, "FHIRPath into the request."),
                    },
                    ("severity", "code", "details"),
                ),
                "At least one.",
                minItems=1,
            ),
        },
        ("resourceType", "issue"),
    ),
}
