"""The hooks of the HL7 CDS Hooks Library: their names, versions, context fields and prefetch tokens (checklist §12)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hook:
    """`orders` is the context field that holds the Bundle of what is being ordered, if there is one."""

    name: str
    version: str
    tokens: tuple[str, ...]  # context fields a prefetch template may name
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    orders: str | None = None


HOOKS = {
    hook.name: hook
    for hook in (
        Hook("patient-view", "1.0", ("userId", "patientId", "encounterId"), ("patientId",), ("userId", "encounterId")),
        Hook(
            "order-select",
            "1.0",
            ("userId", "patientId", "encounterId"),
            ("patientId", "draftOrders"),
            ("userId", "encounterId", "selections"),
            orders="draftOrders",
        ),
        Hook(
            "order-sign",
            "1.0",
            ("userId", "patientId", "encounterId"),
            ("patientId", "draftOrders"),
            ("userId", "encounterId"),
            orders="draftOrders",
        ),
        Hook(
            "medication-refill",
            "0.1.0",
            ("userId", "patientId", "encounterId"),
            ("patientId", "medications"),
            ("userId", "encounterId"),
            orders="medications",
        ),
        Hook(
            "encounter-discharge",
            "1.0",
            ("userId", "patientId", "encounterId"),
            ("patientId",),
            ("userId", "encounterId"),
        ),
    )
}
