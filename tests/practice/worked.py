"""The pharmacist's worked cases of sections F, G and H that a hook call can ask, each in several forms and by several doors.

The number before the colon is the case's own. What only a plan answers (137, 138) is tested with the planner.
"""

from dataclasses import replace
from typing import Any

from tests.practice.told import Card, Case, Json, Line, Problem
from tests.practice.writing import mg

ONE_A_DAY = {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}}


def card(leads: str, say: str | None = None, *, beside: str = "", without: str = "", **more: Any) -> Card:
    told = Card(leads, say, beside=frozenset(beside.split()), without=frozenset(without.split()))
    return replace(told, **more)


def again(name: str, line: Line, *cards: Card, since: int = 400, **more: Any) -> Case:
    """What has been taken since so many days ago, and is ordered again as it is."""
    return replace(Case(name, cards, (line,), (replace(line, since=since),)), **more)


def seen(name: str, line: Line, *cards: Card, since: int = 400, **more: Any) -> Case:
    """What has been taken since so many days ago, where no order is being written."""
    return replace(Case(name, cards, (), (replace(line, since=since),), hook="patient-view"), **more)


def dose(quantity: Json, *, key: str = "doseQuantity") -> list[Json]:
    return [{"timing": ONE_A_DAY, "doseAndRate": [{key: quantity}]}]


def in_text(words: str) -> list[Json]:
    return [{"text": words}]


def forms(*names: str) -> dict[str, Any]:
    return {"forms": names}


HIGH = card("bzra-high-dose", "high", indicator="warning", without="bzra-taper bzra-duration", lacks=("RIZIV",))
BETWEEN = card("bzra-taper", "stepped-care", beside="bzra-high-dose", lacks=("RIZIV", "verslavingszorg"))
TAPER = card("bzra-taper", "stepped-care", without="bzra-high-dose")
SUPPORT = card("bzra-taper-support", "lower", without="bzra-taper bzra-high-dose")
LARGE_STEP = replace(SUPPORT, say="large-step")
PANIC = card("bzra-check-indication", "panic", without="bzra-taper")
LORMETAZEPAM = Line("lormetazepam", 1, 1, reason="insomnia")
DIAZEPAM_10 = Line("diazepam", 10, 10)
ZOLPIDEM = Line("zolpidem", 10, 10)
SLEEPLESS = (Problem("insomnia"),)
BELGIAN: dict[str, Any] = {"country": "BE", "problems": SLEEPLESS}

DOSES = [
    again("95: diazepam 20 mg a day", replace(DIAZEPAM_10, times=2), HIGH, since=60),
    again("95: diazepam 20 mg at night", Line("diazepam", 10, 20), HIGH, since=60),
    Case(
        "95: the record of somebody on 20 mg is opened",
        (HIGH,),
        uses=(Line("diazepam", 10, 10, 2, since=60),),
        hook="patient-view",
    ),
    again(
        "96: diazepam 19.5 mg a day",
        Line("diazepam", None, 6.5, 3),
        card("bzra-duration", "past-28-days", without="bzra-high-dose"),
        since=60,
    ),
    again("99: alprazolam 1 mg a day", Line("alprazolam", 0.5, 0.5, 2), BETWEEN),
    Case(
        "99: alprazolam 1 mg a day stopped at once",
        (card("bzra-stop", indicator="warning", beside="bzra-high-dose"),),
        (Line("alprazolam", 0.5, 0.5, 2, status="stopped"),),
        (Line("alprazolam", 0.5, 0.5, 2, since=400),),
    ),
    again("100: lorazepam 2.5 mg a day", Line("lorazepam", 2.5, 2.5), BETWEEN),
    again("101: oxazepam 50 mg a day", Line("oxazepam", 50, 50), BETWEEN),
    Case(
        "104: a brand changed to the generic, two days beside each other",
        (replace(TAPER, without=frozenset({"bzra-multiple", "bzra-high-dose"})),),
        (Line("oxazepam", 10, 10),),
        (
            Line("oxazepam", 10, 10, since=300, until=-1, name="Seresta 10 mg tabletten"),
            Line("oxazepam", 10, 10, since=1),
        ),
        forms=("be", "nl", "fr", "us"),
    ),
    again("105: the dose in words alone", replace(DIAZEPAM_10, mg=None, text="10 mg 2x/dag"), HIGH),
    again("105: the dose in French words alone", replace(DIAZEPAM_10, mg=None, text="10 mg matin et soir"), HIGH),
    again(
        "105: the dose in German words alone",
        replace(DIAZEPAM_10, mg=None, text="1-0-1-0"),
        HIGH,
        **forms("be", "nl", "fr", "de", "us"),
    ),
    again(
        "106: the dose is 'volgens schema'",
        Line("lormetazepam", 1, text="volgens schema"),
        replace(TAPER, lacks=("mg diazepam",)),
    ),
    again(
        "106: the dose is 'selon schéma'",
        Line("lormetazepam", 1, text="selon schéma"),
        replace(TAPER, lacks=("mg diazepam",)),
    ),
    again(
        "106: the dose is 'nach Plan'",
        Line("lormetazepam", 1, text="nach Plan"),
        replace(TAPER, lacks=("mg diazepam",)),
    ),
    again("107: one tablet of 2.5 mg", Line("lorazepam", 2.5, 2.5), BETWEEN, **forms("nl", "us")),
    again("107: one tablet of unknown strength", Line("lorazepam", text="1 tablet per dag"), TAPER),
    again(
        "108: 500 micrograms of alprazolam in UCUM",
        Line(
            "alprazolam", dosage=dose({"value": 500, "unit": "µg", "system": "http://unitsofmeasure.org", "code": "ug"})
        ),
        TAPER,
        **forms("be", "us", "sct", "fr"),
    ),
    again(
        "108: 500 micrograms of alprazolam, mcg",
        Line("alprazolam", dosage=dose({"value": 500, "unit": "mcg"})),
        TAPER,
        **forms("be", "us", "nl"),
    ),
    again("108: 500 micrograms of alprazolam in words", Line("alprazolam", text="1x per dag 500 microgram"), TAPER),
    again("108: 500 µg of alprazolam in French words", Line("alprazolam", text="500 µg le soir"), TAPER),
    again("110: 0,5 mg", Line("lorazepam", text="0,5 mg 's avonds"), TAPER),
    again("110: 0,5 mg in French", Line("lorazepam", text="0,5 mg au coucher"), TAPER),
    again("110: 0,5 mg in German", Line("lorazepam", text="0,5 mg zur Nacht"), TAPER),
    again(
        "111: clonazepam in drops",
        Line("clonazepam", text="5 druppels per dag", form="druppels 2,5 mg/ml"),
        card("bzra-check-indication", "which-reason", lacks=("mg diazepam",)),
    ),
    again(
        "111: clonazepam in drops, UCUM",
        Line(
            "clonazepam",
            dosage=dose({"value": 5, "unit": "[drp]", "system": "http://unitsofmeasure.org", "code": "[drp]"}),
            form="solution",
        ),
        card("bzra-check-indication", "which-reason", lacks=("mg diazepam",)),
        **forms("be", "us", "sct"),
    ),
    again(
        "114: 1 to 2 mg at night",
        Line("lormetazepam", dosage=dose({"low": mg(1), "high": mg(2)}, key="doseRange")),
        BETWEEN,
        **forms("be", "us", "sct", "de", "nl"),
    ),
    again("114: 1 to 2 mg in words", Line("lormetazepam", text="1 à 2 mg le soir au coucher"), BETWEEN),
    again(
        "114: 1 to 2 tablets in words",
        Line("lormetazepam", 1, text="1-2 tabletten voor het slapen"),
        BETWEEN,
        **forms("be", "nl", "fr", "de", "us"),
    ),
    again(
        "115: 5 mg twice a day, and 5 mg when needed",
        Line(
            "diazepam",
            5,
            dosage=[
                {
                    "timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}},
                    "doseAndRate": [{"doseQuantity": mg(5)}],
                },
                {
                    "asNeededBoolean": True,
                    "timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}},
                    "doseAndRate": [{"doseQuantity": mg(5)}],
                },
            ],
        ),
        TAPER,
        **forms("be", "us", "de"),
    ),
    again("115: the same in words", Line("diazepam", 5, text="2x per dag 1 tablet en zo nodig 1 tablet extra"), TAPER),
    again("117: cloxazolam", Line("cloxazolam", 1, 1), TAPER),
    again("117: clotiazepam", Line("clotiazepam", 5, 5), TAPER),
    again(
        "118: tetrazepam on an old list",
        Line("tetrazepam", 50, 50),
        replace(card("bzra-taper", "stepped-care"), holds=("2013",)),
    ),
    again(
        "119: midazolam as an infusion under the skin",
        Line("midazolam", None, 30, route="subcutaneous", form="ampul 5 mg/ml"),
        since=3,
        **forms("be", "nl", "us", "fr", "de"),
    ),
    again(
        "119: midazolam into a vein",
        Line("midazolam", None, 30, route="intravenous", form="ampul 5 mg/ml"),
        since=3,
        **forms("be", "nl", "us", "fr", "de"),
    ),
    again("120: Loramet by its name", Line("lormetazepam", name="Loramet 1 mg", strength=1, mg=1), TAPER),
    again("120: Stilnoct by its name", Line("zolpidem", name="Stilnoct 10 mg", strength=10, mg=10), TAPER),
    again("120: Stilnox by its name", Line("zolpidem", name="STILNOX 10 mg, comprimé", strength=10, mg=10), TAPER),
]

STEPS = [
    again(
        "121: step one first",
        LORMETAZEPAM,
        replace(TAPER, holds=("stap 1", "20 %"), lacks=("melatonine",)),
        since=240,
        age=45,
    ),
    again(
        "122: step two stands on the card", LORMETAZEPAM, replace(TAPER, holds=("stap 2", "stap 3")), since=240, age=45
    ),
    again(
        "124: an earlier withdrawal seizure",
        LORMETAZEPAM,
        card("bzra-special-care", "review", without="bzra-taper", holds=("ontwenningsinsult",)),
        problems=(Problem("withdrawal-seizure", is_="resolved"),),
    ),
    again(
        "124: an earlier withdrawal seizure, still on the list",
        LORMETAZEPAM,
        card("bzra-special-care", "review", without="bzra-taper"),
        problems=(Problem("withdrawal-seizure"),),
    ),
    again(
        "125: suicidality",
        Line("lorazepam", 1, 1),
        card("bzra-special-care", "review", without="bzra-taper", holds=("diazepam",)),
        problems=(Problem("suicidality"),),
    ),
    again(
        "125: aggression",
        Line("lorazepam", 1, 1),
        card("bzra-special-care", "review", without="bzra-taper"),
        problems=(Problem("aggression"),),
    ),
    again("126: loprazolam has one strength", Line("loprazolam", 1, 1), replace(TAPER, holds=("capsules", "diazepam"))),
    again("127: 84 years old on oxazepam", Line("oxazepam", 10, 10), replace(TAPER, holds=("65", "diazepam")), age=84),
    again(
        "128: cirrhosis",
        Line("lorazepam", 1, 1),
        replace(TAPER, holds=("lever", "diazepam")),
        problems=(Problem("cirrhosis"),),
    ),
    again(
        "130: panic disorder and a wish to reduce",
        Line("alprazolam", 0.5, 0.5),
        card("bzra-check-indication", "panic", without="bzra-taper", holds=("62,5", "12,5")),
        problems=(Problem("panic"),),
    ),
    again(
        "132: 30 years old with insomnia",
        LORMETAZEPAM,
        replace(TAPER, lacks=("melatonine",)),
        age=30,
        problems=SLEEPLESS,
    ),
    again(
        "132: 71 years old with insomnia",
        LORMETAZEPAM,
        replace(TAPER, holds=("melatonine",)),
        age=71,
        problems=SLEEPLESS,
    ),
    again(
        "133: no paroxetine and no imipramine",
        LORMETAZEPAM,
        replace(TAPER, lacks=("paroxetine", "imipramine")),
        age=71,
        problems=SLEEPLESS,
    ),
    Case("134: lowered from 2 to 1 mg", (LARGE_STEP,), (LORMETAZEPAM,), (Line("lormetazepam", 1, 2, since=365),)),
    Case(
        "lowered from 2 to 1.5 mg",
        (SUPPORT,),
        (Line("lormetazepam", 1, 1.5),),
        (Line("lormetazepam", 1, 2, since=365),),
    ),
    again("140: nothing is stopped without something in its place", LORMETAZEPAM, TAPER),
]

PROGRAMME = [
    again("141: the Belgian programme", ZOLPIDEM, replace(TAPER, holds=("RIZIV",)), since=240, **BELGIAN),
    again(
        "142: in a nursing home",
        ZOLPIDEM,
        replace(TAPER, lacks=("RIZIV",)),
        since=240,
        country="BE",
        problems=(*SLEEPLESS, Problem("home", said="Woont in een woonzorgcentrum")),
    ),
    again(
        "142: in a nursing home, in French",
        ZOLPIDEM,
        replace(TAPER, lacks=("RIZIV",)),
        since=240,
        country="BE",
        problems=(*SLEEPLESS, Problem("home", said="Réside en maison de repos et de soins")),
    ),
    Case(
        "143: two of them",
        (card("bzra-multiple", beside="bzra-taper", lacks=("RIZIV",)),),
        (LORMETAZEPAM,),
        (replace(LORMETAZEPAM, since=240), Line("oxazepam", 10, 10, since=240)),
        country="BE",
        problems=SLEEPLESS,
    ),
    again(
        "144: three times a day",
        Line("alprazolam", 0.5, 0.5, 3),
        replace(BETWEEN, lacks=("RIZIV",)),
        since=240,
        **BELGIAN,
    ),
    again("145: zolpidem 30 mg", Line("zolpidem", 10, 30), replace(BETWEEN, lacks=("RIZIV",)), since=385, **BELGIAN),
    again(
        "147: cloxazolam has no DDD", Line("cloxazolam", 1, 1), replace(TAPER, holds=("RIZIV",)), since=240, **BELGIAN
    ),
    again(
        "148: not for sleep",
        Line("oxazepam", 10, 10),
        replace(TAPER, lacks=("RIZIV",)),
        since=240,
        country="BE",
        problems=(Problem("anxiety"),),
    ),
    again(
        "148: seventeen years old",
        ZOLPIDEM,
        card("bzra-special-care", "under-18", lacks=("RIZIV",)),
        since=240,
        age=17,
        **BELGIAN,
    ),
    again(
        "149: the Netherlands",
        ZOLPIDEM,
        replace(TAPER, lacks=("RIZIV", "INAMI")),
        since=240,
        country="NL",
        problems=SLEEPLESS,
    ),
    again(
        "149: France", ZOLPIDEM, replace(TAPER, lacks=("RIZIV", "INAMI")), since=240, country="FR", problems=SLEEPLESS
    ),
    again("150: country unknown", ZOLPIDEM, replace(TAPER, lacks=("RIZIV", "INAMI")), since=240, problems=SLEEPLESS),
    again(
        "151: only insomnia on the list",
        ZOLPIDEM,
        card("bzra-taper", beside="bzra-record-dependence"),
        problems=SLEEPLESS,
    ),
    again(
        "152: dependence stands on the list",
        ZOLPIDEM,
        card("bzra-taper", without="bzra-record-dependence"),
        problems=(*SLEEPLESS, Problem("sedative-dependence")),
    ),
    again("153: nobody is scored", ZOLPIDEM, replace(TAPER, lacks=("score", "benchmark", "voorschrijfprofiel"))),
    again("154: somebody who reads Turkish", ZOLPIDEM, TAPER, language="tr"),
    again(
        "154: somebody who reads Arabic, then French",
        ZOLPIDEM,
        replace(TAPER, holds=("étape",)),
        language="ar, fr;q=0.7, nl;q=0.3",
    ),
    again("155: no blaming words", ZOLPIDEM, replace(TAPER, lacks=("verslaafd", "addict", "misbruik", "junk"))),
    again("158: source and year stand on the card", ZOLPIDEM, replace(TAPER, holds=("2015",))),
]

OTHER_DOORS = [
    seen("121: step one first, in the record", LORMETAZEPAM, replace(TAPER, holds=("stap 1", "stap 2")), age=45),
    seen("121: step one first, in German", LORMETAZEPAM, replace(TAPER, holds=("schritt 1",)), age=45, language="de"),
    seen(
        "122: step two, in French",
        LORMETAZEPAM,
        replace(TAPER, holds=("étape 2", "étape 3"), lacks=("mélatonine",)),
        age=45,
        language="fr",
    ),
    again(
        "122: step two at a refill",
        LORMETAZEPAM,
        replace(TAPER, holds=("step 2", "step 3")),
        hook="medication-refill",
        language="en",
    ),
    seen(
        "130: panic disorder in the record",
        Line("alprazolam", 0.5, 0.5),
        replace(PANIC, holds=("62,5", "12,5", "thérapie")),
        problems=(Problem("panic"),),
        language="fr",
    ),
    seen(
        "130: panic disorder at discharge",
        Line("alprazolam", 0.5, 0.5),
        replace(PANIC, holds=("62.5", "12.5")),
        hook="encounter-discharge",
        problems=(Problem("panic"),),
        language="en",
    ),
    seen(
        "132: 64 years old, in the record, in French",
        LORMETAZEPAM,
        replace(TAPER, lacks=("mélatonine", "melatonin")),
        age=64,
        problems=SLEEPLESS,
        language="fr",
    ),
    again(
        "133: no paroxetine and no imipramine at a refill",
        LORMETAZEPAM,
        replace(TAPER, lacks=("paroxetin", "imipramin")),
        hook="medication-refill",
        age=71,
        problems=SLEEPLESS,
        language="en",
    ),
    seen(
        "152: both words for dependence are offered, in the record",
        ZOLPIDEM,
        card("bzra-taper", beside="bzra-record-dependence"),
        problems=SLEEPLESS,
        language="de",
    ),
    again(
        "155: no blaming words in German",
        ZOLPIDEM,
        replace(TAPER, lacks=("süchtig", "missbrauch", "abhängige")),
        hook="order-select",
        language="de",
    ),
    Case(
        "158: the source of two medicines at once is named with its year",
        (card("bzra-multiple", beside="bzra-taper", holds=("benzocare policy brief 2024",)),),
        (LORMETAZEPAM,),
        (replace(LORMETAZEPAM, since=240), Line("oxazepam", 10, 10, since=240)),
    ),
]

WORKED = DOSES + STEPS + PROGRAMME + OTHER_DOORS
