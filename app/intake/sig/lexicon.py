"""The words of dosage texts in English, Dutch, French and German: each phrase with the kind of token it stands for.

Kinds are single letters, so that the grammar can be written as patterns over them:
    N number   U unit   X times   / per   D day, hour, week …   E every   F so many times a day   P "dd" (de die)
    W moment of the day   w a meal   V meals, however many   Y day of the week   l hourly   G for (a duration)
    T then   f from (a date)   R range   r or   & and   o of   i in   a article   p English "a"   H half, quarter
    M at most   Z as needed   z if   O once   L on the skin   s both sides   g by a scheme   c the dose will change
    q divided   e before an event   v as directed   u unit, or hour in Dutch   n except   y one day "in" two
    j after   k not   h stop   b in case of (Dutch and German)   t in total   ! not to be computed   _ noise
"""

from fractions import Fraction

from app.intake.span import Exact

NUMBERS = {
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
TIMES = {
    1: "once|eenmaal|éénmaal|einmal",
    2: "twice|tweemaal|zweimal",
    3: "thrice|driemaal|dreimal",
    4: "viermaal|viermal",
}
PARTS: dict[str, Exact] = {
    "half|halve|halfje|helft|demi|demie|moitié|halb|halbe|halben|halber|halbes|hälfte": Fraction(1, 2),
    "quarter|quarters|kwart|quart|quarts|viertel": Fraction(1, 4),
    "driekwart|dreiviertel": Fraction(3, 4),
    "tweeënhalf|tweeënhalve|tweeëneenhalf|tweeëneenhalve|zweieinhalb": Fraction(5, 2),
    "drieënhalf|drieënhalve|dreieinhalb": Fraction(7, 2),
    "anderhalf|anderhalve|anderthalb|anderthalbe|eineinhalb|einenhalb": Fraction(3, 2),
}
DAILY = (
    "daily|nightly|qd|od|qday|dagelijks|daags|per etmaal|quotidien|quotidienne|quotidiennement|täglich|tägl|tgl|am tag"
    "|dagdosis|tagesdosis|dose journalière|dose quotidienne|daily dose|total daily dose"
)
ALTERNATELY = (
    "qod|every other day|every second day|on alternate days|alternate days|alternate day|alternate mornings"
    "|alternate nights|on alternate nights|alternate evenings|every other night|every other evening|every second night"
    "|om de dag|om de andere dag|om den dag|elke tweede dag|om de nacht|om de andere nacht|om de avond"
    "|jeden zweiten tag|an jedem zweiten tag|jeden zweiten abend"
)
PER_DAY: dict[str, Exact] = {
    DAILY: 1,
    "bid|bd": 2,
    "tid|tds": 3,
    "qid|qds": 4,
    ALTERNATELY: Fraction(1, 2),
    "every third day|every third night|elke derde dag|jeden dritten tag|an jedem dritten tag": Fraction(1, 3),
    "weekly|qw|qwk|wekelijks|hebdomadaire|hebdomadairement|wöchentlich": Fraction(1, 7),
    "fortnightly|every other week|tweewekelijks|om de week": Fraction(1, 14),
    "monthly|maandelijks|mensuel|mensuellement|monatlich": Fraction(16, 487),
}
MOMENTS = {
    "morning": "morning|mornings|mane|breakfast|qam|on waking|waking"
    "|s morgens|s ochtends|ochtend|ochtends|ontbijt|in de ochtend"
    "|matin|matins|petit déjeuner|petit dejeuner|morgens|morgen|früh|frühmorgens|frühstück",
    "noon": "noon|midday|lunch|lunchtime|s middags|middags|middag|middageten"
    "|midi|midis|déjeuner|dejeuner|mittags|mittag|mittagessen",
    "afternoon": "afternoon|teatime|namiddag|après midi|goûter|nachmittags|nachmittag",
    "evening": "evening|evenings|evening meal|evening meal time|dinner|supper|qpm|s avonds|avonds|avond"
    "|avondeten|avondmaal"
    "|soir|soirs|dîner|diner|souper|abends|abend|abendessen",
    "bed": "night|at night|bedtime|bed|nocte|hs|qhs|before sleep|before sleeping|before going to sleep"
    "|vdn|vn|antenoctem"
    "|voor de nacht|voor het slapen|voor het slapengaan|voor het slapen gaan|voor slapen|bij het slapengaan|bedtijd"
    "|s nachts|nacht|ante noctem|au coucher|coucher|avant de dormir|nuit|nuits|la nuit"
    "|zur nacht|zur n|nachts|vor dem schlafen|vor dem schlafengehen|zum schlafen|beim schlafengehen",
}
DAYS = (
    "monday|mondays|maandag|maandags|lundi|montag|montags",
    "tuesday|tuesdays|dinsdag|dinsdags|mardi|dienstag|dienstags",
    "wednesday|wednesdays|woensdag|woensdags|mercredi|mittwoch|mittwochs",
    "thursday|thursdays|donderdag|donderdags|jeudi|donnerstag|donnerstags",
    "friday|fridays|vrijdag|vrijdags|vendredi|freitag|freitags",
    "saturday|saturdays|zaterdag|zaterdags|samedi|samstag|samstags|sonnabend",
    "sunday|sundays|zondag|zondags|dimanche|sonntag|sonntags",
)
# Verbs that stand at the end: "jede Woche um 2,5 mg reduzieren".
CHANGES_AT_END = (
    "ophogen|verhogen|opbouwen|afbouwen|verlagen|verminderen|minderen|steigern|erhöhen|reduzieren|ausschleichen"
    "|anpassen|senken|à diminuer|à augmenter|à réduire"
)
MOST_IN_A_DAY = (
    "max daily amount|max daily dose|maximum daily amount|maximum daily dose|maximale dagdosis|maximale dagdosering"
    "|max dagdosis|dose maximale journalière|dose journalière maximale|dose max par jour|maximale tagesdosis"
    "|max tagesdosis|tageshöchstdosis"
)
# They deny the whole where they stand alone, and what follows where something does: "do not take with alcohol".
DENIALS = (
    "do not take|do not use|not to be taken|niet innemen|niet nemen|niet gebruiken|niet meer innemen|niet meer nemen"
    "|niet meer gebruiken|ne pas prendre|ne plus prendre|nicht einnehmen|nicht nehmen|nicht mehr einnehmen"
    "|nicht mehr nehmen"
)
PHRASES = {
    "w": "meal|food|eating|meal time|eten|het eten|maaltijd|repas|mahlzeit|essen|dem essen",
    "V": "meals|mealtimes|meal times|maaltijden|les repas|aux repas|des repas|mahlzeiten|den mahlzeiten",
    "X": "x|×|time|times|maal|malen|keer|keren|inname|innames|gift|giften|fois|prise|prises|mal|gabe|gaben|einnahmen"
    "|teilgaben|teildosen",
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
    "o": "of|van|de|d un|d une|von",
    "y": "sur|op|op de",
    "i": "in|within|binnen|innerhalb",
    "a": "een|un|une|ein|eine|einen|einer|eines|einem",
    "p": "a|an",
    "M": "max|maximum|maximim|at most|up to|up to max|up to a maximum of|to a maximum of|to a maximim of"
    "|no more than|not more than"
    "|more than|exceed|not exceed|not exceed more than|not more often than"
    "|maximaal|maximale|hoogstens|ten hoogste|niet meer dan|niet vaker dan|meer dan"
    "|maxi|maximal|au maximum|maximum de|dépasser|ne pas dépasser|plus de|pas plus de"
    "|höchstens|bis zu|mehr als|nicht mehr als",
    "Z": "prn|sos|pro re nata|in reserve|en réserve|als reserve|reserve|réserve|bedarfsmedikation|reservemedikation|"
    "as needed|as required|as necessary|when required|when needed|only when needed"
    "|only when required|as req|when req|when necessary|if needed|if required"
    "|if necessary"
    "|whenever necessary|on demand|for breakthrough|at onset of"
    "|zo nodig|zonodig|zn|indien nodig|indien noodzakelijk|wanneer nodig|naar behoefte|bij behoefte"
    "|op indicatie|bij pijn|bij hoest"
    "|bij angst|bij onrust|bij klachten|bij nood|bij koorts|bij slapeloosheid|bij jeuk|bij misselijkheid"
    "|bij benauwdheid"
    "|bij paniek|bij spanning|si besoin|si nécessaire|si nec|si necessaire|au besoin|en cas de|en cas d|selon besoin"
    "|selon les besoins"
    "|à la demande|bei bedarf|nach bedarf|bb|bedarfsweise|falls nötig|wenn nötig|falls erforderlich|bei schmerzen"
    "|bei angst"
    "|bei unruhe|bei fieber",
    "z": "if|in case|unless|indien|wanneer|als|tenzij|si|sauf si|wenn|falls",
    "O": "single dose|as a single dose|single bolus|stat|at once|one time only|only once|eenmalig|éénmalig"
    "|dose unique|prise unique|en une seule fois|une seule fois|einmalig|einmaldosis|einmalgabe",
    "L": "apply|applied|rub|soak|wash|shampoo|dressing|rinse|aanbrengen|smeren|insmeren|aanstippen"
    "|appliquer|auftragen|einreiben",
    "s": "each nostril|in each nostril|each eye|each ear|both eyes|both nostrils|both ears|elk neusgat"
    "|ieder neusgat|elk oog"
    "|beide ogen|beide oren|chaque narine|chaque oeil|les deux yeux|jedes nasenloch|jedes auge|beide augen",
    "g": "schema|scheme|volgens schema|schéma|selon schema|selon schéma|selon le schéma|nach schema"
    "|einnahme nach schema",
    "c": "increase|increasing|increased|increase if necessary|raise|reduce|reducing|decrease|lower|taper"
    "|titrate|adjust|adjusted"
    "|repeat|repeated|repeat if necessary|herhalen|zo nodig herhalen|zo nodig verhogen"
    "|augmenter|diminuer|réduire|adapter|répéter|renouveler|wiederholen",
    "q": "divided|spread over|in several doses|verdeeld|in meerdere doses|réparti|répartie|répartis|réparties|fractionné"
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
    "h": "stop|stopped|discontinue|discontinued|stoppen|gestopt|staken|gestaakt|arrêter|arrêt|arrêté|stopper|absetzen"
    "|abgesetzt",
    "t": "total|in total|totaal|in totaal|au total|en tout|gesamt|insgesamt|total per dose",
    "b": "bij|bei",
    "j": "after|na|après|nach",
    "n": "except|except on|off|weekdays|weekend|weekends|werkdagen|weekeinde|week end|werktags|wochenende"
    "|alternate|alternately|alternating|behalve|uitgezonderd|afwisselend|sauf|en alternance"
    "|außer|ausser|alternierend",
    "!": "third|fourth|fifth|tweede|derde|vierde|deuxième|troisième|quatrième|zweiten|dritten|vierten|less|fewer|extra"
    "|additional|minder|bijkomend|bijkomende|de moins|en moins|supplémentaire|weniger|weitere|weiteren|zusätzlich"
    "|according to|inr|cycle|auc|hundred|thousand|a second|another|kg|m2|m²|kilogram|bolus|loading|protocol"
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
    "|each time|each dose|per dose|per administration|per keer|per inname|par prise"
    "|à chaque prise|pro gabe"
    "|pro einnahme|to the|to each|to bath|to sleep|in the|in a|in at|in your|in each|in mouth|in water|in d5w"
    "|in addition"
    "|in de|in het|de la|de l",
}
