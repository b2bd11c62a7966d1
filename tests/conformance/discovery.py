"""The discovery body and the prefetch templates in it: checklist §2 and §3."""

import re
from urllib.parse import parse_qsl

from tests.conformance.hooks import HOOK_VERSIONS, PREFETCH_TOKENS, USER_TOKENS
from tests.conformance.place import Place, kind, nothing_empty, words
from tests.conformance.resources import is_fhir

SERVICE = words("hook title description id prefetch usageRequirements version hookVersion extension")
SEMVER = re.compile(r"\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?")
TOKEN = re.compile(r"\{\{(.*?)\}\}")
READ = re.compile(r"(?P<type>[A-Z][A-Za-z]+)/[^/?#]+")
SEARCH = re.compile(r"(?P<type>[A-Z][A-Za-z]+)\?(?P<query>[^#]+)")


def faults_in_discovery(body: object) -> list[str]:
    """Every rule of discovery and of prefetch templates that this body breaks, as sentences."""
    found: list[str] = []
    place = Place(body, found)
    if not isinstance(body, dict):
        place.fault(f"{kind(body)}, must be an object", "D2")
        return found
    nothing_empty(place, may_be_empty=frozenset({"services"}))
    services = place.array("services", "D2", needed=True)
    for service in services:
        in_service(service)
    ids = [service.at("id").value for service in services]
    for service in services:
        if ids.count(service.at("id").value) > 1:
            service.at("id").fault("shared by several services; clients key them by address and lose all but one", "D9")
    return found


def in_service(service: Place) -> None:
    service.only(SERVICE, "D3")
    service.extension()
    hook = service.text("hook", "D3")
    service.text("description", "D3")
    service.text("title", "D4")
    service.text("usageRequirements", "D6", needed=False)
    service_id = service.text("id", "D3")
    if service_id is not None and not re.fullmatch(r"[A-Za-z0-9._~-]+", service_id):
        service.at("id").fault(f'"{service_id}" cannot stand in an address as it is', "D3")
    if hook is not None and hook not in PREFETCH_TOKENS and "." not in hook:
        service.at("hook").fault(f'"{hook}" is not in the library; an own hook has a reverse-domain name', "§12")
    version = service.text("version", "D7", needed=False)
    if version is not None and not SEMVER.fullmatch(version):
        service.at("version").fault(f'"{version}" is not a version of CDS Hooks such as 2.0.1', "D7")
    hook_version = service.text("hookVersion", "D8", needed=False)
    if hook_version is not None and hook_version not in HOOK_VERSIONS.get(str(hook), {hook_version}):
        service.at("hookVersion").fault(f"{hook} has no version {hook_version}", "D8")
    prefetch = service.at("prefetch")
    if service.has("prefetch") and not isinstance(prefetch.value, dict):
        prefetch.fault(f"{kind(prefetch.value)}, must be an object", "D5")
    for key, template in prefetch.members():
        if prefetch.text(key, "D5") is not None:
            in_template(template, str(hook))


def in_template(template: Place, hook: str) -> None:
    text = str(template.value)
    rest = TOKEN.sub("token", text)
    if "{" in rest or "}" in rest:
        template.fault("a token stands between {{ and }}", "P1")
    for token in TOKEN.findall(text):
        in_token(template, token, hook)
    if read := READ.fullmatch(rest):
        if not is_fhir(read["type"]):
            template.fault(f"FHIR R4 has no {read['type']}", "P5")
    elif search := SEARCH.fullmatch(rest):
        if not is_fhir(search["type"]):
            template.fault(f"FHIR R4 has no {search['type']}", "P5")
        for name, value in parse_qsl(search["query"], keep_blank_values=True):
            in_parameter(template, name, value)
    else:
        template.fault("neither a read (Type/id) nor a search (Type?…), relative to the FHIR server", "P5")


def in_token(template: Place, token: str, hook: str) -> None:
    if token in USER_TOKENS:
        return
    field = token.removeprefix("context.")
    if not token.startswith("context.") or not re.fullmatch(r"[A-Za-z]+", field):
        template.fault(f"{{{{{token}}}}} is neither context.<field> nor one of {', '.join(sorted(USER_TOKENS))}", "P2")
    elif field not in PREFETCH_TOKENS.get(hook, {field}):
        template.fault(f"{hook} has no prefetch token {{{{{token}}}}}", "P3")


def in_parameter(template: Place, name: str, value: str) -> None:
    base, _, modifier = name.partition(":")
    if base in {"_include", "_revinclude", "_has"} or "." in base:
        template.fault(f"{name} is outside the safe subset", "P5")
    elif base in {"sort", "_maxresults"}:
        template.fault(f"R4 has no parameter {name}", "P5")
    elif modifier not in {"", "in"}:
        template.fault(f"modifier :{modifier} is outside the safe subset", "P5")
    elif re.match(r"(ne|sa|eb|ap)\d{4}", value):
        template.fault(f"date prefix {value[:2]} is outside the safe subset", "P5")
    elif not value:
        template.fault(f"{name} without a value", "P5")
