"""Histories of baclofen, of pumps, and of benzodiazepines stopped or going home, drawn by chance from what Belgian and Dutch
records hold, so that cards read by hand are not copies of one another."""

from collections.abc import Callable, Iterator
from random import Random

from benchmarks.drawn_prescriptions import BACLOFEN, also_taken, coded, in_state, in_words, prescription, stop_of
from benchmarks.histories import History, Json, problem
from benchmarks.pump_histories import pump_and_imaging, pump_begun, pump_drug, pump_stopped
from benchmarks.stop_histories import bzra_going_home, bzra_stopped

_ICD_10, _ICPC, _SNOMED = (
    "http://hl7.org/fhir/sid/icd-10",
    "http://hl7.org/fhir/sid/icpc-1-nl",
    "http://snomed.info/sct",
)

_FOR_ALCOHOL = [
    coded(_ICD_10, "F10.2"),
    coded(_SNOMED, "66590003"),
    coded(_ICPC, "P15"),
    {"text": "alcoholverslaving"},
    {"text": "terugvalpreventie alcohol"},
    {"text": "dépendance à l'alcool"},
    {"text": "alcohol use disorder"},
    {"text": "Alkoholabhängigkeit"},
    {"text": "craving alcohol"},
    {"text": "ethylabusus"},
]
_FOR_OTHER = [
    {"text": "spasticiteit bij MS"},
    {"text": "hik"},
    {"text": "reflux"},
    coded(_ICD_10, "G35"),
    {"text": "spasticité"},
    {"text": "trigeminusneuralgie"},
    {"text": "dwarslaesie"},
    {"text": "spierspasmen"},
]
_VAGUE = [
    {"text": "craving"},
    {"text": "ontwenning"},
    {"text": "verslaving"},
    {"text": "sevrage"},
    {"text": "alcoholonttrekking"},
]


def _alcohol_problem(dice: Random) -> list[Json]:
    dependent = problem("F10.2", "Alcohol dependence")
    return dice.choice(
        [
            [dependent],
            [dependent],
            [in_words("chronisch alcoholmisbruik", "c-alc")],
            [in_words("Alcoholafhankelijkheid, ernstig", "c-alc")],
            [in_state(dependent, "remission")],
            [in_state(dependent, sure="provisional")],
            [in_state(dependent, "resolved")],
            [dependent, problem("K70.3", "Alcoholic cirrhosis of liver")],
            [dependent, problem("G40.9", "Epilepsy")],
            [dependent, problem("G35", "Multiple sclerosis")],
            [dependent, problem("J44.9", "COPD")],
            [dependent, problem("J96.1", "Chronic respiratory failure")],
            [problem("F10.1", "Harmful use of alcohol")],
            [in_words("vermoeden van alcoholverslaving", "c-alc")],
            [in_words("vader alcoholist", "c-fam")],
            [],
            [in_words("dépendance alcoolique", "c-alc"), in_words("hépatopathie alcoolique", "c-liv")],
        ]
    )


def _reason(dice: Random) -> Json:
    kind = dice.random()
    if kind < 0.4:
        return {"reasonCode": [dice.choice(_FOR_ALCOHOL)]}
    if kind < 0.5:
        return {"reasonCode": [dice.choice(_VAGUE)]}
    if kind < 0.58:
        return {"reasonCode": [dice.choice(_FOR_OTHER)]}
    if kind < 0.62:
        return {"reasonCode": [dice.choice(_FOR_OTHER), dice.choice(_FOR_ALCOHOL)]}
    return {}


def _per_day(dice: Random, mg: float) -> float:
    return float(dice.choice([u for u in (1, 2, 3, 4, 6, 8, 9, 12, 15, 18, 20, 24, 30) if 5 <= u * mg <= 320]))


def baclofen_ordered(dice: Random) -> History:
    drug, reason = dice.choice(BACLOFEN), _reason(dice)
    record = _alcohol_problem(dice) + also_taken(dice)
    draft = prescription(dice, drug, _per_day(dice, drug[2]), identity="d-1", **reason)
    before = dice.random()
    if before < 0.35:
        more = reason if dice.random() < 0.6 else {}
        other = drug if dice.random() < 0.6 else dice.choice(BACLOFEN)
        record.append(
            prescription(
                dice, other, _per_day(dice, other[2]), identity="m-in-use", since=dice.choice([3, 20, 90, 400]), **more
            )
        )
        if dice.random() < 0.4:
            draft["priorPrescription"] = {"reference": "MedicationRequest/m-in-use"}
    hook = dice.choice(["order-select", "order-sign", "order-sign", "medication-refill"])
    return History(hook, tuple(record), (draft,), born=dice.choice(["1950-02-01", "1966-03-05", "1988-07-07"]))


def baclofen_high(dice: Random) -> History:
    drug = dice.choice([d for d in BACLOFEN if d[2] >= 10])
    units = dice.choice([u for u in (4, 6, 8, 9, 10, 12, 18, 20, 24, 30) if 75 <= u * drug[2] <= 400])
    record = [problem("F10.2", "Alcohol dependence"), *also_taken(dice)]
    reason: Json = {"reasonCode": [dice.choice(_FOR_ALCOHOL)]} if dice.random() < 0.7 else {}
    draft = prescription(dice, drug, units, identity="d-1", **reason)
    if dice.random() < 0.5:
        before = max(1, units + dice.choice([-3, -2, 0, 0, 1, 3]))
        record.append(prescription(dice, drug, before, identity="m-in-use", since=dice.choice([20, 200]), **reason))
    if dice.random() < 0.2:
        draft["dosageInstruction"][0]["asNeededBoolean"] = True
    return History(dice.choice(["order-select", "order-sign"]), tuple(record), (draft,))


def baclofen_lowered(dice: Random) -> History:
    drug = dice.choice(BACLOFEN)
    reason: Json = {"reasonCode": [dice.choice(_FOR_ALCOHOL)]} if dice.random() < 0.6 else {}
    many = [u for u in (3, 4, 6, 8, 9, 12, 15, 18) if 20 <= u * drug[2] <= 300]
    before = dice.choice(many)
    record = [
        *_alcohol_problem(dice),
        prescription(dice, drug, before, identity="m-in-use", since=dice.choice([30, 200, 800]), **reason),
    ]
    if dice.random() < 0.5:
        return History("patient-view", tuple(record + also_taken(dice)))
    after = max(1, before - dice.choice([1, 2, 3, before // 2, before - 1]))
    draft = prescription(dice, drug, after, identity="d-1", **reason)
    if dice.random() < 0.5:
        draft["priorPrescription"] = {"reference": "MedicationRequest/m-in-use"}
    return History(dice.choice(["order-select", "order-sign", "medication-refill"]), tuple(record), (draft,))


def baclofen_stopped(dice: Random) -> History:
    drug = dice.choice(BACLOFEN)
    reason: Json = {"reasonCode": [dice.choice(_FOR_ALCOHOL + _FOR_OTHER)]} if dice.random() < 0.5 else {}
    since = dice.choice([2, 6, 8, 15, 60, 400, 1500])
    record = [] if dice.random() < 0.4 else _alcohol_problem(dice)
    units = _per_day(dice, drug[2])
    if since > 50 and dice.random() < 0.3:  # lowered on the way
        record.append(
            prescription(
                dice, drug, units * 3, identity="m-before", since=since, until=dice.choice([3, 10, 30]), **reason
            )
        )
        since = dice.choice([1, 2, 9])
    used = prescription(dice, drug, units, identity="m-in-use", since=since, **reason)
    drafts = [stop_of(dice, used)]
    if dice.random() < 0.15:
        drafts.append(prescription(dice, drug, max(1, units - 1), identity="d-2", **reason))
    return History("order-sign", (*record, used, *also_taken(dice)), tuple(drafts))


def baclofen_breathing(dice: Random) -> History:
    drug = dice.choice(BACLOFEN)
    lungs = dice.choice(
        [
            [problem("J96.1", "Chronic respiratory failure")],
            [in_words("chronische respiratoire insufficiëntie", "c-r")],
            [problem("J44.9", "COPD"), problem("J96.1", "Chronic respiratory failure")],
            [in_words("insuffisance respiratoire chronique", "c-r")],
            [in_words("ademhalingsinsufficiëntie bij ALS", "c-r")],
            [problem("J96.0", "Acute respiratory failure")],
            [in_state(problem("J96.0", "Acute respiratory failure"), "resolved")],
            [problem("J44.9", "COPD")],
        ]
    )
    extra = (
        [problem("G35", "Multiple sclerosis")]
        if dice.random() < 0.4
        else _alcohol_problem(dice)
        if dice.random() < 0.4
        else []
    )
    reason: Json = {"reasonCode": [dice.choice(_FOR_OTHER)]} if dice.random() < 0.6 else {}
    draft = prescription(dice, drug, _per_day(dice, drug[2]), identity="d-1", **reason)
    if dice.random() < 0.15:
        draft |= pump_drug(dice, None, "d-1")
    return History(
        dice.choice(["order-select", "order-sign", "medication-refill"]), (*lungs, *extra, *also_taken(dice)), (draft,)
    )


_SITUATIONS: tuple[Callable[[Random], History], ...] = (
    *(baclofen_ordered, baclofen_high, baclofen_lowered, baclofen_stopped, baclofen_breathing),
    *(pump_stopped, pump_and_imaging, pump_begun, bzra_stopped, bzra_going_home),
)


def drawn(seed: int, number: int) -> Iterator[tuple[str, History]]:
    """So many histories, each with its name."""
    for step in range(number):
        situation = _SITUATIONS[step % len(_SITUATIONS)]
        yield f"drawn {seed}/{step}, {situation.__name__}", situation(Random(f"{seed}/{step}"))
