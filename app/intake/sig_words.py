"""The words of dosage texts in Dutch, French, German and English: each phrase with the kind of token it stands for.

Kinds are single letters, so that the grammar can be written as patterns over them:
    N number   U unit   X times   / per   D day, hour, week …   E every   F so many times a day   P "dd" (de die)
    W moment of the day   w a meal   Y day of the week   l hourly   G for (a duration)   T then   R range   r or
    & and   o of   i in   a article   p English "a"   H half, quarter   M at most   Z as needed   z if   O once   f from (a date)
    L on the skin   s both sides   g by a scheme   c dose will change   q divided   e before an event   v as directed
    u unit or (Dutch) hour   ! not to be computed   _ noise
"""

from fractions import Fraction

from app.intake.quantity import TIME_WORDS
from app.intake.span import Span, exactly
from app.intake.units import WORDS, Unit

Value = Span | Unit | str | None

_NUMBERS = {
    1: "one één",
    2: "two twee deux zwei",
    3: "three drie trois drei",
    4: "four vier quatre",
    5: "five vijf cinq fünf",
    6: "six zes sechs",
    7: "seven zeven sept sieben",
    8: "eight acht huit",
    9: "nine negen neuf neun",
    10: "ten tien dix zehn",
    12: "twelve twaalf douze zwölf",
    14: "fourteen veertien quatorze vierzehn",
    15: "fifteen vijftien quinze",
    20: "twenty twintig vingt zwanzig",
    30: "thirty dertig trente dreißig",
}
_TIMES = {
    1: "once eenmaal éénmaal einmal 1mal",
    2: "twice tweemaal zweimal",
    3: "thrice driemaal dreimal",
    4: "viermaal viermal",
}
_PARTS = {
    Fraction(1, 2): "half halve halfje demi demie halb halbe halben halber halbes",
    Fraction(1, 4): "quarter quarters kwart quart quarts viertel",
}
_ONE_AND_A_HALF = "anderhalf anderhalve anderthalb anderthalbe eineinhalb"

_PER_DAY = {
    Fraction(
        1
    ): "daily|dagelijks|daags|täglich|tgl|quotidien|quotidienne|quotidiennement|nightly|qd|od|qday|per etmaal|am tag",
    Fraction(2): "bid|bd",
    Fraction(3): "tid|tds",
    Fraction(4): "qid|qds",
    Fraction(
        1, 2
    ): "qod|every other day|every second day|on alternate days|alternate days|alternate day|alternate mornings"
    "|om de dag|om de andere dag|om den dag|om de twee dagen|un jour sur deux|jeden zweiten tag|elke tweede dag",
    Fraction(1, 3): "every third day|jeden dritten tag|elke derde dag|un jour sur trois",
    Fraction(1, 7): "weekly|wekelijks|wöchentlich|hebdomadaire|hebdomadairement|qw|qwk",
    Fraction(1, 14): "fortnightly|tweewekelijks|every other week|om de week",
    Fraction(16, 487): "monthly|maandelijks|monatlich|mensuel|mensuellement",
}
_MOMENTS = {
    "morning": "morning|mornings|mane|breakfast|s morgens|s ochtends|ochtend|ochtends|ontbijt|matin|petit déjeuner|petit dejeuner"
    "|morgens|früh|frühmorgens|frühstück|qam|on waking|waking|in de ochtend|morgen",
    "noon": "noon|midday|lunch|lunchtime|s middags|middags|middag|middageten|midi|déjeuner|dejeuner|mittags|mittag|mittagessen",
    "afternoon": "afternoon|teatime|namiddag|après midi|nachmittags|nachmittag|goûter",
    "evening": "evening|evenings|evening meal|evening meal time|dinner|supper|s avonds|avonds|avond|avondeten|avondmaal|soir|dîner|diner"
    "|souper|abends|abend|abendessen|qpm",
    "bed": "night|at night|bedtime|bed|nocte|hs|qhs|before sleep|before sleeping|before going to sleep|voor de nacht|voor het slapen"
    "|voor het slapengaan|voor het slapen gaan|voor slapen|bij het slapengaan|bedtijd|s nachts|nacht|ante noctem|antenoctem|au coucher|coucher"
    "|avant de dormir|nuit|la nuit|zur nacht|nachts|vor dem schlafen|vor dem schlafengehen|zum schlafen|beim schlafengehen",
}
_MEALS = "meal|meals|food|eating|eten|het eten|maaltijd|maaltijden|repas|mahlzeit|mahlzeiten|dem essen|essen|meal time|meal times"
_DAYS = (
    "monday mondays maandag maandags lundi montag montags|tuesday tuesdays dinsdag dinsdags mardi dienstag dienstags"
    "|wednesday wednesdays woensdag woensdags mercredi mittwoch mittwochs|thursday thursdays donderdag jeudi donnerstag donnerstags"
    "|friday fridays vrijdag vendredi freitag freitags|saturday saturdays zaterdag samedi samstag samstags sonnabend"
    "|sunday sundays zondag dimanche sonntag sonntags"
)
_PHRASES = {
    "X": "x|×|maal|keer|keren|times|time|fois|mal|prise|prises|malen",
    "/": "/|per|par|pro",
    "E": "every|each|elke|elk|ieder|iedere|chaque|toutes les|tous les|toute les|jeden|jede|jedes|alle|q|om de|om het",
    "P": "dd|daagse",
    "l": "hourly|stündlich|uurlijks",
    "G": "for|gedurende|pendant|durant|für|während|over|lang",
    "f": "from|starting|start|since|until|till|vanaf|sinds|ab|seit|dès|depuis|à partir du|jusqu au|on",
    "T": "then|thereafter|afterwards|daarna|dan|vervolgens|hierna|nadien|puis|ensuite|dann|danach|anschließend|followed by"
    "|gevolgd door|suivi de|and then|en dan|et puis|und dann",
    "R": "to|tot|à|bis|through|jusqu à|t m",
    "r": "or|ou|oder",
    "&": "and|en|et|und|+|&|plus",
    "o": "of|van|de|von",
    "i": "in|binnen|innerhalb|within|sur",
    "a": "een|un|une|ein|eine|einen|einer|eines|einem",
    "p": "a|an",
    "M": "max|maximum|maximim|maximaal|maximal|maximale|maxi|hoogstens|höchstens|ten hoogste|up to|up to a maximum of|up to max"
    "|to a maximum of|to a maximim of|no more than|not more than|more than|not exceed|not exceed more than|exceed|at most|not more often than"
    "|niet meer dan|niet vaker dan|meer dan|au maximum|maximum de|ne pas dépasser|dépasser|pas plus de|plus de|bis zu|nicht mehr als|mehr als",
    "Z": "prn|as needed|as required|as necessary|when required|when needed|when necessary|if needed|if required|if necessary|whenever necessary"
    "|zo nodig|zonodig|indien nodig|indien noodzakelijk|wanneer nodig|zn|bij pijn|bij hoest|bij angst|bij onrust|bij klachten|bij nood|bij koorts"
    "|bij slapeloosheid|bij jeuk|bij misselijkheid|bij benauwdheid|bij paniek|bij spanning|bij behoefte|op indicatie|naar behoefte"
    "|si besoin|si nécessaire|si necessaire|au besoin|en cas de|en cas d|selon besoin|selon les besoins|à la demande"
    "|bei bedarf|nach bedarf|bedarfsweise|falls nötig|wenn nötig|falls erforderlich|bei schmerzen|bei angst|bei unruhe|bei fieber|on demand"
    "|for breakthrough|at onset of",
    "z": "if|indien|wanneer|als|si|wenn|falls|in case|unless|tenzij|sauf si",
    "O": "single dose|as a single dose|eenmalig|éénmalig|dose unique|prise unique|en une seule fois|einmalig|einmaldosis|stat|at once"
    "|one time only|only once|single bolus",
    "L": "apply|applied|aanbrengen|smeren|insmeren|aanstippen|auftragen|einreiben|appliquer|rub|soak|wash|shampoo|dressing|rinse",
    "s": "each nostril|each eye|each ear|both eyes|both nostrils|both ears|elk neusgat|ieder neusgat|beide ogen|beide oren|elk oog"
    "|chaque narine|chaque oeil|les deux yeux|jedes nasenloch|beide augen|jedes auge|in each nostril",
    "g": "schema|schéma|scheme|volgens schema|nach schema|selon schéma|selon le schéma|selon schema|einnahme nach schema",
    "c": "increase|increase if necessary|increasing|increased|raise|reduce|reducing|decrease|lower|taper|titrate|adjust|adjusted|repeat|repeated"
    "|repeat if necessary|herhalen|zo nodig herhalen|zo nodig verhogen|ophogen|verhogen|opbouwen|afbouwen|verlagen|verminderen|minderen"
    "|augmenter|diminuer|réduire|adapter|répéter|renouveler|steigern|erhöhen|reduzieren|ausschleichen|anpassen|senken|wiederholen",
    "v": "as directed|use as directed|follow directions|as per instructions|as instructed|as prescribed|volgens voorschrift|volgens afspraak"
    "|zoals voorgeschreven|zoals afgesproken|gebruik bekend|selon prescription|comme prescrit|wie besprochen|wie verordnet|nach anweisung"
    "|unless otherwise directed|according to requirements|as per protocol|nach ärztlicher anweisung|bekend",
    "!": "according to|volgens|selon|gemäß|laut|nach plan|inr|cycle|cyclus|zyklus|except|except on|behalve|uitgezonderd|sauf|außer|ausser"
    "|auc|off|alternate|alternately|alternating|afwisselend|alternierend|en alternance|kg|m2|m²|kilogram|bolus|loading|trombosedienst|protocol",
    "q": "divided|verdeeld|répartis|réparties|réparti|répartie|verteilt|aufgeteilt|fractionné|en plusieurs prises|in several doses"
    "|in meerdere doses|in mehreren dosen",
    "e": "procedure|surgery|operation|appointment|travel|flight|flying|mri|scan|dentist|ingreep|operatie|onderzoek|vlucht|reis|vliegreis"
    "|tandarts|intervention|opération|vol|irm|eingriff|flug|reise|untersuchung|zahnarzt",
    "_": "even if|even when|same time|du soir au matin|at any time|any time|at the same time each day|the same day each week|or after"
    "|with or after|or before|on or after|of the day|time of day|before or after|voor of na|avant ou après|vor oder nach|at regular intervals"
    "|each time|per keer|par prise|à chaque prise|pro gabe|pro einnahme|per dose|per inname|total per dose|first|first dose|first day"
    "|on the first day|each week|of each week|every week on|at a meal|day of|after waking|each dose|per administration|to the|in water|in the|in your"
    "|in mouth|in a|in at|in de|in het|de la|de l|in total|in addition|to be|to each|to bath|to sleep|sparingly to|in each|in d5w",
}


def _phrases() -> dict[tuple[str, ...], tuple[str, Value]]:
    table: dict[tuple[str, ...], tuple[str, Value]] = {}

    def add(kind: str, words: str, value: Value = None) -> None:
        for phrase in words.split("|"):
            table[tuple(phrase.split())] = (kind, value)

    for word, unit in WORDS.items():
        if len(word) > 1 or word in ("g", "l"):
            add("U", word, unit)
    add("U", "t", WORDS["tablet"])
    add("u", "u", WORDS["u"])
    for word, code in TIME_WORDS.items():
        if word.isalpha() and word not in ("a", "an", "ans", "mo", "min"):
            add("D", word, code)
    add("D", "j", "d")
    add("D", "min", "min")
    add("D", "etmaal", "d")
    for number, words in _NUMBERS.items():
        add("N", words.replace(" ", "|"), exactly(number))
    add("N", _ONE_AND_A_HALF.replace(" ", "|"), exactly(Fraction(3, 2)))
    for times, words in _TIMES.items():
        add("NX", words.replace(" ", "|"), exactly(times))
    for part, words in _PARTS.items():
        add("H", words.replace(" ", "|"), exactly(part))
    for per_day, words in _PER_DAY.items():
        add("F", words, exactly(per_day))
    for moment, words in _MOMENTS.items():
        add("W", words, moment)
    for day, words in enumerate(_DAYS.split("|")):
        add("Y", words.replace(" ", "|"), str(day))
    add("w", _MEALS)
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
