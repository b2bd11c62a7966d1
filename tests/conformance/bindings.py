"""The required bindings of the FHIR R4 resources Wane sends: the codes FHIR allows, and no others.

The model library checks structure but accepts any word for a code. Wane sends no resource type that is not listed here,
so that the table grows with what it sends.
"""

from tests.conformance.place import words

REQUEST_STATUS = words("draft active on-hold revoked completed entered-in-error unknown")
REQUEST_INTENT = words("proposal plan directive order original-order reflex-order filler-order instance-order option")
PRIORITY = words("routine urgent asap stat")

ISSUE_SEVERITY = words("fatal error warning information")
ISSUE_TYPE = words(
    "invalid structure required value invariant security login unknown expired forbidden suppressed processing "
    "not-supported duplicate multiple-matches not-found deleted too-long code-invalid extension too-costly "
    "business-rule conflict transient lock-error no-store exception timeout incomplete throttled informational"
)

# Paths are element names without indexes, after the resource type.
CODES: dict[str, dict[str, frozenset[str]]] = {
    "MedicationRequest": {
        "status": words("active on-hold cancelled completed entered-in-error stopped draft unknown"),
        "intent": words("proposal plan order original-order reflex-order filler-order instance-order option"),
        "priority": PRIORITY,
    },
    "Medication": {"status": words("active inactive entered-in-error")},
    "ServiceRequest": {"status": REQUEST_STATUS, "intent": REQUEST_INTENT, "priority": PRIORITY},
    "Task": {
        "status": words(
            "draft requested received accepted rejected ready cancelled in-progress on-hold failed completed "
            "entered-in-error"
        ),
        "intent": REQUEST_INTENT - {"directive"} | {"unknown"},
        "priority": PRIORITY,
    },
    "CommunicationRequest": {"status": REQUEST_STATUS, "priority": PRIORITY},
    "Condition": {},
    "CarePlan": {
        "status": REQUEST_STATUS,
        "intent": words("proposal plan order option"),
        "activity.detail.kind": words(
            "Appointment CommunicationRequest DeviceRequest MedicationRequest NutritionOrder Task ServiceRequest "
            "VisionPrescription"
        ),
        "activity.detail.status": words(
            "not-started scheduled in-progress on-hold completed cancelled stopped unknown entered-in-error"
        ),
    },
    "Goal": {
        "lifecycleStatus": words(
            "proposed planned accepted active on-hold completed cancelled entered-in-error rejected"
        )
    },
    "RequestGroup": {
        "status": REQUEST_STATUS,
        "intent": REQUEST_INTENT,
        "priority": PRIORITY,
        "action.priority": PRIORITY,
        "action.condition.kind": words("applicability start stop"),
        "action.relatedAction.relationship": words(
            "before-start before before-end concurrent-with-start concurrent concurrent-with-end after-start after "
            "after-end"
        ),
        "action.groupingBehavior": words("visual-group logical-group sentence-group"),
        "action.selectionBehavior": words("any all all-or-none exactly-one at-most-one one-or-more"),
        "action.requiredBehavior": words("must could must-unless-documented"),
        "action.precheckBehavior": words("yes no"),
        "action.cardinalityBehavior": words("single multiple"),
    },
    "Provenance": {"entity.role": words("derivation revision quotation source removal")},
    "GuidanceResponse": {"status": words("success data-requested data-required in-progress failure entered-in-error")},
    "DetectedIssue": {
        "status": words("registered preliminary final amended corrected cancelled entered-in-error unknown"),
        "severity": words("high moderate low"),
    },
    "OperationOutcome": {"issue.severity": ISSUE_SEVERITY, "issue.code": ISSUE_TYPE},
    "Bundle": {
        "type": words(
            "document message transaction transaction-response batch batch-response history searchset collection"
        )
    },
}

# Required bindings on CodeableConcepts: (system, codes); every concept given needs one such coding.
CONCEPTS: dict[str, dict[str, tuple[str, frozenset[str]]]] = {
    "Condition": {
        "clinicalStatus": (
            "http://terminology.hl7.org/CodeSystem/condition-clinical",
            words("active recurrence relapse inactive remission resolved"),
        ),
        "verificationStatus": (
            "http://terminology.hl7.org/CodeSystem/condition-ver-status",
            words("unconfirmed provisional differential confirmed refuted entered-in-error"),
        ),
    },
}

# Data types, wherever they stand: the last element names of a path.
UNITS_OF_TIME = words("s min h d wk mo a")
DATA_TYPES: dict[str, frozenset[str]] = {
    "repeat.durationUnit": UNITS_OF_TIME,
    "repeat.periodUnit": UNITS_OF_TIME,
    "repeat.dayOfWeek": words("mon tue wed thu fri sat sun"),
    "repeat.when": words(
        "MORN MORN.early MORN.late NOON AFT AFT.early AFT.late EVE EVE.early EVE.late NIGHT PHS HS WAKE "
        "C CM CD CV AC ACM ACD ACV PC PCM PCD PCV"
    ),
    "comparator": words("< <= >= >"),
    "text.status": words("generated extensions additional empty"),
}
