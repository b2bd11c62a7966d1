"""What a suggestion does to the orders of the request: it keeps what it does not touch, and never doubles a dose."""

from tests.conformance.bindings import CODES
from tests.conformance.orders import (
    Resource,
    draft_orders,
    is_in_use,
    medicine_keys,
    reference_to,
    told_resources,
)
from tests.conformance.place import Place

# What an update of a draft may touch: dose, timing and supply. `text` is the narrative, which would tell the old dose.
MAY_CHANGE = frozenset({"dosageInstruction", "dispenseRequest", "text"})
# What it may say that was not said: which plan it is a step of, and which prescription it takes the place of.
MAY_ADD = frozenset({"groupIdentifier", "priorPrescription"})
DOSAGE_STAYS = ("route", "site", "method", "extension", "modifierExtension")
SUPPLY_MAY_CHANGE = frozenset(
    {
        "quantity",
        "expectedSupplyDuration",
        "numberOfRepeatsAllowed",
        "validityPeriod",
        "initialFill",
        "dispenseInterval",
    }
)


def in_suggestions(card: Place, request: object) -> None:
    rules = card.at("extension").at("org.wane.advice").at("rules").items()
    asks = any(rule.at("say").value == "question" for rule in rules)
    for suggestion in card.at("suggestions").items():
        actions = list(suggestion.at("actions").items())
        for action in actions:
            if action.at("type").value == "update":
                in_update(action.at("resource"), request)
            if action.at("type").value == "create":
                in_create(action.at("resource"), request)
            if action.at("type").value == "delete" and asks:
                action.fault("a question card takes no order away", "X5, DESIGN §2")
        never_doubles(suggestion, actions, request)
        never_takes_away(actions, request)


def in_create(resource: Place, request: object) -> None:
    if resource.at("resourceType").value not in CODES:
        what = resource.at("resourceType").value
        resource.fault(f"{what} has no required bindings in tests/conformance/bindings.py; add them", "X3")
    patient = patient_of(request)
    for key in ("subject", "for", "patient"):
        if patient and resource.has(key) and resource.at(key).at("reference").value != patient:
            resource.at(key).fault(f"not the patient of the request ({key})", "X3, DESIGN §2")


def patient_of(request: object) -> str | None:
    context = request.get("context") if isinstance(request, dict) else None
    patient_id = context.get("patientId") if isinstance(context, dict) else None
    return f"Patient/{patient_id.removeprefix('Patient/')}" if isinstance(patient_id, str) else None


def in_update(resource: Place, request: object) -> None:
    """The draft as it came, with only dose, timing and supply changed."""
    drafts = draft_orders(request)
    if not isinstance(resource.value, dict) or reference_to(resource.value) not in drafts:
        return
    before = without_empties(drafts[reference_to(resource.value)])
    after = without_empties(resource.value)
    if not isinstance(before, dict) or not isinstance(after, dict):
        return
    number = "X4, DESIGN §2"
    if before == after:
        resource.fault("an update that changes nothing", number)
    for key in sorted((set(before) | set(after)) - MAY_CHANGE):
        if key not in after:
            resource.at(key).fault("of the original order is lost", number)
        elif before.get(key) != after[key] and (key in before or key not in MAY_ADD):
            resource.at(key).fault("of the original order is changed", number)
    for old, new in zip(
        resources_in(before, "dosageInstruction"), resources_in(after, "dosageInstruction"), strict=False
    ):
        for key in DOSAGE_STAYS:
            if old.get(key) != new.get(key):
                resource.at("dosageInstruction").fault(f"{key} of the original order is changed or lost", number)
    lost = [url for url in extension_urls(before) if url not in extension_urls(after)]
    if lost:
        resource.fault(f"extensions of the original order are lost: {', '.join(lost)}", number)
    in_supply(resource.at("dispenseRequest"), before.get("dispenseRequest"), after.get("dispenseRequest"), number)


def in_supply(supply: Place, before: object, after: object, number: str) -> None:
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted(set(before) - SUPPLY_MAY_CHANGE):
            if before[key] != after.get(key):
                supply.at(key).fault("of the original order is changed or lost", number)


def never_doubles(suggestion: Place, actions: list[Place], request: object) -> None:
    drafts = draft_orders(request)
    removed = {action.at("resourceId").value for action in actions if action.at("type").value == "delete"}
    kept = [order for reference, order in drafts.items() if reference not in removed]
    in_use = [told for told in told_resources(request) if is_in_use(told)]
    for action in actions:
        resource = action.at("resource")
        if action.at("type").value != "create" or resource.at("resourceType").value != "MedicationRequest":
            continue
        if not drafts:
            resource.fault("a prescription is suggested where none is being written", "DESIGN §2")
        keys = medicine_keys(resource.value, request)
        if any(keys & medicine_keys(order, request) for order in kept):
            suggestion.fault("keeps the order and creates another of the same medicine: a double dose", "DESIGN §2")
        if any(keys & medicine_keys(told, request) for told in in_use) and not removed:
            suggestion.fault("creates an order of a medicine that is in use: a double dose", "DESIGN §2")


def never_takes_away(actions: list[Place], request: object) -> None:
    """No suggestion deletes the order of a medicine in use without its replacement."""
    drafts = draft_orders(request)
    written = [a.at("resource").value for a in actions if a.at("type").value in {"create", "update"}]
    for action in actions:
        order = drafts.get(str(action.at("resourceId").value))
        if action.at("type").value != "delete" or order is None:
            continue
        keys = medicine_keys(order, request)
        replaced = any(keys & medicine_keys(resource, request) for resource in written)
        in_use = any(is_in_use(told) and keys & medicine_keys(told, request) for told in told_resources(request))
        if in_use and not replaced:
            action.fault("deletes the order of a medicine in use, with nothing in its place", "X5, DESIGN §2")


def without_empties(value: object) -> object:
    """The value as it may be sent (J2): clients send empty members, Wane does not send them back."""
    if isinstance(value, dict):
        kept = {key: without_empties(member) for key, member in value.items()}
        return {key: member for key, member in kept.items() if member not in (None, "", [], {})}
    if isinstance(value, list):
        return [member for member in map(without_empties, value) if member not in (None, "", [], {})]
    return value


def resources_in(resource: Resource, key: str) -> list[Resource]:
    members = resource.get(key)
    return [member for member in members if isinstance(member, dict)] if isinstance(members, list) else []


def extension_urls(value: object) -> list[str]:
    if isinstance(value, list):
        return [url for item in value for url in extension_urls(item)]
    if not isinstance(value, dict):
        return []
    own = [str(e.get("url")) for key in ("extension", "modifierExtension") for e in resources_in(value, key)]
    return own + [url for member in value.values() for url in extension_urls(member)]
