"""The hooks of the HL7 CDS Hooks Library: their names, versions, context fields and prefetch tokens (checklist §12)."""

from dataclasses import dataclass

_CLINICIANS = ("Practitioner", "PractitionerRole")
_ANYBODY = (*_CLINICIANS, "Patient", "RelatedPerson")
_TOKENS = ("userId", "patientId", "encounterId")


@dataclass(frozen=True, slots=True)
class Hook:
    """`orders` is the context field that holds the Bundle of what is being ordered, if there is one. `required` is what a
    service cannot do without, `demanded` what the hook's definition requires; `users` are the types `userId` may name."""

    name: str
    version: str
    required: tuple[str, ...]
    optional: tuple[str, ...]
    demanded: tuple[str, ...]
    users: tuple[str, ...] = _CLINICIANS
    orders: str | None = None
    tokens: tuple[str, ...] = _TOKENS  # context fields a prefetch template may name


HOOKS = {
    hook.name: hook
    for hook in (
        Hook("patient-view", "1.0", ("patientId",), ("userId", "encounterId"), ("userId", "patientId"), _ANYBODY),
        Hook(
            "order-select",
            "1.0",
            ("patientId", "draftOrders"),
            ("userId", "encounterId", "selections"),
            demanded=("userId", "patientId", "selections", "draftOrders"),
            orders="draftOrders",
        ),
        Hook(
            "order-sign",
            "1.0",
            ("patientId", "draftOrders"),
            ("userId", "encounterId"),
            demanded=("userId", "patientId", "draftOrders"),
            orders="draftOrders",
        ),
        Hook(
            "medication-refill",
            "0.1.0",
            ("patientId", "medications"),
            ("userId", "encounterId"),
            demanded=("patientId", "medications"),
            users=_ANYBODY,
            orders="medications",
        ),
        Hook(
            "encounter-discharge",
            "1.0",
            ("patientId",),
            ("userId", "encounterId"),
            demanded=("userId", "patientId", "encounterId"),
        ),
    )
}
