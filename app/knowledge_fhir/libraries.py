"""The files themselves (https://hl7.org/fhir/R4/library.html): of each rule its rule.toml, and of everything a list."""

from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha1

from app.knowledge_fhir.parts import LANGUAGE, Json, head
from knowledge.library import Library
from knowledge.rule import Rule

_TYPES = "http://terminology.hl7.org/CodeSystem/library-type"


def libraries(library: Library, others: Sequence[Json]) -> list[Json]:
    """One for each rule, and `wane`, which names `others` and all of these."""
    of_rules = [_of_rule(rule, library) for rule in library.rules]
    parts = [f"{each['url']}|{each['version']}" for each in (*others, *of_rules)]
    whole = head(
        "Library", "wane", library.version, "Wane", "The knowledge base: everything that judges, in this version."
    )
    return [
        *of_rules,
        {
            **whole,
            "type": {"coding": [{"system": _TYPES, "code": "asset-collection"}]},
            "relatedArtifact": [{"type": "composed-of", "resource": part} for part in parts],
        },
    ]


def _of_rule(rule: Rule, library: Library) -> Json:
    content = (library.folder / "rules" / rule.id / "rule.toml").read_bytes()
    title = library.texts[rule.id].title[LANGUAGE]
    return {
        **head("Library", rule.id, rule.version, title, "The rule as it judges, in Wane's own form."),
        "type": {"coding": [{"system": _TYPES, "code": "logic-library"}]},
        "content": [
            {
                "contentType": "application/toml",
                "data": b64encode(content).decode(),
                "size": len(content),
                "hash": b64encode(sha1(content, usedforsecurity=False).digest()).decode(),
                "title": "rule.toml",
            }
        ],
    }
