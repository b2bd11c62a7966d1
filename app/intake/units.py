"""Dose units as they are really written (UCUM, HL7 drug forms, Dutch, French, German, English) → one unit each.

Masses come out in mg and volumes in mL; things that are counted keep a name of their own (tablet, piece, puff …).
UCUM: https://ucum.org. Codes of other systems are read only where they are listed here; else their unit text is read.
"""

import re
from dataclasses import dataclass
from enum import Enum

from app.intake.span import Exact, over


class Kind(Enum):
    MASS = "mass"
    VOLUME = "volume"
    DROP = "drop"
    COUNT = "count"  # one tablet, one capsule, one piece: a strength may say how many mg
    OTHER = "other"  # cm of ointment, units of activity: never turned into mg


@dataclass(frozen=True, slots=True)
class Unit:
    """`factor` turns a written amount into the base unit `name`: "mg" for masses, "mL" for volumes."""

    name: str
    kind: Kind
    factor: Exact = 1


MG = Unit("mg", Kind.MASS)
ML = Unit("mL", Kind.VOLUME)
DROP = Unit("drop", Kind.DROP)
BARE = Unit("unit", Kind.COUNT)  # a number without a unit
PIECE = Unit("piece", Kind.COUNT)

_MASS = {
    "kg": (1_000_000, 1),
    "g gr gram grams gramme grammes gramm": (1000, 1),
    "mg milligram milligrams milligramme milligrammes milligramm": (1, 1),
    "ug µg μg mcg microgram micrograms microgramme microgrammes mikrogramm gamma": (1, 1000),
    "ng nanogram nanograms": (1, 1_000_000),
}
_VOLUME = {
    "l liter litre liters litres": (1000, 1),
    "dl deciliter": (100, 1),
    "cl centiliter": (10, 1),
    "ml milliliter millilitre milliliters millilitres cc": (1, 1),
    "ul µl μl microliter microlitre": (1, 1000),
}
_COUNTED = {
    "tablet": "tablet tablets tabletten tabletje tabletjes tablette tablettes tab tabs tabl tabls tbl tb tablett "
    "comprimé comprimés comprime comprimes comprimée cp cpr cprs cpé co comp "
    "brausetablette brausetabletten filmtablette filmtabletten pil pillen pill pills pilule pilules pille "
    "dragee dragees dragée dragées smelttablet smelttabletten kauwtablet kauwtabletten bruistablet bruistabletten "
    "retardtablette retardtabletten schmelztablette schmelztabletten caplet caplets ertab",
    "capsule": "capsule capsules caps cap gélule gélules gelule gelules gél kapsel kapseln ercap",
    "piece": "stuk stuks stukje stück stücke stk st ea each item items pièce pièces unité unités",
    "dose": "dosis doses dosissen dose dosen prise prises einzeldosis einzeldosen",
    "puff": "puff puffs pufje pufjes bouffée bouffées hub hübe inhalatie inhalaties inhalation inhalations "
    "inhalationen actuation actuations actuat",
    "spray": "spray sprays verstuiving verstuivingen pulvérisation pulvérisations pulverisation sprühstoß sprühstöße "
    "pump pumps pompje pompjes",
    "patch": "patch patches pleister pleisters pflaster",
    "plaster": "plaster plasters",
    "sachet": "sachet sachets zakje zakjes beutel packet packets pck poeder poeders",
    "suppository": "suppository suppositories zetpil zetpillen suppositoire suppositoires zäpfchen supp suppo",
    "ampoule": "ampoule ampoules ampul ampullen ampule ampules ampulle amp",
    "vial": "vial vials flacon flacons durchstechflasche",
    "lozenge": "lozenge lozenges zuigtablet zuigtabletten pastille pastilles lutschtablette lutschtabletten",
    "injection": "injection injections injectie injecties injektion injektionen",
    "film": "film films strip strips",
    "pessary": "pessary pessaries ovule ovules",
}
_DROPS = "drop drops druppel druppels dr goutte gouttes gtt gtts tropfen tr trpf drp"
_OTHER = {
    "unit": "u units unit ie iu ui einheit einheiten eenheid eenheden",
    "application": "application applications applicatie",
    "spoonful": "spoonful spoonfuls teelöffel esslöffel theelepel theelepels eetlepel eetlepels lepel tl",
    "cm": "cm centimeter centimetre centimètre",
    "inch": "inch inches",
    "mmol": "mmol millimol",
}


def _table() -> dict[str, Unit]:
    table: dict[str, Unit] = {}
    for name, kind, rows in (("mg", Kind.MASS, _MASS), ("mL", Kind.VOLUME, _VOLUME)):
        for words, (numerator, denominator) in rows.items():
            for word in words.split():
                table[word] = Unit(name, kind, over(numerator, denominator))
    for kind, named in ((Kind.COUNT, _COUNTED), (Kind.OTHER, _OTHER)):
        for name, words in named.items():
            for word in words.split():
                table[word] = Unit(name, kind)
    for word in _DROPS.split():
        table[word] = DROP
    return table


WORDS = _table()

_PHRASES = {
    "unit dose": WORDS["dose"],
    "international unit": WORDS["unit"],
    "international units": WORDS["unit"],
    "metered dose": WORDS["puff"],
    "oral tablet": WORDS["tablet"],
    "oral capsule": WORDS["capsule"],
}

_UCUM = "unitsofmeasure.org"
_UCUM_ONLY = {
    "1": PIECE,
    "[drp]": DROP,
    "[iu]": Unit("unit", Kind.OTHER),
    "u": Unit("unit", Kind.OTHER),
}
# Units of presentation: EDQM standard terms and SNOMED CT, as seen beside their labels in published resources.
_PRESENTATION = {
    "15054000": WORDS["tablet"],
    "15012000": WORDS["capsule"],
    "732936001": WORDS["tablet"],
    "428673006": WORDS["tablet"],
    "385055001": WORDS["tablet"],
}
_TRIM = re.compile(r"\s*(?:-\s*unit of product usage|\(unit of presentation\)|\((?:e?n|e?s|e)\))\s*$")


def unit_word(text: str) -> Unit | None:
    """The unit a word or short phrase stands for ("mg", "stuks", "{tablet}", "Tablet - unit of product usage")."""
    word = _TRIM.sub("", text.strip().lower().replace("{", "").replace("}", "")).rstrip(".")
    return WORDS.get(word) or _PHRASES.get(word)


def unit_of(unit: object, code: object, system: object) -> Unit | None:
    """The unit of a FHIR Quantity, from its `unit`, `code` and `system`; None where they are unknown or disagree.

    A quantity that names no unit at all is a bare count (FHIR allows it; Synthea means one tablet by it).
    """
    if unit is None and code is None and system is None:
        return BARE
    said = unit_word(unit) if isinstance(unit, str) else None
    ucum = isinstance(system, str) and _UCUM in system
    coded = _coded(code, ucum=ucum, alone=system is None) if isinstance(code, str) else None
    if ucum and isinstance(code, str) and coded is None:
        return None  # "mg/kg" beside the unit text "mg": the code is the one that counts
    if said is None or coded is None:
        return said or coded
    if said.kind is coded.kind:
        return said if said.factor == coded.factor else None
    # UCUM "1" only says that something is counted: drops and spoons are.
    return said if coded is PIECE and said.kind in (Kind.DROP, Kind.OTHER) else None


def _coded(code: str, *, ucum: bool, alone: bool) -> Unit | None:
    if ucum:
        known = _UCUM_ONLY.get(code.lower()) or unit_word(code)
        return known or (PIECE if code.startswith("{") else None)
    if code in _PRESENTATION:
        return _PRESENTATION[code]
    # Numbers of local lists ("7" for a tea spoon) mean nothing here; words and HL7 drug forms do.
    return unit_word(code) if alone or not code.isdigit() else None
