"""A request read: as the hooks define it, and as clients of 1.0, 2.0 and 3.0 send it."""

import copy
from typing import Any

import pytest

from cds_hooks.faults import RequestFault
from cds_hooks.hooks import HOOKS
from cds_hooks.requests import read_request
from cds_hooks.strict import breaks_of

BUNDLE: dict[str, Any] = {
    "resourceType": "Bundle",
    "type": "collection",
    "entry": [{"resource": {"resourceType": "MedicationRequest", "id": "a"}}],
}
CONTEXTS: dict[str, dict[str, Any]] = {
    "patient-view": {"userId": "Practitioner/1", "patientId": "p"},
    "order-select": {
        "userId": "Practitioner/1",
        "patientId": "p",
        "selections": ["MedicationRequest/a"],
        "draftOrders": BUNDLE,
    },
    "order-sign": {"userId": "Practitioner/1", "patientId": "p", "draftOrders": BUNDLE},
    "medication-refill": {"patientId": "p", "medications": BUNDLE},
    "encounter-discharge": {"userId": "Practitioner/1", "patientId": "p", "encounterId": "e"},
}
AUTHORIZATION: dict[str, Any] = {
    "access_token": "t",
    "token_type": "Bearer",
    "expires_in": 300,
    "scope": "user/Patient.read",
    "subject": "wane",
}


def request(hook: str = "order-select", **more: Any) -> dict[str, Any]:
    context = copy.deepcopy(CONTEXTS[hook])
    return {"hook": hook, "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea", "context": context, **more}


def with_context(hook: str = "order-select", **more: Any) -> dict[str, Any]:
    body = request(hook)
    body["context"] |= more
    return body


def read(body: dict[str, Any]) -> Any:
    return read_request(body, HOOKS[body["hook"]])


def places(body: dict[str, Any]) -> set[str]:
    return {fault.path for fault in breaks_of(body, HOOKS[body["hook"]])}


def test_every_hook_has_its_context_here() -> None:
    assert set(CONTEXTS) == set(HOOKS)


@pytest.mark.parametrize("hook", CONTEXTS)
def test_a_context_as_defined_is_read_and_breaks_nothing(hook: str) -> None:
    context = read(request(hook)).context
    assert context.patient_id == "p"
    assert (context.orders is None) == (HOOKS[hook].orders is None)
    assert places(request(hook)) == set()


@pytest.mark.parametrize("hook", CONTEXTS)
def test_what_a_service_can_do_without_may_be_left_out(hook: str) -> None:
    body = request(hook)
    body["context"] = {name: value for name, value in body["context"].items() if name in HOOKS[hook].required}
    assert (read(body).context.user_id, read(body).context.encounter_id) == (None, None)
    assert places(body) == {f"context.{name}" for name in HOOKS[hook].demanded if name not in HOOKS[hook].required}


@pytest.mark.parametrize("hook", CONTEXTS)
def test_what_it_cannot_do_without_is_asked_for(hook: str) -> None:
    for name in HOOKS[hook].required:
        body = request(hook)
        del body["context"][name]
        with pytest.raises(RequestFault) as told:
            read(body)
        assert (told.value.path, told.value.code) == (f"context.{name}", "required")


@pytest.mark.parametrize("written", ["p", "Patient/p", "https://fhir.example/r4/Patient/p", "Patient/p/"])
def test_a_patient_is_the_same_however_named(written: str) -> None:
    body = with_context(patientId=written)
    assert read(body).context.patient_id == "p"
    assert places(body) == (set() if written == "p" else {"context.patientId"})


@pytest.mark.parametrize(
    ("written", "user", "strict"),
    [
        ("Practitioner/1", "Practitioner/1", True),
        ("PractitionerRole/1", "PractitionerRole/1", True),
        ("https://fhir.example/r4/Practitioner/1", "Practitioner/1", False),
        ("Practitioner/1/_history/2", "Practitioner/1", False),
        ("1", "1", False),
        ("Patient/1", "Patient/1", False),
    ],
)
def test_a_user_is_the_same_however_named(written: str, user: str, strict: bool) -> None:
    body = with_context(userId=written)
    assert read(body).context.user_id == user
    assert places(body) == (set() if strict else {"context.userId"})


def test_a_patient_may_look_at_his_own_record() -> None:
    assert places(with_context("patient-view", userId="Patient/p")) == set()


def test_members_nobody_knows_are_left_alone_wherever_they_are() -> None:
    body = request(extension={"com.example.x": [1, {"resourceType": 7}]}, member=None)
    body["context"]["somethingNew"] = {"a": 1}
    assert read(body) == read(request())
    assert places(body) == set()


@pytest.mark.parametrize("scope", ["user/Patient.read patient/*.read", "user/Patient.rs", ""])
def test_scopes_of_any_version_are_taken_as_they_are(scope: str) -> None:
    body = request(fhirServer="https://fhir.example", fhirAuthorization={**AUTHORIZATION, "scope": scope})
    assert read(body).authorization.access_token == "t"  # noqa: S105
    assert places(body) == set()


@pytest.mark.parametrize("other", [{"token_type": "mac"}, {"access_token": 7}, {"access_token": "a b"}])
def test_what_is_no_bearer_token_is_left_unused_and_refuses_nothing(other: dict[str, Any]) -> None:
    body = request(fhirServer="https://fhir.example", fhirAuthorization={**AUTHORIZATION, **other})
    assert read(body).authorization is None


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"hookInstance": "1"}, "hookInstance"),
        ({"extension": []}, "extension"),
        ({"fhirServer": "fhir"}, "fhirServer"),
        ({"fhirAuthorization": AUTHORIZATION}, "fhirServer"),
        ({"fhirServer": "https://a.example", "fhirAuthorization": "t"}, "fhirAuthorization"),
        *(
            (
                {
                    "fhirServer": "https://a.example",
                    "fhirAuthorization": {key: value for key, value in AUTHORIZATION.items() if key != name},
                },
                f"fhirAuthorization.{name}",
            )
            for name in AUTHORIZATION
        ),
        (
            {"fhirServer": "https://a.example", "fhirAuthorization": {**AUTHORIZATION, "expires_in": "300"}},
            "fhirAuthorization.expires_in",
        ),
        ({"prefetch": {"patient": {"resource": {"resourceType": "Patient"}}}}, "prefetch.patient"),
        ({"prefetch": {"patient": "{}"}}, "prefetch.patient"),
        ({"prefetch": {"patient": []}}, "prefetch.patient"),
    ],
)
def test_a_break_of_the_protocol_is_told_to_who_asks_for_strictness(more: dict[str, Any], place: str) -> None:
    assert place in places(request(**more))


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"encounterId": "Encounter/e"}, "context.encounterId"),
        ({"selections": ["a"]}, "context.selections[0]"),
        ({"selections": ["MedicationRequest/a", "MedicationRequest/b"]}, "context.selections[1]"),
        ({"draftOrders": {"resourceType": "MedicationRequest", "id": "a"}}, "context.draftOrders"),
    ],
)
def test_a_break_of_the_hook_is_told_to_who_asks_for_strictness(more: dict[str, Any], place: str) -> None:
    assert place in places(with_context(**more))
    assert read(with_context(**more))


def test_a_null_in_prefetch_breaks_nothing() -> None:
    assert places(request(prefetch={"patient": None})) == set()
