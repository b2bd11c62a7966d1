"""Further cases a hospital pharmacist in Belgium, the Netherlands, France or Germany thinks of around the rules: more than
half of them must stay quiet."""

from dataclasses import replace
from typing import Any

from tests.practice.problems import SUBJECT, condition
from tests.practice.told import Card, Case, Json, Line, Problem
from tests.practice.worked import BETWEEN, HIGH, LARGE_STEP, TAPER, ZOLPIDEM, again, card, dose
from tests.practice.writing import day, mg
from tests.spec.splice import ATC, SNOMED, UCUM, coded

P = Problem
ALCOHOL, MS, EPILEPSY, PALLIATIVE = P("alcohol"), P("ms"), P("epilepsy"), P("palliative")
BACLOFEN = Line("baclofen", 10, 10, 3)
AGAINST = card("baclofen-alcohol", "against", indicator="warning")
PROBABLY = card("baclofen-alcohol", "against-probably", indicator="warning")
ASKS = card("baclofen-alcohol", "question")
STOP = card("bzra-stop", indicator="warning")
IN_PARTS = Line("alprazolam", 0.5, 0.5)
ONE_FORM = {"groupIdentifier": {"value": "g"}}  # written together
REVIEW = card("bzra-special-care", "review", without="bzra-taper")
REQUESTS = ("be", "nl", "us", "fr")


def first(name: str, line: Line, *problems: Problem, cards: tuple[Card, ...] = (), **more: Any) -> Case:
    """A new order, and nothing taken yet."""
    return replace(Case(name, cards, (line,), (), problems), **more)


def seen(name: str, *uses: Line, cards: tuple[Card, ...] = (), **more: Any) -> Case:
    """A record that is opened."""
    return replace(Case(name, cards, (), uses, hook="patient-view"), **more)


def stop(name: str, line: Line, since: int, *cards: Card, status: str = "stopped", **more: Any) -> Case:
    return replace(Case(name, cards, (replace(line, status=status),), (replace(line, since=since),)), **more)


def micrograms(amount: float) -> list[Json]:
    return dose({"value": amount, "unit": "ug", "system": UCUM, "code": "ug"})


def imaging(words: str) -> Json:
    return {
        "resourceType": "ServiceRequest",
        "id": "s-1",
        "status": "draft",
        "intent": "order",
        "subject": SUBJECT,
        "code": {"text": words},
    }


def of_another(resource: Json) -> Json:
    return resource | {"subject": {"reference": "Patient/somebody-else"}}


STAY: Json = {
    "resourceType": "Encounter",
    "id": "e-1",
    "status": "in-progress",
    "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "IMP"},
    "subject": SUBJECT,
    "period": {"start": day(6)},
}
INPATIENT = {"category": [coded("http://terminology.hl7.org/CodeSystem/medicationrequest-category", "inpatient")]}
NONE_OF_BOTH: Json = {"procedures": None, "devices": None}
ITB = Line(
    "baclofen",
    route="intrathecal",
    form="oplossing voor infusie",
    dosage=[
        dose({"value": 300, "unit": "ug", "system": UCUM, "code": "ug"})[0]
        | {"route": coded(SNOMED, "72607000", "intrathecaal")}
    ],
)

QUIET_BACLOFEN = [
    first("baclofen for MS", replace(BACLOFEN, reason="ms"), MS),
    first("baclofen, no reason, MS on the list", BACLOFEN, MS, P("hypertension")),
    first(
        "baclofen 75 mg for spasticity, alcohol dependence active",
        Line("baclofen", 25, 25, 3, reason="spasticity"),
        ALCOHOL,
    ),
    first("baclofen for spasticity in COPD", replace(BACLOFEN, reason="spasticity"), P("copd")),
    first("baclofen, no reason, COPD only", BACLOFEN, P("copd"), P("diabetes")),
    first(
        "baclofen for hiccups under palliative care",
        replace(BACLOFEN, reason="hiccups"),
        PALLIATIVE,
        ALCOHOL,
        forms=("be", "nl", "fr", "de", "us"),
    ),
    first("baclofen, alcohol dependence refuted", BACLOFEN, P("alcohol", sure="refuted")),
    first("baclofen, alcohol dependence entered in error", BACLOFEN, P("alcohol", is_=None, sure="entered-in-error")),
    first("baclofen, the father's dependence", BACLOFEN, P("", said="Vader alcoholverslaafd")),
    first("baclofen, the mother's dependence in French", BACLOFEN, P("", said="Mère alcoolodépendante")),
    first(
        "baclofen, dependence in the family in German",
        BACLOFEN,
        P("", said="Familienanamnese: Alkoholabhängigkeit (Vater)"),
    ),
    first("baclofen for a child with cerebral palsy", Line("baclofen", 5, 5, 3), P("", said="Cerebrale parese"), age=9),
    first("baclofen, social drinking", BACLOFEN, P("", said="Sociaal alcoholgebruik, 2 glazen per week")),
    first("baclofen, no alcohol misuse", BACLOFEN, P("", said="Geen alcoholmisbruik")),
    first("baclofen, no alcohol in French", BACLOFEN, P("", said="Pas de consommation d'alcool")),
    first(
        "baclofen, dependence resolved, MS",
        BACLOFEN,
        P("alcohol", is_="resolved", more={"abatementDateTime": "2011"}),
        MS,
    ),
    first("metformin with alcohol dependence", Line("metformin", 850, 850, 2), ALCOHOL),
    first("tizanidine with alcohol dependence", Line("tizanidine", 4, 4, 3), ALCOHOL),
    first("dantrolene with alcohol dependence", Line("dantrolene", 25, 25, 3), ALCOHOL),
    first("baclofen entered in error", replace(BACLOFEN, status="entered-in-error", reason="alcohol"), ALCOHOL),
    Case(
        "baclofen for spasticity lowered",
        (),
        (Line("baclofen", 10, 20, 3, reason="spasticity"),),
        (Line("baclofen", 25, 25, 3, since=400, reason="spasticity"),),
        (ALCOHOL,),
    ),
    again("baclofen for MS renewed", Line("baclofen", 25, 25, 3, reason="ms"), problems=(MS,)),
    stop("baclofen stopped after three days", BACLOFEN, 3, problems=(MS,)),
    first("baclofen on hold and not in use", replace(BACLOFEN, status="on-hold")),
    first("intrathecal baclofen, alcohol dependence", ITB, ALCOHOL, P("spasticity"), forms=REQUESTS),
    first(
        "baclofen, alcoholic neuropathy for hiccups",
        replace(BACLOFEN, reason="Hik"),
        P("", said="Alcoholische polyneuropathie"),
    ),
    first(
        "a cream with baclofen for nerve pain, alcohol dependence",
        Line("baclofen", name="Baclofen 2% crème", text="3x per dag dun aanbrengen", reason="neuropathische pijn"),
        ALCOHOL,
    ),
    first(
        "a cream with baclofen, no reason, alcohol dependence",
        Line("baclofen", name="Baclofen 2% crème", text="3x per dag dun aanbrengen"),
        ALCOHOL,
    ),
    first("baclofen for trigeminal neuralgia in German", replace(BACLOFEN, reason="Trigeminusneuralgie"), ALCOHOL),
    first(
        "baclofen, the dependence of another patient",
        BACLOFEN,
        prefetch={
            "conditions": {
                "resourceType": "Bundle",
                "type": "searchset",
                "entry": [{"resource": of_another(condition(ALCOHOL, 9, "be"))}],
            }
        },
        forms=("be", "us"),
    ),
    seen("baclofen for MS in the record", Line("baclofen", 25, 25, 3, since=700, reason="ms"), problems=(MS,)),
    Case(
        "MRI, baclofen by mouth",
        (),
        (),
        (replace(BACLOFEN, since=300),),
        (MS,),
        drafts=(imaging("MRI hersenen"),),
        prefetch=NONE_OF_BOTH,
    ),
    Case(
        "CT with a pump",
        (),
        (),
        (),
        (P("", said="Baclofenpomp sinds 2021"),),
        drafts=(imaging("CT abdomen"),),
        prefetch=NONE_OF_BOTH,
    ),
]

SPEAKING_BACLOFEN = [
    first("baclofen to drink less", replace(BACLOFEN, reason="Minderen met drinken"), cards=(AGAINST,)),
    first(
        "baclofen, réduction de la consommation d'alcool",
        replace(BACLOFEN, reason="Réduction de la consommation d'alcool"),
        cards=(AGAINST,),
    ),
    first(
        "baclofen, Rückfallprophylaxe",
        replace(BACLOFEN, reason="Alkoholabhängigkeit, Rückfallprophylaxe"),
        cards=(AGAINST,),
    ),
    first("baclofen for alcohol dependence in codes", replace(BACLOFEN, reason="alcohol"), cards=(AGAINST,)),
    first("baclofen, no reason, dependence active", BACLOFEN, ALCOHOL, cards=(PROBABLY,)),
    first("baclofen, dependence and COPD", BACLOFEN, ALCOHOL, P("copd"), cards=(PROBABLY,)),
    Case(
        "baclofen, dependence, diazepam in use",
        (replace(PROBABLY, beside=frozenset({"baclofen-sedatives"})),),
        (BACLOFEN,),
        (Line("diazepam", 5, 5, since=5),),
        (ALCOHOL,),
    ),
    Case(
        "baclofen, dependence, oxycodone in use",
        (replace(PROBABLY, beside=frozenset({"baclofen-sedatives"}), holds=("opio",)),),
        (BACLOFEN,),
        (Line("oxycodone", 10, 10, 2, since=40),),
        (ALCOHOL,),
        forms=("be", "nl", "fr", "de", "us"),
    ),
    first(
        "baclofen 30 mg every other day for alcohol",
        Line("baclofen", 10, 30, every=2, reason="alcohol"),
        cards=(replace(AGAINST, holds=("15 mg/dag gemiddeld",)),),
    ),
    first(
        "baclofen 90 mg for alcohol",
        Line("baclofen", 10, 30, 3, reason="alcohol"),
        cards=(replace(AGAINST, beside=frozenset({"baclofen-alcohol-dose"})),),
    ),
    first(
        "baclofen 180 mg for alcohol",
        Line("baclofen", 20, 60, 3, reason="alcohol"),
        cards=(card("baclofen-alcohol-dose", indicator="critical"),),
    ),
    first("baclofen, dependence in remission", BACLOFEN, P("alcohol", is_="remission"), cards=(ASKS,)),
    first("baclofen, dependence provisional", BACLOFEN, P("alcohol", sure="provisional"), cards=(ASKS,)),
    first("baclofen, dependence with a question mark", BACLOFEN, P("", said="Alcoholafhankelijkheid?"), cards=(ASKS,)),
    first(
        "baclofen, suspicion d'alcoolodépendance", BACLOFEN, P("", said="Suspicion d'alcoolodépendance"), cards=(ASKS,)
    ),
    first("baclofen, MS and dependence", BACLOFEN, MS, ALCOHOL, cards=(ASKS,)),
    Case("baclofen, naltrexone in use", (ASKS,), (BACLOFEN,), (Line("naltrexone", 50, 50, since=40),)),
    Case("baclofen, disulfiram in use", (ASKS,), (BACLOFEN,), (Line("disulfiram", 400, 200, since=40),)),
    Case("baclofen, nalmefene in use", (ASKS,), (BACLOFEN,), (Line("nalmefene", 18, 18, since=40),)),
    stop(
        "baclofen for MS stopped at once",
        Line("baclofen", 10, 20, 3),
        200,
        card("baclofen-stop", indicator="warning"),
        problems=(MS,),
    ),
    stop(
        "baclofen put on hold",
        Line("baclofen", 10, 20, 3),
        200,
        card("baclofen-stop", indicator="warning"),
        status="on-hold",
    ),
    Case(
        "baclofen for alcohol lowered from 120 to 105 mg",
        (card("baclofen-taper", "support", without="baclofen-alcohol"),),
        (Line("baclofen", 5, 35, 3, reason="alcohol"),),
        (Line("baclofen", 10, 40, 3, since=200, reason="alcohol"),),
    ),
    first(
        "baclofen for spasticity with respiratory failure",
        replace(BACLOFEN, reason="spasticity"),
        P("respiratory-failure"),
        cards=(card("baclofen-respiratory"),),
    ),
    seen(
        "baclofen 120 mg for alcohol in the record",
        Line("baclofen", 10, 40, 3, since=200, reason="alcohol"),
        cards=(card("baclofen-taper", "propose"),),
        forms=("be", "nl", "fr", "de", "us"),
    ),
    Case(
        "IRM with a pump",
        (card("itb-imaging", "mri", indicator="warning"),),
        (),
        (),
        (P("", said="Pompe à baclofène implantée"),),
        drafts=(imaging("IRM lombaire"),),
        prefetch=NONE_OF_BOTH,
    ),
    Case(
        "MRT with intrathecal baclofen",
        (card("itb-imaging", "mri", indicator="warning"),),
        (),
        (replace(ITB, since=300),),
        (),
        drafts=(imaging("MRT Schädel"),),
        prefetch=NONE_OF_BOTH,
        forms=("be", "nl", "us", "de"),
    ),
    Case(
        "intrathecal baclofen stopped",
        (card("itb-stop", "stopped", indicator="critical"),),
        (replace(ITB, status="stopped"),),
        (replace(ITB, since=300),),
        forms=("be", "nl", "us"),
    ),
    first(
        "Liorésal by name for alcohol",
        replace(BACLOFEN, name="Liorésal 10 mg, comprimé sécable", reason="Maintien de l'abstinence alcoolique"),
        cards=(AGAINST,),
    ),
    first("Baclocur by name for alcohol", replace(BACLOFEN, name="BACLOCUR 10 mg", reason="alcohol"), cards=(AGAINST,)),
]

RESCUE_DIAZEPAM = Line("diazepam", 10, 10, route="rectal", as_needed=True, form="klysma")
QUIET_BZRA = [
    first("diazepam by rectum for fits", RESCUE_DIAZEPAM, EPILEPSY),
    again(
        "midazolam in the cheek for fits, nothing on the list",
        Line("midazolam", None, 10, route="buccal", as_needed=True, form="oromucosale oplossing"),
    ),
    again(
        "midazolam in the nose for fits",
        Line("midazolam", None, 5, route="nasal", as_needed=True, form="neusspray"),
        problems=(EPILEPSY,),
    ),
    again("clobazam for epilepsy", Line("clobazam", 10, 10, 2), problems=(EPILEPSY,)),
    again(
        "clonazepam, epilepsy in remission", Line("clonazepam", 0.5, 0.5, 2), problems=(P("epilepsy", is_="remission"),)
    ),
    again("clobazam for a child with epilepsy", Line("clobazam", 10, 5, 2), problems=(EPILEPSY,), age=8),
    again("clobazam with epilepsy as its reason", Line("clobazam", 10, 10, 2, reason="epilepsy")),
    again("diazepam, epilepsy on the list", Line("diazepam", 5, 5, 2), problems=(EPILEPSY,)),
    first("midazolam once before surgery", Line("midazolam", 7.5, 7.5, once=True)),
    first("lorazepam once before a scan", Line("lorazepam", 1, 1, once=True)),
    first("diazepam once before the dentist", Line("diazepam", 5, 10, once=True)),
    first("alprazolam once before a flight", Line("alprazolam", 0.5, text="eenmalig 1 tablet een uur voor vertrek")),
    first(
        "lorazepam into a vein once in status epilepticus",
        Line("lorazepam", None, 4, route="intravenous", once=True, form="ampoule"),
    ),
    first(
        "chlordiazepoxide for detoxification, with an end",
        Line("chlordiazepoxide", 5, 25, 4, until=-6, reason="alcohol-withdrawal", more=INPATIENT),
        forms=("be", "us", "sct"),
    ),
    Case(
        "diazepam, third day of detoxification",
        (),
        (Line("diazepam", 10, 10, 4, until=-4),),
        (Line("diazepam", 10, 10, 4, since=3, until=-4),),
        (P("alcohol-withdrawal"), ALCOHOL),
        forms=("be", "nl", "us"),
    ),
    again("lorazepam under palliative care", Line("lorazepam", 1, 1, 3), since=200, problems=(PALLIATIVE,)),
    again(
        "clonazepam for myoclonus under palliative care",
        Line("clonazepam", 0.5, 0.5, 2),
        since=120,
        problems=(PALLIATIVE, P("copd")),
    ),
    again("zolpidem for 20 days", ZOLPIDEM, since=19),
    again("zolpidem for exactly 28 days", ZOLPIDEM, since=27),
    again("oxazepam for anxiety, seven weeks", Line("oxazepam", 10, 10, 2, reason="anxiety"), since=50),
    again("lorazepam for anxiety on the list, ten weeks", Line("lorazepam", 1, 1), since=69, problems=(P("anxiety"),)),
    seen("lormetazepam that ended 100 days ago", Line("lormetazepam", 1, 1, since=400, until=100, status="completed")),
    seen("temazepam that ended 20 days ago", Line("temazepam", 20, 20, since=300, until=20, status="completed")),
    Case(
        "two courses of zolpidem a year apart",
        (),
        (ZOLPIDEM,),
        (replace(ZOLPIDEM, since=380, until=367, status="completed"),),
    ),
    again("melatonin", Line("melatonin", 2, 2), problems=(P("insomnia"),)),
    again("trazodone for sleep", Line("trazodone", 100, 50), problems=(P("insomnia"),)),
    again("pregabalin for anxiety", Line("pregabalin", 150, 150, 2), problems=(P("anxiety"),)),
    again("hydroxyzine", Line("hydroxyzine", 25, 25)),
    again("quetiapine for sleep", Line("quetiapine", 25, 25)),
    first("flumazenil", Line("flumazenil", None, 0.2, once=True, route="intravenous", form="ampoule")),
    stop("zolpidem stopped after six nights", ZOLPIDEM, 5),
    Case(
        "alprazolam prescribed twice at the same dose, and one of them is closed",
        (),
        (replace(IN_PARTS, identity="m-2", status="stopped"),),
        (replace(IN_PARTS, identity="m-1", since=200), replace(IN_PARTS, identity="m-2", since=120)),
        forms=REQUESTS,
    ),
    stop("alprazolam stopped after two weeks", Line("alprazolam", 0.25, 0.25, 2), 13),
    Case(
        "the last step of a reduction",
        (),
        (Line("lormetazepam", 1, 0.5, status="stopped"),),
        (
            Line("lormetazepam", 1, 2, since=300, until=15, status="completed", identity="u-high"),
            Line("lormetazepam", 1, 0.5, since=14),
        ),
        forms=("be", "nl", "us", "fr"),
    ),
    again("clonazepam for restless legs", Line("clonazepam", 0.5, 0.5, reason="Rustelozebenensyndroom")),
    again("clonazepam for RBD", Line("clonazepam", 0.5, 0.5, reason="REM-slaapgedragsstoornis")),
    first(
        "lorazepam for catatonia, five days in hospital",
        Line("lorazepam", 2.5, 2.5, 3, until=-4, reason="katatonie", more=INPATIENT),
        forms=("be", "us", "sct"),
    ),
    first(
        "lorazepam for delirium, three days in hospital",
        Line("lorazepam", 1, 1, 2, until=-2, more=INPATIENT),
        P("", said="Delier"),
        forms=("be", "us", "sct"),
    ),
    first(
        "zolpidem in hospital for five nights", replace(ZOLPIDEM, until=-4, more=INPATIENT), forms=("be", "us", "sct")
    ),
    Case(
        "baclofen in stiff-person syndrome beside diazepam",
        (),
        (BACLOFEN,),
        (Line("diazepam", 5, 5, 3, since=700),),
        (P("stiff-person"),),
    ),
    seen("zopiclone entered in error", Line("zopiclone", 7.5, 7.5, since=500, status="entered-in-error")),
    seen(
        "prescriptions that were cancelled", Line("zopiclone", 7.5, 7.5, since=500, status="cancelled"), forms=REQUESTS
    ),
    seen(
        "the lormetazepam of another patient",
        prefetch={
            "medications": {
                "resourceType": "Bundle",
                "type": "searchset",
                "entry": [
                    {
                        "resource": {
                            "resourceType": "MedicationRequest",
                            "id": "x",
                            "status": "active",
                            "intent": "order",
                            "subject": {"reference": "Patient/somebody-else"},
                            "authoredOn": day(500),
                            "medicationCodeableConcept": coded(ATC, "N05CD06"),
                            "dosageInstruction": dose(mg(1)),
                        }
                    }
                ],
            }
        },
        forms=("be", "us"),
    ),
    first("zolpidem that must not be given", replace(ZOLPIDEM, more={"doNotPerform": True})),
    Case(
        "paracetamol while on lormetazepam for two years",
        (),
        (Line("paracetamol", 1000, 1000, 3),),
        (Line("lormetazepam", 1, 1, since=730),),
    ),
    Case("morphine while on diazepam", (), (Line("morphine", 10, 10, 2),), (Line("diazepam", 5, 5, since=730),)),
    again("clobazam, epilepsy provisional", Line("clobazam", 10, 10, 2), problems=(P("epilepsy", sure="provisional"),)),
    seen("lormetazepam for three weeks in the record", Line("lormetazepam", 1, 1, since=20)),
    seen("rescue diazepam in the record", replace(RESCUE_DIAZEPAM, since=800), problems=(EPILEPSY,), forms=REQUESTS),
    seen("clobazam for epilepsy in the record", Line("clobazam", 10, 10, 2, since=800), problems=(EPILEPSY,)),
    seen("nothing in the record"),
    Case(
        "temazepam begun in hospital, ends in three days",
        (),
        (),
        (Line("temazepam", 10, 10, since=4, until=-3),),
        hook="encounter-discharge",
        prefetch={"encounter": STAY, **NONE_OF_BOTH},
        forms=REQUESTS,
    ),
    Case(
        "lorazepam for a week at discharge, at home before and over",
        (),
        (),
        (Line("lorazepam", 1, 1, since=60, until=50, status="completed"),),
        hook="encounter-discharge",
        prefetch={"encounter": STAY, **NONE_OF_BOTH},
        forms=REQUESTS,
    ),
    first("clonazepam begun for epilepsy", Line("clonazepam", 0.5, 0.5, 2), EPILEPSY),
    first(
        "midazolam before an endoscopy, into a vein",
        Line("midazolam", None, 2.5, route="intravenous", form="ampul 5 mg/ml", once=True),
    ),
    again(
        "midazolam continuously under the skin, dying",
        Line("midazolam", None, 20, route="subcutaneous", form="ampul 5 mg/ml"),
        since=2,
        problems=(P("", said="Stervensfase, palliatieve sedatie"),),
    ),
]

SPEAKING_BZRA = [
    again("temazepam for eight months", Line("temazepam", 20, 20), card("bzra-taper"), since=240),
    again("nitrazepam for eight months", Line("nitrazepam", 5, 5), card("bzra-taper"), since=240),
    again("brotizolam for eight months", Line("brotizolam", 0.25, 0.25), card("bzra-taper"), since=240),
    again("zopiclone for eight months", Line("zopiclone", 7.5, 7.5), card("bzra-taper"), since=240),
    again("bromazepam for eight months", Line("bromazepam", 3, 3), card("bzra-taper"), since=240),
    again("prazepam for eight months", Line("prazepam", 10, 10), card("bzra-taper"), since=240),
    again("Temesta by name", Line("lorazepam", 1, 1, name="TEMESTA 1 mg comprimé"), TAPER),
    again("Tavor by name", Line("lorazepam", 1, 1, name="Tavor 1,0 mg Tabletten"), TAPER),
    again(
        "Xanax by name, 0,25 mg three times",
        Line("alprazolam", 0.25, 0.25, 3, name="Xanax 0,25 mg"),
        card("bzra-taper"),
    ),
    again(
        "Imovane by name", Line("zopiclone", 7.5, 7.5, name="Imovane 7,5 mg filmomhulde tabletten"), card("bzra-taper")
    ),
    again(
        "Lexomil by name, quarters",
        Line("bromazepam", 6, text="1/4 comprimé matin, midi et soir", name="Lexomil 6 mg, comprimé quadrisécable"),
        card("bzra-taper"),
    ),
    again("diazepam 30 mg a day", Line("diazepam", 10, 10, 3), HIGH, since=300),
    again("oxazepam 150 mg a day", Line("oxazepam", 50, 50, 3), HIGH, since=300),
    again("lorazepam 7.5 mg a day", Line("lorazepam", 2.5, 2.5, 3), HIGH, since=300),
    Case(
        "zolpidem beside lorazepam",
        (card("bzra-multiple", "one-first", without="bzra-first-use"),),
        (ZOLPIDEM,),
        (Line("lorazepam", 1, 1, since=300),),
    ),
    again(
        "oxazepam in pregnancy",
        Line("oxazepam", 10, 10),
        card("bzra-special-care", "pregnancy", without="bzra-taper"),
        since=120,
        age=31,
        problems=(P("pregnancy"),),
    ),
    again(
        "a 16-year-old on oxazepam",
        Line("oxazepam", 10, 10),
        card("bzra-special-care", "under-18"),
        since=70,
        age=16,
        problems=(P("insomnia"),),
    ),
    again("lorazepam, alcohol dependence", Line("lorazepam", 1, 1), REVIEW, since=200, problems=(ALCOHOL,)),
    again("diazepam, opioid dependence", Line("diazepam", 5, 5), REVIEW, since=200, problems=(P("opioid-dependence"),)),
    Case(
        "temazepam begun in hospital, no end",
        (card("bzra-discharge", "no-end"),),
        (),
        (Line("temazepam", 10, 10, since=4),),
        hook="encounter-discharge",
        prefetch={"encounter": STAY, **NONE_OF_BOTH},
        forms=("be", "nl", "us", "fr"),
    ),
    Case(
        "lormetazepam, a refill after 14 months",
        (TAPER,),
        (Line("lormetazepam", 1, 1),),
        (Line("lormetazepam", 1, 1, since=425),),
        hook="medication-refill",
    ),
    seen("lormetazepam for 14 months in the record", Line("lormetazepam", 1, 1, since=425), cards=(TAPER,)),
    Case(
        "one of two prescriptions of alprazolam is stopped, and the other leaves a quarter of the dose",
        (card("bzra-taper-support", "large-step", without="bzra-stop"),),
        (replace(IN_PARTS, mg=1.5, identity="m-2", status="stopped"),),
        (
            replace(IN_PARTS, identity="m-1", since=200, more=ONE_FORM),
            replace(IN_PARTS, mg=1.5, identity="m-2", since=200, more=ONE_FORM),
        ),
        forms=REQUESTS,
    ),
    Case(
        "cloxazolam, which no table converts, ordered beside a high dose of prazepam",
        (
            card(
                "bzra-high-dose", "high", indicator="warning", holds=("Cloxazolam met prazepam: samen een hoge dosis",)
            ),
        ),
        (Line("cloxazolam", 1, 1),),
        (Line("cloxazolam", 1, 1, since=200), Line("prazepam", 20, 20, 3, since=400)),
        forms=("be",),
    ),
    Case(
        "a low dose of lormetazepam stopped beside a high dose of prazepam: which of them is high is not said of the first",
        (card("bzra-high-dose", "stopped", indicator="warning", holds=("Lormetazepam met prazepam: samen",)),),
        (Line("lormetazepam", 1, 1, status="stopped"),),
        (Line("lormetazepam", 1, 1, since=60), Line("prazepam", 20, 20, 3, since=400)),
        forms=("be",),
    ),
    first(
        "a refill of a pump that nobody recorded, beside diazepam",
        replace(ITB, name="Baclofen bijvullen pomp"),
        cards=(card("itb-monitoring", holds=("vul dan bij zoals gepland",), lacks=("Start intrathecaal",)),),
        uses=(Line("diazepam", 5, 5, since=20),),
        forms=("be",),
    ),
    stop("lorazepam stopped after two years", Line("lorazepam", 1, 1), 730, STOP),
    stop("zopiclone put on hold after a year", Line("zopiclone", 7.5, 7.5), 365, STOP, status="on-hold"),
    first("zolpidem for the first time", ZOLPIDEM, P("insomnia"), cards=(card("bzra-first-use", "inform"),)),
    first(
        "lormetazepam for the first time with sleep apnoea",
        Line("lormetazepam", 1, 1),
        P("sleep-apnoea"),
        cards=(card("bzra-first-use", "inform", holds=("slaapapneu",)),),
    ),
    again("zolpidem for five weeks", ZOLPIDEM, card("bzra-duration", "past-28-days"), since=34),
    again(
        "oxazepam for anxiety, 86 days",
        Line("oxazepam", 10, 10, reason="anxiety"),
        card("bzra-duration", "past-84-days"),
        since=85,
    ),
    Case(
        "temazepam changed to lormetazepam",
        (card("bzra-taper"),),
        (Line("lormetazepam", 1, 1),),
        (Line("temazepam", 20, 20, since=300, until=1, status="completed"),),
    ),
    again(
        "clonazepam for two years without a diagnosis",
        Line("clonazepam", 0.5, 0.5, 2),
        card("bzra-check-indication", "which-reason"),
        since=730,
    ),
    again(
        "clobazam, epilepsy refuted",
        Line("clobazam", 10, 10),
        card("bzra-check-indication", "which-reason"),
        problems=(P("epilepsy", sure="refuted"),),
    ),
    again(
        "diazepam for spasticity",
        Line("diazepam", 5, 5, 2, reason="spasticity"),
        card("bzra-check-indication", "spasticity-stated"),
        since=500,
    ),
    again(
        "lorazepam, epilepsy entered in error",
        Line("lorazepam", 1, 1),
        TAPER,
        problems=(P("epilepsy", is_=None, sure="entered-in-error"),),
    ),
    Case(
        "lormetazepam raised from 1 to 2 mg",
        (BETWEEN,),
        (Line("lormetazepam", 1, 2),),
        (Line("lormetazepam", 1, 1, since=240),),
    ),
    Case(
        "zopiclone lowered to half a tablet",
        (LARGE_STEP,),
        (Line("zopiclone", 7.5, 3.75),),
        (Line("zopiclone", 7.5, 7.5, since=240),),
    ),
    again(
        "diazepam once a week for a year",
        Line("diazepam", 5, 5, every=7),
        card("bzra-taper"),
        forms=("be", "nl", "fr", "de", "us"),
    ),
    again(
        "zolpidem every other night for a year",
        Line("zolpidem", 10, 10, every=2),
        card("bzra-taper"),
        forms=("be", "nl", "fr", "de", "us"),
    ),
    again(
        "lorazepam 5 mg every other night for a year",
        Line("lorazepam", 2.5, 5, every=2),
        replace(BETWEEN, holds=("gemiddeld",)),
        forms=("be", "nl", "fr", "de", "us"),
    ),
    again("lormetazepam with COPD", Line("lormetazepam", 1, 1), TAPER, problems=(P("copd"),)),
    again(
        "lormetazepam in somebody with dementia", Line("lormetazepam", 1, 1), TAPER, age=84, problems=(P("dementia"),)
    ),
    again("lormetazepam with a depression", Line("lormetazepam", 1, 1), TAPER, problems=(P("depression"),)),
    again(
        "somebody whose father had epilepsy",
        Line("oxazepam", 10, 10),
        card("bzra-taper"),
        problems=(P("", said="Familieanamnese: epilepsie bij vader"),),
    ),
    Case(
        "two prescribers",
        (card("bzra-taper", beside="bzra-prescribers"),),
        (Line("lormetazepam", 1, 1, by="huisarts-1"),),
        (Line("lormetazepam", 1, 1, since=300, by="psychiater-2", until=-20),),
        forms=REQUESTS,
    ),
]

QUIET = QUIET_BACLOFEN + QUIET_BZRA
SPEAKING = SPEAKING_BACLOFEN + SPEAKING_BZRA
FURTHER = QUIET + SPEAKING
