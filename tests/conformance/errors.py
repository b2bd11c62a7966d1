"""An error body: an OperationOutcome, itself the body, that tells what is wrong and nothing about the patient."""

import re
from collections.abc import Iterator

from tests.conformance.bindings import ISSUE_SEVERITY, ISSUE_TYPE
from tests.conformance.place import Place, kind, nothing_empty, words
from tests.conformance.resources import faults_in_resource

# Members of a request whose values tell who the patient is or what may be opened, wherever they stand.
TELLING = words(
    "id patientId userId encounterId access_token subject patient reference family given line city postalCode "
    "birthDate deceasedDateTime value fhirServer hookInstance fullUrl div note"
)


def faults_in_operation_outcome(body: object, *, request: object | None = None) -> list[str]:
    """What is wrong with an error body; given the request, also whether something of it is told again."""
    found: list[str] = []
    place = Place(body, found)
    if not isinstance(body, dict):
        place.fault(f"{kind(body)}, must be an OperationOutcome", "R4")
        return found
    if body.get("resourceType") != "OperationOutcome":
        nested = next((key for key, value in body.items() if isinstance(value, dict) and "issue" in value), None)
        where = f" (it stands under {nested}, but must be the body itself)" if nested else ""
        place.fault(f"not an OperationOutcome{where}", "R4")
        return found
    nothing_empty(place)
    faults_in_resource(place, "R4")
    issues = place.array("issue", "R4", needed=True)
    if not issues:
        place.at("issue").fault("an OperationOutcome has at least one issue", "R4")
    for issue in issues:
        issue.one_of("severity", ISSUE_SEVERITY, "R4")
        issue.one_of("code", ISSUE_TYPE, "R4")
        if isinstance(issue.at("details").value, dict):
            issue.at("details").text("text", "R4")
        else:
            issue.at("details").fault("missing", "R4")
        expression = issue.at("expression")
        if issue.has("expression") and not (
            isinstance(expression.value, list) and all(isinstance(e, str) and e.strip() for e in expression.value)
        ):
            expression.fault("must be a list of strings", "R4")
    if issues and not any(issue.at("severity").value in {"error", "fatal"} for issue in issues):
        place.at("issue").fault("an error body without an error", "R4")
    if request is not None:
        nothing_told_again(place, request)
    return found


def nothing_told_again(place: Place, request: object) -> None:
    told = sorted({value for value in telling_values(request) if len(value) >= 5}, key=len, reverse=True)
    for issue in place.at("issue").items():
        for text in (issue.at("details").at("text"), issue.at("diagnostics"), *issue.at("expression").items()):
            for value in told:
                if re.search(rf"(?<!\w){re.escape(value)}(?!\w)", str(text.value)):
                    text.fault("tells a value of the request again", "R4")
                    break


def telling_values(value: object, *, told: bool = False) -> Iterator[str]:
    if isinstance(value, dict):
        for key, member in value.items():
            yield from telling_values(member, told=key in TELLING)
    elif isinstance(value, list):
        for item in value:
            yield from telling_values(item, told=told)
    elif told and isinstance(value, str):
        yield value.strip()
