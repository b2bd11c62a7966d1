"""The medicines Wane knows: what they are called and coded, which classes they are in, and what they equal in diazepam.

One file per ingredient in `medicines/`; classes whose members need no file of their own are in `classes.toml`.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import tomli

from knowledge.facts import Order, Use
from knowledge.fault import fail, only_keys, text_of, texts_of
from knowledge.near_names import NearNames

_WORD = re.compile(r"[^\W_]+")
_LONGEST_NAME = 4  # words
_UNSEEN = frozenset(["Mn", "Cf"])  # accents on their own; soft hyphens, zero-width spaces and marks of direction


def words(text: str) -> tuple[str, ...]:
    """Lower-case words without accents, or characters that nobody sees: the form names are compared in."""
    if text.isascii():
        return tuple(_WORD.findall(text.lower()))
    plain = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    return tuple(_WORD.findall("".join(c for c in plain if unicodedata.category(c) not in _UNSEEN)))


@dataclass(frozen=True, slots=True)
class Equivalence:
    """mg of a medicine that tables hold equal to 10 mg oral diazepam: the smallest and the largest value found."""

    lowest: Decimal
    highest: Decimal

    def in_diazepam(self, low: Decimal, high: Decimal) -> tuple[Decimal, Decimal]:
        """A daily dose in mg as mg diazepam a day: the low end by the largest value, the high end by the smallest."""
        return 10 * low / self.highest, 10 * high / self.lowest


@dataclass(frozen=True, slots=True)
class Medicine:
    id: str
    classes: frozenset[str]
    names: Mapping[str, str]  # by language
    equivalence: Equivalence | None = None
    defined_dose: Decimal | None = None  # WHO's DDD by mouth, in mg
    largest: Decimal | None = None  # mg in the strongest tablet or capsule that is known


@dataclass(frozen=True, slots=True)
class Hit:
    """A code that names a medicine; `mg_per_unit` where the code is a product with one known strength."""

    medicine: str
    mg_per_unit: Decimal | None = None
    form: str | None = None


@dataclass(slots=True)
class Medicines:
    """All medicines, found by id, code or name."""

    by_id: dict[str, Medicine] = field(default_factory=dict)
    by_code: dict[tuple[str, str], Hit] = field(default_factory=dict)
    by_name: dict[tuple[str, ...], str] = field(default_factory=dict)
    prefixes: list[tuple[str, str, frozenset[str], str]] = field(default_factory=list)
    other_beside: dict[str, frozenset[str]] = field(default_factory=dict)  # words that make its name another product's
    lookalikes: frozenset[tuple[str, str]] = frozenset()  # codes of products that hold one of them for something else
    with_atc: frozenset[str] = frozenset()  # whose own ATC codes are all known
    near_names: NearNames = field(default_factory=lambda: NearNames((), ()))

    def is_any(self, medicine: str, classes: Iterable[str]) -> bool:
        """Whether the medicine is one of these, or in one of these classes."""
        known = self.by_id.get(medicine)
        return medicine in classes or bool(known and known.classes.intersection(classes))

    def plausible_in_a_day(self, medicine: str) -> tuple[Decimal, Decimal] | None:
        """mg a day between which a dose can be meant: up to 50 times WHO's DDD by mouth (or 60 of the strongest tablets),
        and of a BZRA from a 200th of the DDD. Outside, grams or micrograms were written for milligrams. None where
        neither DDD nor strength is known."""
        known = self.by_id.get(medicine)
        if known is None or not (known.defined_dose or known.largest):
            return None
        usual = known.defined_dose or Decimal(0)
        most = max(50 * usual, 60 * (known.largest or Decimal(0)))
        return (usual / 200 if "bzra" in known.classes else Decimal(0)), most

    def of_code(self, system: str, code: str) -> Hit | None:
        """The medicine a code stands for; `system` is a short name of codes/systems.toml."""
        if system == "atc":
            code = code.upper()
        hit = self.by_code.get((system, code))
        if hit:
            return hit
        for prefix_system, prefix, but_not, medicine in self.prefixes:
            if system == prefix_system and code.startswith(prefix) and not code.startswith(tuple(but_not) or "\0"):
                return Hit(medicine)
        return None

    def in_text(self, text: str) -> frozenset[str]:
        """Every medicine whose name or brand stands in the text as whole words; the longest name wins."""
        said = words(text)
        found: set[str] = set()
        taken: set[int] = set()
        for length in range(_LONGEST_NAME, 0, -1):
            for start in range(len(said) - length + 1):
                medicine = self.by_name.get(said[start : start + length])
                if medicine and not taken.intersection(range(start, start + length)):
                    found.add(medicine)
                    taken.update(range(start, start + length))
        return frozenset(name for name in found if self.other_beside.get(name, frozenset()).isdisjoint(said))

    def diazepam_equivalent(self, items: Iterable[Order | Use]) -> tuple[Decimal, Decimal | None]:
        """What these orders and uses add up to in mg oral diazepam a day: low, and high or None where it is open."""
        low, high = Decimal(0), Decimal(0)
        is_open = False
        for item in items:
            daily, known = item.dosage.daily, self.by_id.get(item.medicine)
            if known is None or "bzra" not in known.classes:
                continue
            if daily is None or daily.unit != "mg" or known.equivalence is None:
                is_open = True
                continue
            item_low, item_high = known.equivalence.in_diazepam(daily.low, daily.high)
            low, high = low + item_low, high + item_high
        return low, None if is_open else high


def read_medicines(folder: Path) -> Medicines:
    """Load every file of `medicines/`. Raises KnowledgeFault where a file is not of the form."""
    medicines = Medicines()
    for path in sorted(folder.glob("*.toml")):
        if path.stem in ("classes", "sources", "lookalikes"):
            continue
        with path.open("rb") as file:
            _add(medicines, tomli.load(file), f"medicines/{path.name}")
    if (folder / "classes.toml").exists():
        with (folder / "classes.toml").open("rb") as file:
            _add_classes(medicines, tomli.load(file), "medicines/classes.toml")
    if (folder / "class_codes.csv").exists():
        with (folder / "class_codes.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                medicines.by_code.setdefault((row["system"], row["code"]), Hit(row["class"]))
    _add_lookalikes(medicines, folder / "lookalikes.toml")
    return medicines


def _add_lookalikes(medicines: Medicines, path: Path) -> None:
    """What is near a medicine by name or ingredient, and is none."""
    with path.open("rb") as file:
        table = tomli.load(file)
    where = f"medicines/{path.name}"
    only_keys(table, ("name", "code", "combination"), where)
    codes = _tables(table, "code", where)
    others = [words(text_of(row, "name", where)) for row in _tables(table, "name", where)]
    medicines.lookalikes = frozenset((text_of(row, "system", where), text_of(row, "code", where)) for row in codes)
    medicines.with_atc = frozenset(hit.medicine for (system, _), hit in medicines.by_code.items() if system == "atc")
    for row in _tables(table, "combination", where):
        beside = frozenset(word for name in texts_of(row, "with", where) for word in words(name))
        medicines.other_beside[text_of(row, "of", where)] = beside
    medicines.near_names = NearNames(medicines.by_name, others)


_KEYS = ("id", "classes", "never_convert", "names", "brand", "code", "equivalence", "half_life", "ddd", "strength")


def _add(medicines: Medicines, table: Mapping[str, object], where: str) -> None:
    only_keys(table, (*_KEYS, "note"), where)
    medicine = text_of(table, "id", where)
    names = table.get("names")
    if not isinstance(names, Mapping):
        fail(where, "[names] is missing.", "Give the name in nl, fr, en and de.")
    equivalence = _equivalence(table.get("equivalence"), where) if not table.get("never_convert") else None
    shown = _names(names, where)
    classes = frozenset(texts_of(table, "classes", where))
    strengths = [Decimal(mg) for row in _tables(table, "strength", where) for mg in texts_of(row, "mg", where)]
    largest = max(strengths, default=None)
    medicines.by_id[medicine] = Medicine(medicine, classes, shown, equivalence, _defined_dose(table, where), largest)
    brands = [text_of(brand, "name", where) for brand in _tables(table, "brand", where)]
    for name in (medicine.replace("-", " "), *shown.values(), *texts_of(names, "also", where), *brands):
        other = medicines.by_name.setdefault(words(name), medicine)
        if other != medicine:
            fail(where, f'the name "{name}" also belongs to {other}.', "A name that fits two medicines names neither.")
    for code in _tables(table, "code", where):
        if code.get("status") == "verified":
            mg, form = code.get("mg_per_unit"), code.get("form")
            hit = Hit(medicine, Decimal(str(mg)) if mg else None, str(form) if form else None)
            medicines.by_code[text_of(code, "system", where), text_of(code, "code", where)] = hit


def _equivalence(table: object, where: str) -> Equivalence | None:
    if table is None:
        return None
    if not isinstance(table, Mapping):
        fail(where, "[equivalence] is not a table.", 'Write lowest = "0.5" and highest = "1".')
    if "why_never" in table:
        return None
    return Equivalence(Decimal(text_of(table, "lowest", where)), Decimal(text_of(table, "highest", where)))


def _defined_dose(table: Mapping[str, object], where: str) -> Decimal | None:
    oral = [row for row in _tables(table, "ddd", where) if row.get("route") == "oral" and row.get("unit") == "mg"]
    return Decimal(text_of(oral[0], "value", where)) if oral else None


def _tables(table: Mapping[str, object], key: str, where: str) -> list[Mapping[str, object]]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
        fail(where, f"[[{key}]] is not a list of tables.", f"Write [[{key}]] above each.")
    return value


def _add_classes(medicines: Medicines, table: Mapping[str, object], where: str) -> None:
    """Members of a class by name, by code and by prefix; a prefix gives a medicine that is known as a class only."""
    only_keys(table, ("class", "ingredient", "group"), where)
    for group in _tables(table, "group", where):
        name = text_of(group, "name", where)
        medicines.by_id[name] = Medicine(name, frozenset({name}), _names(group, where))
    for row in _tables(table, "ingredient", where):
        medicine = text_of(row, "en", where).lower().replace(" ", "-")
        names = _names(row, where)
        medicines.by_id.setdefault(medicine, Medicine(medicine, frozenset({text_of(row, "class", where)}), names))
        for name in (*names.values(), *texts_of(row, "also", where), *texts_of(row, "brands", where)):
            medicines.by_name.setdefault(words(name), medicine)
    for row in _tables(table, "class", where):
        name, system = text_of(row, "name", where), text_of(row, "system", where)
        if "prefix" in row:
            but_not = frozenset(texts_of(row, "except", where))
            medicines.prefixes.append((system, text_of(row, "prefix", where), but_not, name))
        else:
            member = text_of(row, "label", where).lower().replace(" ", "-")
            known = medicines.by_id.get(member)
            hit = Hit(member if known and name in known.classes else name)
            medicines.by_code.setdefault((system, text_of(row, "code", where)), hit)


def _names(table: Mapping[str, object], where: str) -> dict[str, str]:
    return {language: text_of(table, language, where) for language in ("nl", "fr", "en", "de")}
