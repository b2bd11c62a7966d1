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
    403: "Another machine calls, and no client is registered",
    404: "There is no such service for this client",
    401: "A registered client did not prove who it is; the body never says why",
    406: "Something else than FHIR R4 as JSON is asked for",
    412: "Nothing can be advised because a list that a rule needs was neither sent nor can be fetched",
    408: "The body did not arrive in time",
    413: "The body is too large, or holds too many resources",
    415: "The body is not application/json",
    429: "Too many calls from this address; Retry-After says when to call again",
    500: "Wane failed and judged nothing",
    503: "Too much is in hand, or this took too long; Retry-After says when to call again",
}


_PREFER: Json = {
    "name": "Prefer",
    "in": "header",
    "required": False,
    "schema": {"type": "string"},
    "description": "handling=strict: tell everything that is wrong in the request instead of reading what can be read.",
}


def discovery() -> Json:
    """Arguments of the discovery route."""
    body = {"application/json": {"schema": {"$ref": "#/components/schemas/Discovery"}}}
    return {
        "summary": "The services, their hooks and their prefetch",
        "responses": {
            200: {"description": "OK, with an ETag", "content": body},
            304: {"description": "As the client has it already (If-None-Match)"},
            **errors(but_not=(400, 404, 408, 412, 413, 415)),
        },
    }


def service(hook: str) -> Json:
    """Arguments of one service's route."""
    answer = {"application/json": {"schema": {"$ref": "#/components/schemas/CdsResponse"}}}
    request = {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"$ref": f"#/components/schemas/{_name(hook)}Request"},
                "examples": examples(hook),
            }
        },
    }
    return {
        "operation_id": hook,
        "summary": f"Answer the {hook} hook",
        "openapi_extra": {"requestBody": request, "parameters": [_PREFER]},
        "responses": {
            200: {"description": "The cards; none where there is nothing to say", "content": answer},
            **errors(),
        },
    }


def errors(media: str = "application/json", but_not: tuple[int, ...] = ()) -> Json:
    """The answers that are no 200, as they stand in the document."""
    body = {media: {"schema": {"$ref": "#/components/schemas/OperationOutcome"}}}
    left_out = (*but_not, *(() if "fhir" in media else (406,)))
    told = {status: text for status, text in _ERRORS.items() if status not in left_out}
    return {str(status): {"description": text, "content": body} for status, text in told.items()}


def describe(app: FastAPI, more: Json) -> None:
    """Give the application its OpenAPI document: the routes, with the schemas of the wire contract and `more` of them."""

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
        components.update({**_schemas(), **more})
        for path in described["paths"].values():
            for operation in path.values():
                if "HTTPValidationError" in str(operation["responses"].get("422")):
                    del operation["responses"]["422"]
        return described

    app.openapi = document  # type: ignore[method-assign]


_ABOUT = (
    "Wane reads what a prescriber is ordering and what is known of the patient, and answers with at most one card for each "
    "order. It is decision support, not a certified device, and **its content has not been clinically reviewed**. It is "
    "never silent about what it could not judge: a missing list gives 412, a failed rule gives a card that says so."
)


def examples(hook: str) -> Json:
    """The example files of a hook or an operation, by name."""
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


def text_of(description: str, **more: object) -> Json:
    """The schema of a string."""
    return {"type": "string", "description": description, **more}


def object_of(description: str, properties: Mapping[str, Json], required: tuple[str, ...] = (), **more: object) -> Json:
    """The schema of an object."""
    schema: Json = {"type": "object", "description": description, "properties": dict(properties), **more}
    return {**schema, "required": list(required)} if required else schema


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def list_of(of: Json, description: str, **more: object) -> Json:
    """The schema of an array."""
    return {"type": "array", "items": of, "description": description, **more}


_CONTEXT = {
    "userId": text_of("`Practitioner/…` or `PractitionerRole/…`. May be left out: no advice depends on it."),
    "patientId": text_of("The patient's id, bare or as `Patient/…`.", minLength=1),
    "encounterId": text_of("The encounter's id."),
    "selections": list_of({"type": "string"}, "The draft orders asked about, as `Type/id`; without it, all of them."),
    "draftOrders": object_of(
        "A Bundle of the orders being written (R4 MedicationRequest, ServiceRequest).", {}, additionalProperties=True
    ),
    "medications": object_of(
        "A Bundle of the prescriptions to be refilled (R4 MedicationRequest).", {}, additionalProperties=True
    ),
}


_AUTHORIZATION = object_of(
    "What Wane may use at the FHIR server, for this call only. One that is no bearer token is left unused.",
    {
        "access_token": text_of("The token."),
        "token_type": {"const": "Bearer"},
        "expires_in": {"type": "integer", "description": "Seconds."},
        "scope": text_of("SMART scopes; not read."),
        "subject": text_of("Wane's client id there; not read."),
        "patient": text_of("The one patient the token is for; if it is another than `patientId`, nothing is fetched."),
    },
    additionalProperties=True,
)


def _schemas() -> Json:
    requests = {}
    for hook in HOOKS.values():
        fields = {name: _CONTEXT[name] for name in (*hook.required, *hook.optional)}
        requests[f"{_name(hook.name)}Context"] = object_of(f"The context of {hook.name}.", fields, hook.required)
        requests[f"{_name(hook.name)}Request"] = object_of(
            f"A CDS Hooks request for {hook.name} (1.0, 2.0 or 3.0). Unknown members are ignored.",
            {
                "hook": {"type": "string", "const": hook.name},
                "hookInstance": text_of("A UUID for this call.", minLength=1),
                "fhirServer": text_of(
                    "The client's FHIR server; asked for what prefetch left out, if it is registered."
                ),
                "fhirAuthorization": _AUTHORIZATION,
                "context": _ref(f"{_name(hook.name)}Context"),
                "prefetch": _ref("Prefetch"),
            },
            ("hook", "hookInstance", "context"),
        )
    return {**requests, **_ANSWER_SCHEMAS}


_CODING = object_of(
    "A code.",
    {"system": text_of("URI"), "code": text_of("Code"), "display": text_of("Words")},
    ("system", "code", "display"),
)
_ANY = {"type": "object", "additionalProperties": True}
_GAP = object_of(
    "Something that could not be judged.",
    {
        "missing": text_of("A stable code."),
        "text": text_of("The same in words."),
        "rule": text_of("The rule that lacked it."),
        "about": text_of("Where: a reference or a path, never a value."),
    },
    ("missing", "text"),
)
_SPOKEN = object_of(
    "A rule that speaks on this card.",
    {
        "id": text_of("Rule"),
        "version": text_of("Version"),
        "outcome": {"const": "advise"},
        "say": text_of("What it says"),
    },
    ("id", "version", "outcome", "say"),
)
_LISTS = {
    "statements": "MedicationStatement",
    "dispenses": "MedicationDispense",
    "procedures": "Procedure",
    "devices": "Device",
}
_ANSWER_SCHEMAS: Json = {
    "Prefetch": object_of(
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
    "Discovery": object_of(
        "The services.", {"services": list_of(_ref("Service"), "One for each hook.")}, ("services",)
    ),
    "Service": object_of(
        "One service.",
        {
            "hook": text_of("Hook"),
            "id": text_of("Last part of its address"),
            "title": text_of("Title"),
            "description": text_of("What it does"),
            "prefetch": {"type": "object", "additionalProperties": {"type": "string"}},
            "usageRequirements": text_of("What it needs"),
            "version": text_of("CDS Hooks version of its answers"),
        },
        ("hook", "id", "description"),
    ),
    "CdsResponse": object_of(
        "The answer (CDS Hooks 2.0.1).",
        {
            "cards": list_of(_ref("Card"), "At most one for each order; empty where there is nothing to say."),
            "systemActions": list_of(_ref("Action"), "For a client whose site agreed on them: each records an advice."),
            "extension": object_of(
                "For programs.",
                {
                    "org.wane.advice": object_of(
                        "What no card could carry.", {"knowledge": text_of("Version"), "gaps": list_of(_GAP, "Gaps")}
                    ),
                    "org.wane.explain": {**_ANY, "description": "With ?explain=true: every rule and criterion."},
                },
            ),
        },
        ("cards",),
    ),
    "Card": object_of(
        "One card.",
        {
            "uuid": text_of("Of this card, once", format="uuid"),
            "summary": text_of("One sentence", minLength=1, maxLength=139),
            "detail": text_of("Markdown, action first", maxLength=900),
            "indicator": {"type": "string", "enum": ["info", "warning", "critical"]},
            "source": object_of(
                "Whence",
                {"label": text_of("Document and year"), "url": text_of("Evidence page"), "topic": _CODING},
                ("label", "url", "topic"),
            ),
            "suggestions": list_of(_ref("Suggestion"), "What can be done at once."),
            "selectionBehavior": {"type": "string", "enum": ["at-most-one", "any"]},
            "overrideReasons": list_of(_CODING, "Why one may go on against it."),
            "links": list_of(
                object_of(
                    "A link.",
                    {"label": text_of("Words"), "url": text_of("Address"), "type": {"const": "absolute"}},
                    ("label", "url", "type"),
                ),
                "Links.",
            ),
            "extension": object_of("For programs.", {"org.wane.advice": _ref("Advice")}),
        },
        ("uuid", "summary", "indicator", "source"),
    ),
    "Advice": object_of(
        "Which rules speak on this card, by which knowledge, and what could not be judged.",
        {
            "about": text_of("The order or use"),
            "knowledge": text_of("Version"),
            "rules": list_of(_SPOKEN, "Rules"),
            "gaps": list_of(_GAP, "Gaps"),
        },
        ("about", "knowledge"),
    ),
    "Action": object_of(
        "One step.",
        {
            "type": {"type": "string", "enum": ["create", "update", "delete"]},
            "description": text_of("Words"),
            "resource": {**_ANY, "description": "The whole FHIR R4 resource"},
            "resourceId": text_of("What is deleted"),
        },
        ("type", "description"),
    ),
    "Suggestion": object_of(
        "A change to take over as a whole.",
        {
            "label": text_of("Words"),
            "uuid": text_of("Of this suggestion", format="uuid"),
            "actions": list_of(
                _ref("Action"),
                "All of them together.",
            ),
        },
        ("label", "uuid", "actions"),
    ),
    "OperationOutcome": object_of(
        "What was wrong, where, and what to do next (FHIR R4).",
        {
            "resourceType": {"const": "OperationOutcome"},
            "issue": list_of(
                object_of(
                    "One issue.",
                    {
                        "severity": {"type": "string", "enum": ["fatal", "error", "warning", "information"]},
                        "code": text_of("FHIR issue type"),
                        "details": object_of("In words.", {"text": text_of("Words")}, ("text",)),
                        "expression": list_of({"type": "string"}, "FHIRPath into the request."),
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
