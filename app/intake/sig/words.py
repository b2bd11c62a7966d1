"""The words of dosage texts in English, Dutch, French and German: each phrase with the kind of token it stands for.

Kinds are single letters, so that the grammar can be written as patterns over them:
    N number   U unit   X times   / per   D day, hour, week …   E every   F so many times a day   P "dd" (de die)
    W moment of the day   w a meal   V meals, however many   Y day of the week   l hourly   G for (a duration)
    T then   f from (a date)   R range   r or   & and   o of   i in   a article   p English "a"   H half, quarter
    M at most   Z as needed   z if   O once   L on the skin   s both sides   g by a scheme   c the dose will change
    q divided   e before an event   v as directed   u unit, or hour in Dutch   n except
    j after   k not   h stop   b in case of (Dutch and German)   ! not to be computed   _ noise
"""

from fractions import Fraction

from app.intake.quantity import TIME_WORDS
from app.intake.span import Exact, Span, exactly
from app.intake.units import WORDS, Unit

Value = Span | Unit | str | None

_NUMBERS = {
    1: "one|één",
    2: "two|twee|deux|zwei",
    3: "three|drie|trois|drei",
    4: "four|vier|quatre",
    5: "five|vijf|cinq|fünf",
    6: "six|zes|sechs",
    7: "seven|zeven|sept|sieben",
    8: "eight|acht|huit",
    9: "nine|negen|neuf|neun",
    10: "ten|tien|dix|zehn",
    12: "twelve|twaalf|douze|zwölf",
    14: "fourteen|veertien|quatorze|vierzehn",
    15: "fifteen|vijftien|quinze",
    20: "twenty|twintig|vingt|zwanzig",
    30: "thirty|dertig|trente|dreißig",
}
_TIMES = {
    1: "once|eenmaal|éénmaal|einmal",
    2: "twice|tweemaal|zweimal",
    3: "thrice|driemaal|dreimal",
    4: "viermaal|viermal",
}
_PARTS: dict[str, Exact] = {
    "half|halve|halfje|demi|demie|halb|halbe|halben|halber|halbes": Fraction(1, 2),
    "quarter|quarters|kwart|quart|quarts|viertel": Fraction(1, 4),
    "anderhalf|anderhalve|anderthalb|anderthalbe|eineinhalb": Fraction(3, 2),
}
_DAILY = (
    "daily|nightly|qd|od|qday|dagelijks|daags|per etmaal|quotidien|quotidienne|quotidiennement|täglich|tägl|tgl|am tag"
)
_ALTERNATELY = (
    "qod|every other day|every second day|on alternate days|alternate days|alternate day|alternate mornings"
    "|om de dag|om de andere dag|om den dag|elke tweede dag|un jour sur deux|jeden zweiten tag"
)
_PER_DAY: dict[str, Exact] = {
    _DAILY: 1,
    "bid|bd": 2,
    "tid|tds": 3,
    "qid|qds": 4,
    _ALTERNATELY: Fraction(1, 2),
    "every third day|elke derde dag|un jour sur trois|jeden dritten tag": Fraction(1, 3),
    "weekly|qw|qwk|wekelijks|hebdomadaire|hebdomadairement|wöchentlich": Fraction(1, 7),
    "fortnightly|every other week|tweewekelijks|om de week": Fraction(1, 14),
    "monthly|maandelijks|mensuel|mensuellement|monatlich": Fraction(16, 487),
}
_MOMENTS = {
    "morning": "morning|mornings|mane|breakfast|qam|on waking|waking"
    "|s morgens|s ochtends|ochtend|ochtends|ontbijt|in de ochtend"
    "|matin|petit déjeuner|petit dejeuner|morgens|morgen|früh|frühmorgens|frühstück",
    "noon": "noon|midday|lunch|lunchtime|s middags|middags|middag|middageten"
    "|midi|déjeuner|dejeuner|mittags|mittag|mittagessen",
    "afternoon": "afternoon|teatime|namiddag|après midi|goûter|nachmittags|nachmittag",
    "evening": "evening|evenings|evening meal|evening meal time|dinner|supper|qpm|s avonds|avonds|avond"
    "|avondeten|avondmaal"
    "|soir|dîner|diner|souper|abends|abend|abendessen",
    "bed": "night|at night|bedtime|bed|nocte|hs|qhs|before sleep|before sleeping|before going to sleep"
    "|vdn|antenoctem"
    "|voor de nacht|voor het slapen|voor het slapengaan|voor het slapen gaan|voor slapen|bij het slapengaan|bedtijd"
    "|s nachts|nacht|ante noctem|au coucher|coucher|avant de dormir|nuit|la nuit"
    "|zur nacht|nachts|vor dem schlafen|vor dem schlafengehen|zum schlafen|beim schlafengehen",
}
_DAYS = (
    "monday|mondays|maandag|maandags|lundi|montag|montags",
    "tuesday|tuesdays|dinsdag|dinsdags|mardi|dienstag|dienstags",
    "wednesday|wednesdays|woensdag|woensdags|mercredi|mittwoch|mittwochs",
    "thursday|thursdays|donderdag|donderdags|jeudi|donnerstag|donnerstags",
    "friday|fridays|vrijdag|vrijdags|vendredi|freitag|freitags",
    "saturday|saturdays|zaterdag|zaterdags|samedi|samstag|samstags|sonnabend",
    "sunday|sundays|zondag|zondags|dimanche|sonntag|sonntags",
)
_PHRASES = {
    "w": "meal|food|eating|meal time|eten|het eten|maaltijd|repas|mahlzeit|essen|dem essen",
    "V": "meals|mealtimes|meal times|maaltijden|les repas|aux repas|des repas|mahlzeiten|den mahlzeiten",
    "X": "x|×|time|times|maal|malen|keer|keren|fois|prise|prises|mal",
    "/": "/|per|par|pro",
    "E": "every|each|q|elke|elk|ieder|iedere|om de|om het|chaque|toutes les|tous les|toute les|jeden|jede|jedes|alle",
    "P": "dd|daagse",
    "l": "hourly|uurlijks|stündlich",
    "G": "for|over|gedurende|lang|pendant|durant|für|während",
    "f": "from|starting|start|since|until|till|on|vanaf|sinds|depuis|dès|à partir du|jusqu au|ab|seit",
    "T": "then|and then|thereafter|afterwards|followed by|dan|en dan|daarna|vervolgens|hierna|nadien|gevolgd door"
    "|puis|et puis|ensuite|suivi de|dann|und dann|danach|anschließend",
    "R": "through|tot|t m|à|jusqu à|bis",
    "r": "or|to|ou|oder",
    "&": "and|+|&|plus|en|et|und",
    "o": "of|van|de|von",
    "i": "in|within|binnen|sur|innerhalb",
    "a": "een|un|une|ein|eine|einen|einer|eines|einem",
    "p": "a|an",
    "M": "max|maximum|maximim|at most|up to|up to max|up to a maximum of|to a maximum of|to a maximim of"
    "|no more than|not more than"
    "|more than|exceed|not exceed|not exceed more than|not more often than"
    "|maximaal|maximale|hoogstens|ten hoogste|niet meer dan|niet vaker dan|meer dan"
    "|maxi|maximal|au maximum|maximum de|dépasser|ne pas dépasser|plus de|pas plus de"
    "|höchstens|bis zu|mehr als|nicht mehr als",
    "Z": "prn|as needed|as required|as necessary|when required|when needed|when necessary|if needed|if required"
    "|if necessary"
    "|whenever necessary|on demand|for breakthrough|at onset of"
    "|zo nodig|zonodig|zn|indien nodig|indien noodzakelijk|wanneer nodig|naar behoefte|bij behoefte"
    "|op indicatie|bij pijn|bij hoest"
    "|bij angst|bij onrust|bij klachten|bij nood|bij koorts|bij slapeloosheid|bij jeuk|bij misselijkheid"
    "|bij benauwdheid"
    "|bij paniek|bij spanning|si besoin|si nécessaire|si necessaire|au besoin|en cas de|en cas d|selon besoin"
    "|selon les besoins"
    "|à la demande|bei bedarf|nach bedarf|bedarfsweise|falls nötig|wenn nötig|falls erforderlich|bei schmerzen"
    "|bei angst"
    "|bei unruhe|bei fieber",
    "z": "if|in case|unless|indien|wanneer|als|tenzij|si|sauf si|wenn|falls",
    "O": "single dose|as a single dose|single bolus|stat|at once|one time only|only once|eenmalig|éénmalig"
    "|dose unique|prise unique|en une seule fois|einmalig|einmaldosis",
    "L": "apply|applied|rub|soak|wash|shampoo|dressing|rinse|aanbrengen|smeren|insmeren|aanstippen"
    "|appliquer|auftragen|einreiben",
    "s": "each nostril|in each nostril|each eye|each ear|both eyes|both nostrils|both ears|elk neusgat"
    "|ieder neusgat|elk oog"
    "|beide ogen|beide oren|chaque narine|chaque oeil|les deux yeux|jedes nasenloch|jedes auge|beide augen",
    "g": "schema|scheme|volgens schema|schéma|selon schema|selon schéma|selon le schéma|nach schema"
    "|einnahme nach schema",
    "c": "increase|increasing|increased|increase if necessary|raise|reduce|reducing|decrease|lower|taper"
    "|titrate|adjust|adjusted"
    "|repeat|repeated|repeat if necessary|herhalen|zo nodig herhalen|zo nodig verhogen|ophogen|verhogen"
    "|opbouwen|afbouwen"
    "|verlagen|verminderen|minderen|augmenter|diminuer|réduire|adapter|répéter|renouveler"
    "|steigern|erhöhen|reduzieren|ausschleichen|anpassen|senken|wiederholen",
    "q": "divided|in several doses|verdeeld|in meerdere doses|réparti|répartie|répartis|réparties|fractionné"
    "|en plusieurs prises"
    "|verteilt|aufgeteilt|in mehreren dosen",
    "e": "procedure|surgery|operation|appointment|travel|flight|flying|mri|dentist|ingreep|operatie|onderzoek"
    "|vlucht|vliegreis"
    "|reis|tandarts|intervention|opération|irm|eingriff|flug|reise|untersuchung|zahnarzt",
    "v": "as directed|use as directed|follow directions|as per instructions|as instructed|as prescribed"
    "|unless otherwise directed"
    "|according to requirements|volgens voorschrift|volgens afspraak|zoals voorgeschreven|zoals afgesproken"
    "|gebruik bekend"
    "|bekend|selon prescription|comme prescrit|wie besprochen|wie verordnet|nach anweisung|nach ärztlicher anweisung",
    "k": "not|never|without|niet|geen|nooit|zonder|pas|jamais|sans|nicht|kein|keine|nie|ohne",
    "h": "stop|stopped|stoppen|gestopt|arrêter|arrêt|absetzen",
    "b": "bij|bei",
    "j": "after|na|après|nach",
    "n": "except|except on|off|weekdays|weekend|weekends|werkdagen|weekeinde|week end|werktags|wochenende"
    "|alternate|alternately|alternating|behalve|uitgezonderd|afwisselend|sauf|en alternance"
    "|außer|ausser|alternierend",
    "!": "according to|inr|cycle|auc|hundred|thousand|a second|another|kg|m2|m²|kilogram|bolus|loading|protocol"
    "|honderd|duizend|een tweede|nog een|cent|mille|une deuxième|encore|hundert|tausend|eine zweite|noch eine"
    "|volgens|cyclus|trombosedienst|selon|gemäß|laut|nach plan|zyklus",
    "_": "at|with|before|by|om|voor|met|het|le|la|les|au|aux|du|avec|avant|am|im|zum|zur|vor|mit|um"
    "|orally|oral|by mouth|mouth|po|per os|per orem|im|iv|sc|subcut|subcutaneously|rectally|sublingual|nasal"
    "|take|takes|taken"
    "|swallow|inhale|inhaled|use|to be|oraal|subcutaan|rectaal|neem|nemen|innemen|in te nemen|gebruiken"
    "|par voie orale|prendre|einnehmen|nehmen|even if|even when|any time|at any time|same time"
    "|at the same time each day"
    "|the same day each week|or before|or after|with or after|before or after|on or after|voor of na"
    "|avant ou après|vor oder nach"
    "|of the day|time of day|day of|first|first dose|first day|on the first day|each week|of each week"
    "|at regular intervals|at a meal"
    "|each time|each dose|per dose|per administration|total per dose|per keer|per inname|par prise"
    "|à chaque prise|pro gabe"
    "|pro einnahme|to the|to each|to bath|to sleep|in the|in a|in at|in your|in each|in mouth|in water|in d5w"
    "|in total|in addition"
    "|in de|in het|de la|de l",
}


def _phrases() -> dict[tuple[str, ...], tuple[str, Value]]:
    table: dict[tuple[str, ...], tuple[str, Value]] = {}

    def add(kind: str, words: str, value: Value = None) -> None:
        for phrase in words.split("|"):
            table[tuple(phrase.split())] = (kind, value)

    for word, unit in WORDS.items():
        if len(word) > 1 or word in ("g", "l"):
            add("U", word, unit)
    for word, code in TIME_WORDS.items():
        if word.isalpha() and word not in ("a", "an", "ans", "mo"):
            add("D", word, code)
    add("U", "t", WORDS["tablet"])
    add("u", "u", WORDS["u"])
    add("D", "j|etmaal", "d")
    for kind, numbers in (("N", _NUMBERS), ("NX", _TIMES)):
        for number, words in numbers.items():
            add(kind, words, exactly(number))
    for words, part in _PARTS.items():
        add("H" if part < 1 else "N", words, exactly(part))
    for words, per_day in _PER_DAY.items():
        add("F", words, exactly(per_day))
    for moment, words in _MOMENTS.items():
        add("W", words, moment)
    for day, words in enumerate(_DAYS):
        add("Y", words, str(day))
    for kind, words in _PHRASES.items():
        add(kind, words)
    return table


def _by_first_word() -> dict[str, tuple[tuple[tuple[str, ...], str, Value], ...]]:
    """Every phrase under its first word, the longest first."""
    found: dict[str, list[tuple[tuple[str, ...], str, Value]]] = {}
    for phrase, (kind, value) in sorted(_phrases().items(), key=lambda item: -len(item[0])):
        found.setdefault(phrase[0], []).append((phrase, kind, value))
    return {first: tuple(rows) for first, rows in found.items()}


PHRASES = _by_first_word()
