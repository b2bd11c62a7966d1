"""Every error of the service and what a client sees of it: one table, exception → status → OperationOutcome.

ServiceFault
├── BrokenJson            400  not JSON, not UTF-8, nested too deep, or broken off
│   ├── NotStrict              strict handling was asked for, and something is not as it should be
│   └── UnusableFields         a field of a plan that cannot be read, or a name that is no field
├── Unauthorized          401  a registered client did not prove who it is; the body says nothing of why
├── NotFromHere           403  another machine, and no client is configured
├── UnknownService        404  no such service, or no such page of the API
├── NotAcceptable         406  only JSON is answered, or another FHIR version is wanted
├── BodyTooSlow           408
├── DataNotTold           412  what a rule needs was neither sent nor can be fetched
├── BodyTooLarge          413  too many bytes, or too many resources
├── WrongMediaType        415
├── PlanRefused           422  FHIR only: no safe plan can be made, and why; in plain JSON that is an answer
├── CalledTooOften        429  with Retry-After, as every 503
├── Unavailable           503
│   ├── TookTooLong            the time for one request is over
│   ├── Overloaded             too much is in hand
│   ├── JournalUnavailable     the answer could not be recorded, so it does not leave
│   └── NotReady               asked of /health/ready only
└── (anything else)       500  says nothing of what failed
RequestFault              400  the request breaks CDS Hooks (cds_hooks.faults)
                          405  a method that an address does not answer: from the routes themselves

The OperationOutcome is the body itself (checklist R4). No message repeats a value out of the request.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from cds_hooks.faults import RequestFault

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue of an OperationOutcome; `code` is a FHIR issue type, `expression` a FHIRPath into the request."""

    code: str
    text: str
    expression: str | None = None
    severity: str = "error"
    coding: tuple[str, str] | None = None  # system and code of what Wane itself calls it

    def as_json(self) -> Json:
        details: Json = {"text": self.text}
        if self.coding:
            details["coding"] = [{"system": self.coding[0], "code": self.coding[1]}]
        issue: Json = {"severity": self.severity, "code": self.code, "details": details}
        if self.expression:
            issue["expression"] = [self.expression]
        return issue


class ServiceFault(Exception):
    """An answer that is no 200. `issues` say what, where and what to do next; `retry_after` (seconds) when to ask again."""

    status = 500
    retry_after: int | None = None

    def __init__(self, *issues: Issue, retry_after: int | None = None) -> None:
        super().__init__("; ".join(issue.text for issue in issues))
        self.issues = issues
        self.retry_after = retry_after or self.retry_after

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(self.retry_after)} if self.retry_after else {}


class UnknownService(ServiceFault):
    status = 404


class DataNotTold(ServiceFault):
    status = 412


class BodyTooLarge(ServiceFault):
    status = 413


class WrongMediaType(ServiceFault):
    status = 415


class BrokenJson(ServiceFault):
    status = 400


class NotStrict(BrokenJson):
    pass


class UnusableFields(BrokenJson):
    pass


class PlanRefused(ServiceFault):
    """The reasons, as errors, and what would help, as information."""

    status = 422


class Unauthorized(ServiceFault):
    """Always the same answer (checklist T8); `why` is one of Wane's own words, for the log only."""

    status = 401

    def __init__(self, why: str) -> None:
        super().__init__(Issue("login", "This call is not authorised."))
        self.why = why

    @property
    def headers(self) -> dict[str, str]:
        return {"WWW-Authenticate": "Bearer"}


class NotFromHere(ServiceFault):
    status = 403


class NotAcceptable(ServiceFault):
    status = 406


class BodyTooSlow(ServiceFault):
    status = 408


class CalledTooOften(ServiceFault):
    status = 429


class Unavailable(ServiceFault):
    status = 503
    retry_after = 1


class TookTooLong(Unavailable):
    retry_after = 5


class Overloaded(Unavailable):
    pass


class JournalUnavailable(Unavailable):
    retry_after = 5


class NotReady(Unavailable):
    pass


@dataclass(frozen=True, slots=True)
class ErrorAnswer:
    status: int
    body: Json
    headers: dict[str, str] = field(default_factory=dict)


def answer_to(error: Exception) -> ErrorAnswer:
    """The table: what a client gets for an exception."""
    match error:
        case ServiceFault():
            return ErrorAnswer(error.status, outcome(error.issues), error.headers)
        case RequestFault():
            path = None if error.path == "$this" else error.path
            return ErrorAnswer(400, outcome([Issue(error.code, str(error), path)]))
        case _:
            return ErrorAnswer(500, outcome([_UNEXPECTED]))


_UNEXPECTED = Issue(
    "exception", "Wane failed on this request and judged nothing. Send it again; report it if it recurs."
)
_NO_FHIR = Issue("not-found", "There is nothing at this address. GET /fhir/metadata says what there is.")
_OF_STATUS = {
    400: Issue("invalid", "A query parameter has a value it cannot have. See /docs."),
    404: Issue("not-found", "There is nothing at this address. GET /cds-services lists the services."),
    405: Issue("not-supported", "This address does not answer that method. See /docs."),
}


def answer_to_status(status: int, *, fhir: bool = False) -> ErrorAnswer:
    """What the web framework answers by itself (no such route, wrong method), in the same shape; `fhir`: under /fhir."""
    issue = _NO_FHIR if fhir and status == 404 else _OF_STATUS.get(status, _UNEXPECTED)
    return ErrorAnswer(status, outcome([issue]))


def outcome(issues: Sequence[Issue]) -> Json:
    """An OperationOutcome (https://hl7.org/fhir/R4/operationoutcome.html)."""
    return {"resourceType": "OperationOutcome", "issue": [issue.as_json() for issue in issues]}
