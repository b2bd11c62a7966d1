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

PUBLICATION = words("draft active retired unknown")
RELATED = words("documentation justification citation predecessor successor derived-from depends-on composed-of")

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
    "CodeSystem": {
        "status": PUBLICATION,
        "content": words("not-present example fragment complete supplement"),
        "hierarchyMeaning": words("grouped-by is-a part-of classified-with"),
    },
    "ValueSet": {"status": PUBLICATION},
    "ConceptMap": {
        "status": PUBLICATION,
        "group.element.target.equivalence": words(
            "relatedto equivalent equal wider subsumes narrower specializes inexact unmatched disjoint"
        ),
    },
    "PlanDefinition": {"status": PUBLICATION, "relatedArtifact.type": RELATED},
    "Library": {"status": PUBLICATION, "relatedArtifact.type": RELATED},
    "OperationDefinition": {
        "status": PUBLICATION,
        "kind": words("operation query"),
        "parameter.use": words("in out"),
        "parameter.type": words(
            "Bundle code string date Resource Range Quantity boolean Parameters decimal integer MedicationRequest Reference"
        ),
    },
    "StructureDefinition": {
        "status": PUBLICATION,
        "fhirVersion": words("4.0.1"),
        "kind": words("primitive-type complex-type resource logical"),
        "context.type": words("fhirpath element extension"),
        "derivation": words("specialization constraint"),
    },
    "NamingSystem": {
        "status": PUBLICATION,
        "kind": words("codesystem identifier root"),
        "uniqueId.type": words("oid uuid uri other"),
    },
    "CapabilityStatement": {
        "status": PUBLICATION,
        "kind": words("instance capability requirements"),
        "fhirVersion": words("4.0.1"),
        "rest.mode": words("client server"),
        "rest.resource.interaction.code": words(
            "read vread update patch delete history-instance history-type create search-type"
        ),
        "rest.resource.versioning": words("no-version versioned versioned-update"),
        "rest.resource.conditionalRead": words("not-supported modified-since not-match full-support"),
        "rest.resource.searchParam.type": words("number date string token reference composite quantity uri special"),
    },
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
    "action.priority": PRIORITY,
    "condition.kind": words("applicability start stop"),
    "action.selectionBehavior": words("any all all-or-none exactly-one at-most-one one-or-more"),
    "action.groupingBehavior": words("visual-group logical-group sentence-group"),
    "trigger.type": words(
        "named-event periodic data-changed data-added data-modified data-removed data-accessed data-access-ended"
    ),
    "comparator": words("< <= >= >"),
    "text.status": words("generated extensions additional empty"),
}
