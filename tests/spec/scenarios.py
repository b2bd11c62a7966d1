"""The scenarios that are put into every call, with the card that must come."""

from tests.spec.splice import (
    ATC,
    ICD_10,
    ICD_10_CM,
    RXNORM,
    SNOMED,
    TODAY,
    Json,
    Scenario,
    coded,
    days_ago,
    dosage,
    order,
    problem,
    use,
)

BACLOFEN = coded(ATC, "M03BX01", "Baclofen 10 mg tablet")
LORMETAZEPAM = coded(ATC, "N05CD06", "Lormetazepam 1 mg")
ZOLPIDEM = coded(ATC, "N05CF02", "Zolpidem 10 mg")
LORAZEPAM = coded(ATC, "N05BA06", "Lorazepam 1 mg")
ALPRAZOLAM = coded(RXNORM, "308048", "alprazolam 0.5 MG Oral Tablet")
DIAZEPAM = coded(ATC, "N05BA01", "Diazepam 10 mg")
CLONAZEPAM = coded(ATC, "N03AE01", "Clonazepam 0.5 mg")

ALCOHOLISM = coded(SNOMED, "7200002", "Alcoholism")
ALCOHOL_WHO = coded(ICD_10, "F10.2", "Alcoholafhankelijkheid")
ALCOHOL_CM = coded(ICD_10_CM, "F10.20", "Alcohol dependence, uncomplicated")
SPASTICITY = coded(SNOMED, "221360009", "Spasticity")
MULTIPLE_SCLEROSIS = coded(ICD_10, "G35", "Multiple sclerose")
COPD = coded(SNOMED, "13645005", "COPD")

ACTIVE_ALCOHOL = problem("c-alcohol", coded(SNOMED, "66590003", "Alcohol dependence"))
ORAL = {"coding": [{"system": SNOMED, "code": "26643006"}]}
INTRATHECAL: Json = {"route": {"coding": [{"system": SNOMED, "code": "72607000"}]}}

ALCOHOL = ("alcohol",)
OTHER_BZRA = ("flurazepam", "temazepam")
DEPENDENCE = ("alcohol", "dependence", "misuse", *OTHER_BZRA)
AGAINST: Json = {"leads": "baclofen-alcohol", "indicator": "warning"}
ASKS: Json = {"leads": "baclofen-alcohol", "indicator": "info", "say": "question"}
DOSE_RULE = frozenset({"baclofen-alcohol-dose"})


def baclofen(times: float = 3, amount: float = 10, **more: object) -> Json:
    return order(BACLOFEN, dosage(times, amount), **more)


def for_alcohol(times: float = 3, amount: float = 10, **more: object) -> Json:
    return baclofen(times, amount, reasonCode=[ALCOHOLISM], **more)


def baclofen_in_use(times: float, amount: float) -> Json:
    since = days_ago(200)
    return use("m-baclofen", BACLOFEN, dosage(times, amount, since=since), since=since, reasonCode=[ALCOHOLISM])


BACLOFEN_SCENARIOS = [
    Scenario("baclofen, the reason is alcoholism in SNOMED CT", for_alcohol(), **AGAINST, say="against"),
    Scenario(
        "baclofen, the reason is alcohol dependence in WHO ICD-10",
        baclofen(reasonCode=[ALCOHOL_WHO]),
        **AGAINST,
        say="against",
    ),
    Scenario(
        "baclofen, the reason is alcohol dependence in ICD-10-CM",
        baclofen(reasonCode=[ALCOHOL_CM]),
        **AGAINST,
        say="against",
    ),
    Scenario(
        "baclofen, the reason refers to alcohol dependence on the list",
        baclofen(reasonReference=[{"reference": "Condition/c-alcohol"}]),
        [ACTIVE_ALCOHOL],
        **AGAINST,
        say="against",
    ),
    Scenario(
        "baclofen without reason, alcohol dependence on the list in SNOMED CT",
        baclofen(),
        [ACTIVE_ALCOHOL],
        **AGAINST,
        say="against-probably",
    ),
    Scenario(
        "baclofen without reason, alcohol dependence on the list in WHO ICD-10",
        baclofen(),
        [problem("c1", ALCOHOL_WHO)],
        **AGAINST,
        say="against-probably",
    ),
    Scenario(
        "baclofen without reason, alcohol dependence on the list in ICD-10-CM",
        baclofen(),
        [problem("c1", ALCOHOL_CM)],
        **AGAINST,
        say="against-probably",
    ),
    Scenario(
        "baclofen without reason, F10.20 on the list in WHO ICD-10, where it may mean abstinent",
        baclofen(),
        [problem("c1", coded(ICD_10, "F10.20"))],
        **ASKS,
        moved_by=ALCOHOL,
    ),
    Scenario(
        "baclofen in RxNorm without reason, alcohol dependence on the list",
        order(coded(RXNORM, "1292"), dosage(3, 10)),
        [ACTIVE_ALCOHOL],
        **AGAINST,
        say="against-probably",
    ),
    Scenario(
        "baclofen by name only, alcohol dependence on the list",
        order({"text": "Lioresal 10 mg"}, dosage(3, 10)),
        [ACTIVE_ALCOHOL],
        **AGAINST,
        say="against-probably",
    ),
    Scenario(
        "baclofen for spasticity while alcohol dependence is active",
        baclofen(reasonCode=[SPASTICITY]),
        [ACTIVE_ALCOHOL],
    ),
    Scenario(
        "baclofen without reason, multiple sclerosis and alcohol dependence on the list",
        baclofen(),
        [problem("c-ms", MULTIPLE_SCLEROSIS), ACTIVE_ALCOHOL],
        **ASKS,
    ),
    Scenario(
        "baclofen without reason, alcohol dependence in remission",
        baclofen(),
        [problem("c1", ALCOHOLISM, clinical="remission")],
        **ASKS,
        moved_by=ALCOHOL,
    ),
    Scenario(
        "baclofen without reason, alcohol dependence in remission by its code in ICD-10-CM",
        baclofen(),
        [problem("c1", coded(ICD_10_CM, "F10.21"))],
        **ASKS,
        moved_by=ALCOHOL,
    ),
    Scenario(
        "baclofen without reason, alcohol dependence provisional",
        baclofen(),
        [problem("c1", ALCOHOLISM, verification="provisional")],
        **ASKS,
        moved_by=ALCOHOL,
    ),
    Scenario(
        "baclofen without reason, alcohol dependence refuted",
        baclofen(),
        [problem("c1", ALCOHOLISM, verification="refuted")],
        moved_by=ALCOHOL,
    ),
    Scenario(
        "baclofen without reason, alcohol dependence entered in error",
        baclofen(),
        [problem("c1", ALCOHOLISM, clinical=None, verification="entered-in-error")],
        moved_by=ALCOHOL,
    ),
    Scenario("baclofen with COPD and nothing else", baclofen(), [problem("c1", COPD)], moved_by=ALCOHOL),
    Scenario(
        "baclofen with COPD and alcohol dependence",
        baclofen(),
        [problem("c1", COPD), ACTIVE_ALCOHOL],
        **AGAINST,
        say="against-probably",
    ),
    Scenario(
        "baclofen without reason while acamprosate is in use",
        baclofen(),
        medications=[use("m1", coded(ATC, "N07BB03", "acamprosaat"), dosage(3, 666), since=days_ago(40))],
        **ASKS,
        moved_by=ALCOHOL,
    ),
    Scenario(
        "baclofen 81 mg a day for alcohol",
        for_alcohol(3, 27),
        **AGAINST,
        say="against",
        with_rules=DOSE_RULE,
    ),
    Scenario(
        "baclofen 80 mg a day for alcohol",
        for_alcohol(4, 20),
        **AGAINST,
        say="against",
        without_rules=DOSE_RULE,
    ),
    Scenario(
        "baclofen 180 mg a day for alcohol",
        for_alcohol(6, 30),
        leads="baclofen-alcohol-dose",
        indicator="critical",
        with_rules=frozenset({"baclofen-alcohol"}),
    ),
    Scenario(
        "baclofen 179 mg a day for alcohol",
        for_alcohol(2, 89.5),
        **AGAINST,
        with_rules=DOSE_RULE,
    ),
    Scenario(
        "baclofen for alcohol lowered from 120 to 105 mg a day",
        for_alcohol(3, 35),
        medications=[baclofen_in_use(3, 40)],
        leads="baclofen-taper",
        indicator="info",
        without_rules=frozenset({"baclofen-alcohol", "baclofen-alcohol-dose"}),
    ),
    Scenario(
        "baclofen for alcohol lowered from 75 to 60 mg a day, naming what it replaces",
        for_alcohol(3, 20, priorPrescription={"reference": "MedicationRequest/m-baclofen"}),
        medications=[baclofen_in_use(3, 25)],
        leads="baclofen-taper",
        indicator="info",
        without_rules=frozenset({"baclofen-alcohol"}),
    ),
    Scenario(
        "baclofen for alcohol raised from 30 to 60 mg a day",
        for_alcohol(3, 20),
        medications=[baclofen_in_use(3, 10)],
        **AGAINST,
        say="against",
    ),
    Scenario(
        "baclofen without reason, alcohol dependence in the family only",
        baclofen(),
        [problem("c1", coded(ICD_10_CM, "Z81.1", "Family history of alcohol abuse and dependence"))],
        others={
            "family": {
                "resourceType": "FamilyMemberHistory",
                "id": "f1",
                "status": "completed",
                "relationship": {"text": "father"},
                "condition": [{"code": ALCOHOLISM}],
            }
        },
        moved_by=ALCOHOL,
    ),
    Scenario(
        "baclofen that shall not be given, and is not in use",
        for_alcohol(doNotPerform=True),
        [ACTIVE_ALCOHOL],
    ),
    Scenario(
        "intrathecal baclofen while alcohol dependence is active",
        order(
            BACLOFEN,
            dosage(1, 300, unit="ug") | INTRATHECAL,
        ),
        [ACTIVE_ALCOHOL],
        [
            use(
                "m-itb",
                BACLOFEN,
                dosage(1, 300, unit="ug", since=days_ago(400)) | INTRATHECAL,
                since=days_ago(400),
            )
        ],
    ),
    Scenario(
        "baclofen that was stopped already and is not in use",
        for_alcohol() | {"status": "stopped"},
        [ACTIVE_ALCOHOL],
    ),
    Scenario(
        "baclofen by mouth stopped at once after 200 days",
        baclofen(3, 20) | {"id": "m-baclofen", "status": "stopped"},
        medications=[baclofen_in_use(3, 20)],
        leads="baclofen-stop",
        indicator="warning",
    ),
    Scenario(
        "intrathecal baclofen stopped at once",
        order(BACLOFEN, dosage(1, 300, unit="ug") | INTRATHECAL) | {"id": "m-itb", "status": "stopped"},
        medications=[
            use(
                "m-itb",
                BACLOFEN,
                dosage(1, 300, unit="ug", since=days_ago(400)) | INTRATHECAL,
                since=days_ago(400),
            )
        ],
        leads="itb-stop",
        indicator="critical",
        without_rules=frozenset({"baclofen-stop"}),
    ),
    Scenario(
        "baclofen for spasticity with respiratory failure",
        baclofen(reasonCode=[SPASTICITY]),
        [problem("c1", coded(ICD_10, "J96.1", "Chronische respiratoire insufficiëntie"))],
        leads="baclofen-respiratory",
        indicator="info",
    ),
    Scenario(
        "baclofen that was entered in error",
        for_alcohol() | {"status": "entered-in-error"},
        [ACTIVE_ALCOHOL],
    ),
    Scenario(
        "baclofen for hiccups while alcohol dependence is active",
        baclofen(reasonCode=[coded(SNOMED, "65958008", "Hiccups")]),
        [ACTIVE_ALCOHOL],
    ),
]


def long_use(medicine: Json, amount: float, days: int, *, identity: str = "m-long", **more: object) -> Json:
    """One prescription, running since `days` ago, with no end."""
    since = days_ago(days)
    return use(identity, medicine, dosage(1, amount, since=since), since=since, **more)


TAPER: Json = {"leads": "bzra-taper", "indicator": "info", "moved_by": DEPENDENCE}
STOP: Json = {"leads": "bzra-stop", "indicator": "warning"}

BZRA_SCENARIOS = [
    Scenario(
        "lormetazepam again after 8 months",
        order(LORMETAZEPAM, dosage(1, 1)),
        medications=[long_use(LORMETAZEPAM, 1, 245)],
        **TAPER,
    ),
    Scenario(
        "lormetazepam again after 8 months, told in the Dutch way with status unknown",
        order(LORMETAZEPAM, dosage(1, 1)),
        medications=[long_use(LORMETAZEPAM, 1, 245, status="unknown")],
        **TAPER,
    ),
    Scenario(
        "zopiclone again after 90 days with both ends",
        order(coded(RXNORM, "40001", "zopiclone"), dosage(1, 7.5)),
        medications=[long_use(coded(ATC, "N05CF01", "Zopiclon 7,5 mg"), 7.5, 89)],
        **TAPER,
    ),
    Scenario(
        "zopiclone again after 89 days",
        order(coded(RXNORM, "40001", "zopiclone"), dosage(1, 7.5)),
        medications=[long_use(coded(ATC, "N05CF01", "Zopiclon 7,5 mg"), 7.5, 88)],
        leads="bzra-duration",
        indicator="info",
        moved_by=DEPENDENCE,
    ),
    Scenario(
        "oxazepam again after six months of prescriptions with a few days between them",
        order(coded(ATC, "N05BA04", "Oxazepam 10 mg"), dosage(1, 10)),
        medications=[
            use(
                f"m-{start}",
                coded(ATC, "N05BA04", "Oxazepam 10 mg"),
                dosage(1, 10, since=days_ago(start), until=days_ago(start - 29)),
                since=days_ago(start),
                status="active" if start == 28 else "completed",
            )
            for start in (178, 148, 113, 83, 58, 28)
        ],
        **TAPER,
    ),
    Scenario(
        "lormetazepam again after a year, at a dose nobody can read",
        order(LORMETAZEPAM, {"text": "volgens schema"}),
        medications=[
            use(
                "m-long",
                LORMETAZEPAM,
                {"text": "volgens schema", "timing": {"repeat": {"boundsPeriod": {"start": days_ago(400)}}}},
                since=days_ago(400),
            )
        ],
        **TAPER,
    ),
    Scenario(
        "zolpidem for the first time",
        order(ZOLPIDEM, dosage(1, 10)),
        leads="bzra-first-use",
        indicator="info",
        say="inform",
        moved_by=OTHER_BZRA,
        of_whole_lists=True,
    ),
    Scenario(
        "zolpidem again after 28 days",
        order(ZOLPIDEM, dosage(1, 10)),
        medications=[long_use(ZOLPIDEM, 10, 27)],
        moved_by=DEPENDENCE,
    ),
    Scenario(
        "diazepam 20 mg a day again after two months",
        order(DIAZEPAM, dosage(2, 10)),
        medications=[long_use(DIAZEPAM, 20, 60)],
        leads="bzra-high-dose",
        indicator="warning",
        say="high",
    ),
    Scenario(
        "diazepam 19.5 mg a day again after two months",
        order(DIAZEPAM, dosage(1, 19.5)),
        medications=[long_use(DIAZEPAM, 19.5, 60)],
        leads="bzra-duration",
        indicator="info",
        moved_by=DEPENDENCE,
    ),
    Scenario(
        "lorazepam 2.5 mg a day again after a year: high in one table, not in another",
        order(LORAZEPAM, dosage(1, 2.5)),
        medications=[long_use(LORAZEPAM, 2.5, 365)],
        **TAPER,
        with_rules=frozenset({"bzra-high-dose"}),
    ),
    Scenario(
        "lormetazepam lowered from 2 to 1 mg after a year",
        order(LORMETAZEPAM, dosage(1, 1)),
        medications=[long_use(LORMETAZEPAM, 2, 365)],
        leads="bzra-taper-support",
        indicator="info",
        say="large-step",
        without_rules=frozenset({"bzra-taper"}),
        of_whole_lists=True,
        moved_by=OTHER_BZRA,
    ),
    Scenario(
        "lormetazepam again after 8 months, with temazepam beside it",
        order(LORMETAZEPAM, dosage(1, 1)),
        medications=[
            long_use(LORMETAZEPAM, 1, 245),
            long_use(coded(ATC, "N05CD07", "Temazepam 10 mg"), 10, 245, identity="m-other"),
        ],
        leads="bzra-multiple",
        indicator="info",
        with_rules=frozenset({"bzra-taper"}),
        moved_by=DEPENDENCE,
    ),
    Scenario(
        "two courses of zolpidem of 14 days, a year apart",
        order(ZOLPIDEM, dosage(1, 10)),
        medications=[
            use(
                "m-old",
                ZOLPIDEM,
                dosage(1, 10, since=days_ago(380), until=days_ago(367)),
                since=days_ago(380),
                status="completed",
            ),
        ],
        moved_by=OTHER_BZRA,
    ),
    Scenario(
        "lorazepam once before a scan",
        order(LORAZEPAM, {"timing": {"repeat": {"count": 1}}, "doseAndRate": dosage(1, 1)["doseAndRate"]}),
    ),
    Scenario(
        "lormetazepam stopped at once after three years",
        order(LORMETAZEPAM, dosage(1, 2)) | {"id": "m-long", "status": "stopped"},
        medications=[long_use(LORMETAZEPAM, 2, 1096)],
        **STOP,
    ),
    Scenario(
        "lormetazepam stopped at once after three years by an order that names the old one",
        order(
            LORMETAZEPAM,
            dosage(1, 2),
            doNotPerform=True,
            priorPrescription={"reference": "MedicationRequest/m-long"},
        ),
        medications=[long_use(LORMETAZEPAM, 2, 1096)],
        **STOP,
    ),
    Scenario(
        "lorazepam put on hold after a year",
        order(LORAZEPAM, dosage(1, 1)) | {"status": "on-hold"},
        medications=[long_use(LORAZEPAM, 1, 365)],
        **STOP,
    ),
    Scenario(
        "zolpidem stopped after five nights",
        order(ZOLPIDEM, dosage(1, 10)) | {"id": "m-long", "status": "stopped"},
        medications=[long_use(ZOLPIDEM, 10, 4)],
    ),
    Scenario(
        "clonazepam for two years with epilepsy",
        order(CLONAZEPAM, dosage(2, 0.5)),
        [problem("c1", coded(SNOMED, "84757009", "Epilepsy"))],
        [long_use(CLONAZEPAM, 1, 730)],
    ),
    Scenario(
        "alprazolam for two years with panic disorder",
        order(ALPRAZOLAM, dosage(1, 0.5)),
        [problem("c1", coded(SNOMED, "371631005", "Panic disorder"))],
        [long_use(ALPRAZOLAM, 0.5, 730)],
        leads="bzra-check-indication",
        indicator="info",
        say="panic",
        without_rules=frozenset({"bzra-taper"}),
        moved_by=DEPENDENCE,
    ),
    Scenario(
        "lormetazepam for eight months with alcohol dependence",
        order(LORMETAZEPAM, dosage(1, 1)),
        [ACTIVE_ALCOHOL],
        [long_use(LORMETAZEPAM, 1, 245)],
        leads="bzra-special-care",
        indicator="info",
        without_rules=frozenset({"bzra-taper"}),
    ),
    Scenario(
        "lormetazepam again after 8 months with COPD",
        order(LORMETAZEPAM, dosage(1, 1)),
        [problem("c1", COPD)],
        [long_use(LORMETAZEPAM, 1, 245)],
        **TAPER,
    ),
]

OTHER_SCENARIOS = [
    Scenario("melatonin for a year", order(coded(ATC, "N05CH01", "Melatonine 2 mg"), dosage(1, 2)), nothing_else=True),
    Scenario("buspirone", order(coded(ATC, "N05BE01", "Buspiron"), dosage(2, 5)), nothing_else=True),
    Scenario(
        "amoxicillin",
        order(coded(ATC, "J01CA04", "Amoxicilline 500 mg"), dosage(3, 500)),
        nothing_else=True,
    ),
]

SCENARIOS = BACLOFEN_SCENARIOS + BZRA_SCENARIOS + OTHER_SCENARIOS

__all__ = ["SCENARIOS", "TODAY"]
