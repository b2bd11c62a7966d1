"""What the OpenAPI pages say of feedback and its summary."""

from fastapi import Path, Response

from app.routes.described import Json, errors, examples, list_of, object_of, text_of
from cds_hooks.feedback import ACCEPTED, OVERRIDDEN
from cds_hooks.hooks import HOOKS

SERVICE = Path(description="The service the cards came from.", json_schema_extra={"enum": list(HOOKS)})
_COUNT: Json = {"type": "integer", "minimum": 0}


def feedback() -> Json:
    """Arguments of the route of feedback."""
    asked = {"schema": {"$ref": "#/components/schemas/FeedbackRequest"}, "examples": examples("feedback")}
    return {
        "operation_id": "feedback",
        "summary": "Say what was done with cards",
        "response_class": Response,
        "description": "It may be sent again: the same outcome of the same card at the same moment counts once. Feedback on a "
        "card Wane does not know is taken too. Where one item is wrong, none of the body counts.",
        "openapi_extra": {"requestBody": {"required": True, "content": {"application/json": asked}}},
        "responses": {200: {"description": "It is durably recorded; there is no body"}, **errors(but_not=(412,))},
    }


def summary() -> Json:
    """Arguments of the route of the summary."""
    found: Json = {"application/json": {"schema": {"$ref": "#/components/schemas/FeedbackSummary"}}}
    return {
        "operation_id": "feedback-summary",
        "summary": "What became of advice, rule by rule",
        "responses": {
            200: {
                "description": "The counts; with format=csv a line for each rule below the names of the columns",
                "content": {**found, "text/csv": {"schema": {"type": "string"}}},
            },
            **errors(but_not=(404, 408, 412, 413, 415)),
        },
    }


_CODING = object_of("A code.", {"code": text_of("Code", minLength=1), "system": text_of("URI")}, ("code",))
_ITEM = object_of(
    "One card and what became of it. Other members are not read.",
    {
        "card": text_of("The uuid of the card.", minLength=1),
        "outcome": {"type": "string", "enum": [ACCEPTED, OVERRIDDEN]},
        "outcomeTimestamp": text_of("When (RFC 3339).", format="date-time"),
        "acceptedSuggestions": list_of(
            object_of("One.", {"id": text_of("The uuid of the suggestion.", minLength=1)}, ("id",)),
            "Where it was accepted: at least one.",
            minItems=1,
        ),
        "overrideReason": object_of(
            "Why it was overridden: a reason, a comment or both. A comment is counted, and neither read nor kept.",
            {"reason": _CODING, "userComment": text_of("Any words.")},
        ),
    },
    ("card", "outcome", "outcomeTimestamp"),
)
_BY_REASON = {"type": "object", "additionalProperties": _COUNT}

FEEDBACK_SCHEMAS: Json = {
    "FeedbackRequest": object_of(
        "What was done with cards (CDS Hooks 2.0.1).", {"feedback": list_of(_ITEM, "Also for one card.")}, ("feedback",)
    ),
    "FeedbackSummary": object_of(
        "Days and calls counted, and a line for each rule.",
        {
            "since": text_of("The first day.", format="date"),
            "until": text_of("The last day.", format="date"),
            "client": text_of("Whose calls; without it, everybody's."),
            "calls": _COUNT,
            "unknownCards": {**_COUNT, "description": "Feedback on cards that are not in the journal."},
            "rules": list_of(
                object_of(
                    "One rule. Feedback on a card counts for every rule that spoke on it.",
                    {
                        "rule": text_of("Its id."),
                        "shown": {**_COUNT, "description": "Cards it spoke on."},
                        "led": {**_COUNT, "description": "Cards it led."},
                        "accepted": _COUNT,
                        "overridden": _COUNT,
                        "overriddenBy": {**_BY_REASON, "description": "By reason; `none` where none was given."},
                        "withheld": {**_COUNT, "description": "Advice not shown again after an override."},
                        "withheldBy": _BY_REASON,
                        "actedOnLater": {
                            **_COUNT,
                            "description": "Cards that were not accepted, and on a later day the rule had nothing to say "
                            "of the same medicine of the same patient, and has not since.",
                        },
                        "shadow": {**_COUNT, "description": "Advice not shown by decision of the site."},
                    },
                    ("rule", "shown", "led", "accepted", "overridden", "withheld", "actedOnLater", "shadow"),
                ),
                "Those that advised.",
            ),
        },
        ("since", "until", "calls", "unknownCards", "rules"),
    ),
}
