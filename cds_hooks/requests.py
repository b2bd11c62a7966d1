"""A CDS Hooks request, read leniently: unknown members are ignored, and only what cannot be done without is demanded.

1.0, 2.0 and 3.0 requests have the same shape for a service (checklist §4); nothing in the body tells the version.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from cds_hooks.faults import RequestFault
from cds_hooks.hooks import Hook

_TOKEN = re.compile(r"[A-Za-z0-9\-._~+/]+=*")


@dataclass(frozen=True, slots=True)
class Context:
    """The hook's context. `orders` is the Bundle of draft orders as sent; `selections` None: not sent, so all count."""

    patient_id: str
    user_id: str | None
    encounter_id: str | None
    orders: Mapping[str, object] | None
    selections: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Authorization:
    """What the client lets a service do at its FHIR server, for this call (CDS Hooks 2.0.1 "FHIR Resource Access"; checklist
    Q5, A3): `expires_in` in seconds, `patient` the only one it is for. The token is never shown."""

    access_token: str = field(repr=False)
    expires_in: int | None = None
    patient: str | None = None


@dataclass(frozen=True, slots=True)
class Request:
    hook: str
    hook_instance: str
    context: Context
    prefetch: Mapping[str, object]
    fhir_server: str | None
    authorization: Authorization | None = None


def read_request(body: object, hook: Hook) -> Request:
    """Read the body of a service call for `hook`.

    Raises RequestFault with the place and what to send instead, if a REQUIRED member is missing or of a wrong type
    (CDS Hooks 2.0.1, "HTTP Request"). `userId` is wanted by most hooks, but no advice depends on it: it may be left out.
    """
    if not isinstance(body, Mapping):
        raise RequestFault("$this", "the body is not a JSON object. Send a CDS Hooks request.", "structure")
    name = _text(body, "hook", "hook")
    if name != hook.name:
        raise RequestFault("hook", f'this service answers "{hook.name}". Call the service of your hook.', "value")
    return Request(
        hook=hook.name,
        hook_instance=_text(body, "hookInstance", "hookInstance"),
        context=_context(body.get("context"), hook),
        prefetch=_object(body, "prefetch") or {},
        fhir_server=_optional_text(body, "fhirServer", "fhirServer"),
        authorization=_authorization(body.get("fhirAuthorization")),
    )


def _authorization(value: object) -> Authorization | None:
    """None also where what was sent is no bearer token (RFC 6750 §2.1): nothing is fetched then, and nothing else is lost."""
    if not isinstance(value, Mapping) or value.get("token_type", "Bearer") != "Bearer":
        return None
    token, expires, patient = value.get("access_token"), value.get("expires_in"), value.get("patient")
    if not isinstance(token, str) or not _TOKEN.fullmatch(token):
        return None
    seconds = expires if isinstance(expires, int) and not isinstance(expires, bool) else None
    return Authorization(token, seconds, bare_id(patient) if isinstance(patient, str) and patient else None)


def _context(context: object, hook: Hook) -> Context:
    if context is None:
        raise RequestFault("context", "is missing. Send the context of the hook.", "required")
    if not isinstance(context, Mapping):
        raise RequestFault("context", "is not an object.", "structure")
    return Context(
        patient_id=bare_id(_text(context, "patientId", "context.patientId")),
        user_id=relative(_optional_text(context, "userId", "context.userId")),
        encounter_id=_optional_text(context, "encounterId", "context.encounterId"),
        orders=_orders(context, hook.orders) if hook.orders else None,
        selections=_selections(context) if "selections" in hook.optional else None,
    )


def bare_id(reference: str) -> str:
    """`p-771` out of `p-771`, `Patient/p-771` or an absolute URL. The hook library wants the bare id; clients differ."""
    return reference.rstrip("/").rsplit("/", 1)[-1]


def relative(reference: str | None) -> str | None:
    """`Practitioner/7` out of an absolute URL or of a version of it; a bare id stays one. None where nobody is told."""
    if reference is None:
        return None
    parts = reference.partition("/_history/")[0].rstrip("/").rsplit("/", 2)
    return "/".join(parts[-2:]) if "://" in reference else reference.partition("/_history/")[0]


def _orders(context: Mapping[str, object], name: str) -> Mapping[str, object]:
    path = f"context.{name}"
    bundle = context.get(name)
    if bundle is None:
        raise RequestFault(path, "is missing. Send the Bundle of draft orders.", "required")
    if not isinstance(bundle, Mapping):
        raise RequestFault(path, "is not a Bundle.", "structure")
    entries = bundle.get("entry", [])
    if not isinstance(entries, list):
        raise RequestFault(f"{path}.entry", "is not a list.", "structure")
    if bundle.get("resourceType", "Bundle") == "Bundle":
        return bundle
    # Some clients put the one draft itself where a Bundle of it belongs.
    return {"resourceType": "Bundle", "entry": [{"resource": bundle}, *entries]}


def _selections(context: Mapping[str, object]) -> frozenset[str] | None:
    selections = context.get("selections")
    if selections is None:
        return None
    if not isinstance(selections, list) or not all(isinstance(item, str) for item in selections):
        raise RequestFault("context.selections", "is not a list of references.", "structure")
    return frozenset(selections)


def _text(table: Mapping[str, object], key: str, path: str) -> str:
    value = table.get(key)
    if value is None:
        raise RequestFault(path, "is missing.", "required")
    if not isinstance(value, str) or not value.strip():
        raise RequestFault(path, "is not a string with a value.", "value")
    return value


def _optional_text(table: Mapping[str, object], key: str, path: str) -> str | None:
    value = table.get(key)
    if value is not None and not isinstance(value, str):
        raise RequestFault(path, "is not a string.", "value")
    return value or None


def _object(table: Mapping[str, object], key: str) -> Mapping[str, object] | None:
    value = table.get(key)
    if value is not None and not isinstance(value, Mapping):
        raise RequestFault(key, "is not an object.", "structure")
    return value
