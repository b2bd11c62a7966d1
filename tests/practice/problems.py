"""The problems of the cases, in the codes and words of each form."""

from tests.practice.told import Json, Problem
from tests.spec.splice import ICD_10_CM, SNOMED, coded

ICD_GM = "http://fhir.de/CodeSystem/bfarm/icd-10-gm"
CIM_10 = "https://smt.esante.gouv.fr/terminologie-cim-10"
ICPC = "http://hl7.org/fhir/sid/icpc-1-nl"
CLINICAL, VERIFIED = (f"http://terminology.hl7.org/CodeSystem/condition-{kind}" for kind in ("clinical", "ver-status"))
PATIENT = "pr-1"
SUBJECT = {"reference": f"Patient/{PATIENT}"}

# snomed, icd-10 (WHO, GM, CIM), icd-10-cm, icpc-1-nl; and in words: nl, fr, de, en
PROBLEMS: dict[str, tuple[str | None, str | None, str | None, str | None, str, str, str, str]] = {
    "alcohol": (
        "7200002",
        "F10.2",
        "F10.20",
        "P15",
        "Alcoholverslaving",
        "Alcoolodépendance",
        "Alkoholabhängigkeit",
        "Alcohol use disorder, severe",
    ),
    "spasticity": ("221360009", "G81.1", "G81.10", None, "Spasticiteit", "Spasticité", "Spastik", "Spasticity"),
    "ms": (
        "426373005",
        "G35",
        "G35",
        "N86",
        "Multiple sclerose",
        "Sclérose en plaques",
        "Multiple Sklerose",
        "Multiple sclerosis",
    ),
    "insomnia": ("193462001", "F51.0", "G47.00", "P06", "Slapeloosheid", "Insomnie", "Schlafstörung", "Insomnia"),
    "anxiety": (
        "21897009",
        "F41.1",
        "F41.1",
        "P74",
        "Gegeneraliseerde angststoornis",
        "Trouble anxieux généralisé",
        "Generalisierte Angststörung",
        "Generalized anxiety disorder",
    ),
    "panic": (
        "371631005",
        "F41.0",
        "F41.0",
        None,
        "Paniekstoornis",
        "Trouble panique",
        "Panikstörung",
        "Panic disorder",
    ),
    "epilepsy": ("84757009", "G40.9", "G40.909", "N88", "Epilepsie", "Épilepsie", "Epilepsie", "Epilepsy"),
    "palliative": (
        "103735009",
        "Z51.5",
        "Z51.5",
        None,
        "Palliatieve zorg",
        "Soins palliatifs",
        "Palliativversorgung",
        "Palliative care",
    ),
    "copd": ("13645005", "J44.9", "J44.9", "R95", "COPD", "BPCO", "COPD", "COPD"),
    "respiratory-failure": (
        "65710008",
        "J96.1",
        "J96.10",
        None,
        "Chronische respiratoire insufficiëntie",
        "Insuffisance respiratoire chronique",
        "Chronische respiratorische Insuffizienz",
        "Chronic respiratory failure",
    ),
    "cirrhosis": (
        "19943007",
        "K74.6",
        "K74.60",
        None,
        "Levercirrose",
        "Cirrhose",
        "Leberzirrhose",
        "Cirrhosis of liver",
    ),
    "withdrawal-seizure": (
        None,
        None,
        None,
        None,
        "Ontwenningsinsult in 2019",
        "Crise convulsive de sevrage en 2019",
        "Entzugskrampfanfall 2019",
        "Withdrawal seizure in 2019",
    ),
    "suicidality": (
        None,
        "R45.8",
        "R45.851",
        None,
        "Suïcidaliteit",
        "Idées suicidaires",
        "Suizidalität",
        "Suicidal ideation",
    ),
    "aggression": (
        None,
        None,
        None,
        None,
        "Agressief gedrag",
        "Comportement agressif",
        "Aggressives Verhalten",
        "Aggressive behaviour",
    ),
    "sedative-dependence": (
        None,
        "F13.2",
        "F13.20",
        None,
        "Benzodiazepineafhankelijkheid",
        "Dépendance aux benzodiazépines",
        "Benzodiazepinabhängigkeit",
        "Benzodiazepine dependence",
    ),
    "pregnancy": ("77386006", "Z33", "Z33.1", "W78", "Zwangerschap", "Grossesse", "Schwangerschaft", "Pregnancy"),
    "hypertension": (
        "38341003",
        "I10",
        "I10",
        "K86",
        "Hypertensie",
        "Hypertension artérielle",
        "Arterielle Hypertonie",
        "Hypertension",
    ),
    "diabetes": (
        "44054006",
        "E11.9",
        "E11.9",
        "T90.02",
        "Diabetes mellitus type 2",
        "Diabète de type 2",
        "Diabetes mellitus Typ 2",
        "Type 2 diabetes",
    ),
    "alcohol-withdrawal": (
        "191480000",
        "F10.3",
        "F10.230",
        None,
        "Alcoholontwenning",
        "Sevrage alcoolique",
        "Alkoholentzugssyndrom",
        "Alcohol withdrawal",
    ),
    "stiff-person": (
        None,
        None,
        "G25.82",
        None,
        "Stiff-person-syndroom",
        "Syndrome de l'homme raide",
        "Stiff-Person-Syndrom",
        "Stiff-person syndrome",
    ),
    "opioid-dependence": (
        "75544000",
        "F11.2",
        "F11.20",
        None,
        "Opioïdafhankelijkheid",
        "Dépendance aux opioïdes",
        "Opioidabhängigkeit",
        "Opioid use disorder",
    ),
    "hiccups": ("65958008", "R06.6", "R06.6", None, "Hik", "Hoquet", "Singultus", "Hiccups"),
    "sleep-apnoea": (
        "78275009",
        "G47.3",
        "G47.33",
        "P06.01",
        "Slaapapneu",
        "Apnées du sommeil",
        "Schlafapnoe",
        "Sleep apnea",
    ),
    "depression": (
        "35489007",
        "F32.1",
        "F32.1",
        "P76",
        "Depressie",
        "Épisode dépressif",
        "Depressive Episode",
        "Depressive disorder",
    ),
    "dementia": ("52448006", "F03", "F03.90", "P70", "Dementie", "Démence", "Demenz", "Dementia"),
}


def concept_of(problem: Problem, form: str) -> Json:
    """A problem in the codes and words of a form."""
    if problem.said is not None:
        return {"text": problem.said}
    snomed, icd, cm, icpc, nl, fr, de, en = PROBLEMS[problem.name]
    system, code, words = {
        "be": (SNOMED, snomed, nl),
        "nl": (ICPC, icpc, nl),
        "fr": (CIM_10, icd, fr),
        "de": (ICD_GM, icd, de),
        "us": (ICD_10_CM, cm, en),
        "sct": (SNOMED, snomed, None),
    }[form]
    if form == "sct" and code is None:
        words = en
    concept: Json = {"coding": [{"system": system, "code": code}]} if code else {}
    if form in ("be", "nl", "de") and code:
        concept["coding"][0]["display"] = words
        return concept
    return concept | ({"text": words} if words else {})


def condition(problem: Problem, number: int, form: str) -> Json:
    resource: Json = {
        "resourceType": "Condition",
        "id": f"c-{number}",
        "subject": SUBJECT,
        "code": concept_of(problem, form),
    }
    if problem.is_:
        resource["clinicalStatus"] = coded(CLINICAL, problem.is_)
    if problem.sure:
        resource["verificationStatus"] = coded(VERIFIED, problem.sure)
    return resource | dict(problem.more)
