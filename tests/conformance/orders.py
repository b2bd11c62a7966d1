"""The orders a request carries, and what can be told of the medicine in one without knowing medicine."""

from collections.abc import Iterator

Resource = dict[str, object]

# The member of `context` that holds the orders being written, per hook; old names are still sent.
ORDER_BUNDLES = ("draftOrders", "medications", "orders")


def entry_resources(bundle: object) -> Iterator[Resource]:
    entries = bundle.get("entry") if isinstance(bundle, dict) else None
    for entry in entries if isinstance(entries, list) else []:
        resource = entry.get("resource") if isinstance(entry, dict) else None
        if isinstance(resource, dict):
            yield resource


def draft_orders(request: object) -> dict[str, Resource]:
    """The orders of this request by relative reference, such as "MedicationRequest/draft-1"."""
    context = request.get("context") if isinstance(request, dict) else None
    if not isinstance(context, dict):
        return {}
    found: dict[str, Resource] = {}
    for name in ORDER_BUNDLES:
        for resource in entry_resources(context.get(name)):
            found.setdefault(reference_to(resource), resource)
    return found


def told_resources(request: object) -> Iterator[Resource]:
    """Every resource that came in prefetch, alone or in a Bundle."""
    prefetch = request.get("prefetch") if isinstance(request, dict) else None
    for value in prefetch.values() if isinstance(prefetch, dict) else []:
        if isinstance(value, dict):
            if value.get("resourceType") == "Bundle":
                yield from entry_resources(value)
            else:
                yield value


def reference_to(resource: Resource) -> str:
    return f"{resource.get('resourceType')}/{resource.get('id')}"


def medicine_keys(order: object, request: object) -> frozenset[str]:
    """Signs by which two orders are of one medicine: each code with its system, and the first word of each name."""
    if not isinstance(order, dict):
        return frozenset()
    concept = order.get("medicationCodeableConcept")
    if concept is None:
        concept = referred_medication(order, request).get("code")
    if not isinstance(concept, dict):
        return frozenset()
    codings = concept.get("coding")
    keys: set[str] = set()
    names: list[object] = [concept.get("text")]
    for coding in codings if isinstance(codings, list) else []:
        if isinstance(coding, dict):
            names.append(coding.get("display"))
            if coding.get("code"):
                keys.add(f"{coding.get('system')}|{coding['code']}")
    keys.update(name.split()[0].lower() for name in names if isinstance(name, str) and name.strip())
    return frozenset(keys)


def referred_medication(order: Resource, request: object) -> Resource:
    reference = order.get("medicationReference")
    target = reference.get("reference") if isinstance(reference, dict) else None
    if not isinstance(target, str):
        return {}
    contained = order.get("contained")
    for resource in contained if isinstance(contained, list) else []:
        if isinstance(resource, dict) and target == f"#{resource.get('id')}":
            return resource
    for resource in told_resources(request):
        if target.endswith(reference_to(resource)):
            return resource
    return {}


def is_in_use(told: Resource) -> bool:
    """Surely taken now: active, with no end anywhere. What has an end may be history."""
    return (
        told.get("resourceType") == "MedicationRequest"
        and told.get("status") == "active"
        and told.get("doNotPerform") is not True
        and '"end"' not in keys_of(told)
    )


def keys_of(value: object) -> str:
    if isinstance(value, dict):
        return "".join(f'"{key}"{keys_of(member)}' for key, member in value.items())
    return "".join(keys_of(item) for item in value) if isinstance(value, list) else ""
