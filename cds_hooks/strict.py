"""Everything in a request that breaks CDS Hooks, for who asks for it (`Prefer: handling=strict`).

Without that, what can be understood is: real clients send `Patient/7` where the hook says a bare id, wrap prefetch as before
2018, or leave the user out (checklist Q11, Q12).
"""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from cds_hooks.faults import RequestFault
from cds_hooks.hooks import Hook

_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}", re.ASCII)
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)
_REFERENCE = re.compile(r"[A-Z][A-Za-z]+/[A-Za-z0-9\-.]{1,64}", re.ASCII)
_AUTHORIZATION = ("access_token", "token_type", "expires_in", "scope", "subject")

Json = Mapping[str, object]


def breaks_of(body: object, hook: Hook) -> Iterator[RequestFault]:
    """Every break of CDS Hooks 2.0.1 "HTTP Request" and of the hook's own definition, but for what `read_request` refuses."""
    if not isinstance(body, Mapping):
        return
    yield from _root(body)
    context = body.get("context")
    if isinstance(context, Mapping):
        yield from _context(context, hook)
    prefetch = body.get("prefetch")
    for key, value in prefetch.items() if isinstance(prefetch, Mapping) else ():
        if value is not None and not (isinstance(value, Mapping) and isinstance(value.get("resourceType"), str)):
            yield RequestFault(f"prefetch.{key}", "is neither a FHIR resource nor null.", "structure")


def _root(body: Json) -> Iterator[RequestFault]:
    if not _UUID.fullmatch(str(body.get("hookInstance"))):
        yield RequestFault("hookInstance", "is not a UUID.", "value")
    if not isinstance(body.get("extension", {}), Mapping):
        yield RequestFault("extension", "is not an object.", "structure")
    server, authorization = body.get("fhirServer"), body.get("fhirAuthorization")
    if isinstance(server, str) and (urlsplit(server).scheme not in ("http", "https") or not urlsplit(server).netloc):
        yield RequestFault("fhirServer", "is not an http or https address.", "value")
    if authorization is None:
        return
    if server is None:
        yield RequestFault("fhirServer", "is missing, and there is a fhirAuthorization.", "required")
    if not isinstance(authorization, Mapping):
        yield RequestFault("fhirAuthorization", "is not an object.", "structure")
        return
    for name in _AUTHORIZATION:
        if name not in authorization:
            yield RequestFault(f"fhirAuthorization.{name}", "is missing.", "required")
    if authorization.get("token_type", "Bearer") != "Bearer":
        yield RequestFault("fhirAuthorization.token_type", 'is not "Bearer".', "value")
    expires = authorization.get("expires_in", 0)
    if not isinstance(expires, int) or isinstance(expires, bool):
        yield RequestFault("fhirAuthorization.expires_in", "is not a whole number of seconds.", "value")


def _context(context: Json, hook: Hook) -> Iterator[RequestFault]:
    for name in hook.demanded:
        if context.get(name) is None:
            yield RequestFault(f"context.{name}", "is missing.", "required")
    for name in ("patientId", "encounterId"):
        if isinstance(value := context.get(name), str) and not _ID.fullmatch(value):
            yield RequestFault(f"context.{name}", "is not a bare FHIR id.", "value")
    user = context.get("userId")
    if isinstance(user, str) and (not _REFERENCE.fullmatch(user) or user.partition("/")[0] not in hook.users):
        yield RequestFault("context.userId", f"is not a reference to one of {', '.join(hook.users)}.", "value")
    if not hook.orders or not isinstance(bundle := context.get(hook.orders), Mapping):
        return
    if bundle.get("resourceType") != "Bundle":
        yield RequestFault(f"context.{hook.orders}", "is not a Bundle.", "structure")
    drafts = set(_references(bundle))
    selections = context.get("selections")
    for index, selection in enumerate(selections if isinstance(selections, list) else ()):
        path = f"context.selections[{index}]"
        if not isinstance(selection, str) or not _REFERENCE.fullmatch(selection):
            yield RequestFault(path, "is not written Type/id.", "value")
        elif selection not in drafts:
            yield RequestFault(path, f"is not in context.{hook.orders}.", "not-found")


def _references(bundle: Json) -> Iterator[str]:
    entries = bundle.get("entry")
    for entry in entries if isinstance(entries, list) else ():
        resource = entry.get("resource") if isinstance(entry, Mapping) else None
        if isinstance(resource, Mapping):
            yield f"{resource.get('resourceType')}/{resource.get('id')}"
