"""The hooks of the library (checklist §12) and the context fields each lets a prefetch template use."""

USER_TOKENS = frozenset({"userPractitionerId", "userPractitionerRoleId", "userPatientId", "userRelatedPersonId"})

PREFETCH_TOKENS: dict[str, frozenset[str]] = {
    "patient-view": frozenset({"userId", "patientId", "encounterId"}),
    "order-select": frozenset({"userId", "patientId", "encounterId"}),
    "order-sign": frozenset({"userId", "patientId", "encounterId"}),
    "order-dispatch": frozenset({"patientId", "dispatchedOrders", "performer"}),
    "appointment-book": frozenset({"userId", "patientId", "encounterId"}),
    "encounter-start": frozenset({"userId", "patientId", "encounterId"}),
    "encounter-discharge": frozenset({"userId", "patientId", "encounterId"}),
    "medication-refill": frozenset({"userId", "patientId", "encounterId"}),
    "problem-list-item-create": frozenset({"userId", "patientId", "encounterId"}),
    "allergyintolerance-create": frozenset({"userId", "patientId", "encounterId"}),
    "medication-verify": frozenset({"userId", "patientId", "encounterId"}),
    "medication-prescribe": frozenset({"userId", "patientId", "encounterId"}),
    "order-review": frozenset({"userId", "patientId", "encounterId"}),
}

HOOK_VERSIONS: dict[str, frozenset[str]] = {
    "patient-view": frozenset({"1.0"}),
    "order-select": frozenset({"1.0", "1.0.2"}),
    "order-sign": frozenset({"1.0", "1.1.0"}),
    "order-dispatch": frozenset({"1.1"}),
    "appointment-book": frozenset({"1.0"}),
    "encounter-start": frozenset({"1.0"}),
    "encounter-discharge": frozenset({"1.0"}),
    "medication-refill": frozenset({"0.1.0"}),
    "problem-list-item-create": frozenset({"0.1.0"}),
    "allergyintolerance-create": frozenset({"0.1.0"}),
    "medication-verify": frozenset({"0.1.0"}),
    "medication-prescribe": frozenset({"1.0"}),
    "order-review": frozenset({"1.0"}),
}
