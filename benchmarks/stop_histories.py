"""Histories of benzodiazepines and Z-drugs that are stopped, or go home from hospital, drawn by chance."""

from random import Random

from benchmarks.drawn_prescriptions import BZRA, also_taken, coded, in_words, prescription, stop_of
from benchmarks.histories import History, Json, ago, problem

_ICD_10, _ICPC = "http://hl7.org/fhir/sid/icd-10", "http://hl7.org/fhir/sid/icpc-1-nl"
_CATEGORY = "http://terminology.hl7.org/CodeSystem/medicationrequest-category"


def _for_bzra(dice: Random) -> Json:
    reasons = [
        coded(_ICD_10, "G47.0"),
        coded(_ICPC, "P06"),
        {"text": "slapeloosheid"},
        {"text": "angst"},
        {"text": "paniekstoornis"},
        {"text": "insomnie"},
        {"text": "onrust"},
    ]
    return {"reasonCode": [dice.choice(reasons)]} if dice.random() < 0.4 else {}


def _bzra_problems(dice: Random) -> list[Json]:
    return dice.choice(
        [
            [],
            [],
            [problem("G47.0", "Insomnia")],
            [problem("F41.1", "Generalised anxiety disorder")],
            [problem("F41.0", "Panic disorder")],
            [problem("G40.9", "Epilepsy")],
            [problem("F10.2", "Alcohol dependence")],
            [in_words("benzodiazepine afhankelijkheid", "c-b")],
            [problem("K74.6", "Cirrhosis of liver")],
            [in_words("slaapproblemen", "c-s")],
            [problem("F33.1", "Recurrent depressive disorder")],
        ]
    )


def bzra_stopped(dice: Random) -> History:
    drug, since = dice.choice(BZRA), dice.choice([3, 20, 80, 95, 200, 700, 2500])
    reason, record = _for_bzra(dice), _bzra_problems(dice)
    units = drug[3] * dice.choice([1, 1, 2])
    if since > 90 and dice.random() < 0.3:
        record.append(
            prescription(
                dice, drug, units * 4, identity="m-before", since=since, until=dice.choice([3, 10, 30]), **reason
            )
        )
        since = dice.choice([2, 9, 29])
    used = prescription(dice, drug, units, identity="m-in-use", since=since, **reason)
    drafts = [stop_of(dice, used)]
    if dice.random() < 0.15:
        other = dice.choice(BZRA)
        drafts.append(prescription(dice, other, other[3], identity="d-2"))
    return History("order-sign", (*record, used, *also_taken(dice)), tuple(drafts))


def bzra_going_home(dice: Random) -> History:
    drug, since = dice.choice(BZRA), dice.choice([1, 4, 6, 10, 35])
    used = prescription(
        dice,
        drug,
        drug[3],
        identity="m-in-use",
        since=since,
        until=dice.choice([None, None, -5, -30]),
        **_for_bzra(dice),
    )
    if dice.random() < 0.5:
        used["category"] = [coded(_CATEGORY, "inpatient")]
    if dice.random() < 0.2:
        used["dosageInstruction"][0]["asNeededBoolean"] = True
    stay: Json = {
        "resourceType": "Encounter",
        "id": "e-1",
        "status": "in-progress",
        "class": {"code": "IMP"},
        "period": {"start": ago(since + dice.choice([0, 1, 2]))},
    }
    record = [*_bzra_problems(dice), used]
    if dice.random() < 0.3:
        other = dice.choice(BZRA)
        record.append(prescription(dice, other, other[3], identity="m-home", since=dice.choice([2, 60, 500])))
    return History(
        "encounter-discharge",
        tuple(record),
        prefetch={"encounter": stay},
        born=dice.choice(["1938-02-01", "1966-03-05", "1990-07-07"]),
    )
