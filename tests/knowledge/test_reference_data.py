"""The medicines, code lists and words hold together, whoever edited them last."""

import csv
import re
import tomllib
import unicodedata
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.given import given

ROOT = Path(__file__).parents[2]
MEDICINES = ROOT / "knowledge" / "medicines"
CODES = ROOT / "knowledge" / "codes"

NOT_MEDICINES = {"sources", "classes", "lookalikes"}
LANGUAGES = ("nl", "fr", "en", "de")
HELPERS = {
    "other-baclofen-reason",
    "unclear",
    "negation",
    "family",
    "history",
    "remission",
    "suspected",
    "removal",
    "degree",
}
CLASSES = {
    *("bzra", "benzodiazepine", "z-drug", "hypnotic"),
    *("baclofen", "alcohol-medicine", "opioid", "sedative", "gabapentinoid"),
}
NEVER_CONVERTED = {"clotiazepam", "cloxazolam", "ethyl-loflazepate", "tetrazepam", "zaleplon"}
LICENSED_ELSEWHERE = {"cpt", "dsm4", "dsm5", "gpk", "hpk", "prk", "zi", "ssk"}
HEADER = ["system", "code", "match", "state", "label", "status", "found_at"]

Table = dict[str, Any]
Row = dict[str, str]


def read_toml(path: Path) -> Table:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def read_csv(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def plain(text: str) -> str:
    """A name as it is compared: lower case, no accents, every other sign a space."""
    folded = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe"))
    letters = "".join(sign for sign in folded if not unicodedata.combining(sign))
    return " ".join(re.sub(r"[^a-z0-9*]+", " ", letters).split())


MEDICINE_FILES = {
    path.stem: read_toml(path) for path in sorted(MEDICINES.glob("*.toml")) if path.stem not in NOT_MEDICINES
}
LISTS = {path.stem: read_csv(path) for path in sorted(CODES.glob("*.csv"))}
CONDITIONS = {name: rows for name, rows in LISTS.items() if name != "routes"}
SYSTEMS = read_toml(CODES / "systems.toml")
WORDS = read_toml(CODES / "words.toml")
SOURCES = read_toml(MEDICINES / "sources.toml")
CLASS_FILE = read_toml(MEDICINES / "classes.toml")
LOOKALIKES = read_toml(MEDICINES / "lookalikes.toml")
CLASS_CODES = read_csv(MEDICINES / "class_codes.csv")

each_medicine = pytest.mark.parametrize("medicine", MEDICINE_FILES.values(), ids=list(MEDICINE_FILES))
each_list = pytest.mark.parametrize("name", list(CONDITIONS))


def names_of(medicine: Table) -> list[str]:
    """Every name and brand of a medicine, each once however many countries sell it under that name."""
    names = medicine["names"]
    written = [*(names[language] for language in LANGUAGES), *names["also"]]
    return sorted({plain(name) for name in [*written, *(brand["name"] for brand in medicine["brand"])]})


# Verhoeff's check digit, as SNOMED CT uses it.
TURN = [
    "0123456789",
    "1234067895",
    "2340178956",
    "3401289567",
    "4012395678",
    "5987604321",
    "6598710432",
    "7659821043",
    "8765932104",
    "9876543210",
]
SHIFT = ["0123456789", "1576283094", "5803796142", "8916043527", "9453126870", "4286573901", "2793806415", "7046913258"]


def passes_verhoeff(number: str) -> bool:
    check = 0
    for place, digit in enumerate(reversed(number)):
        check = int(TURN[check][int(SHIFT[place % 8][int(digit)])])
    return check == 0


def snomed_codes() -> list[str]:
    in_lists = [row["code"] for rows in LISTS.values() for row in rows if row["system"] == "snomed"]
    in_medicines = [
        code["code"] for medicine in MEDICINE_FILES.values() for code in medicine["code"] if code["system"] == "snomed"
    ]
    return sorted({*in_lists, *in_medicines})


# --- codes


def test_every_snomed_id_passes_verhoeff() -> None:
    assert passes_verhoeff("22298006")
    assert not passes_verhoeff("22298007")
    assert [code for code in snomed_codes() if not passes_verhoeff(code)] == []


def test_no_snomed_id_of_a_national_extension_is_shipped() -> None:
    # The two digits before the check digit: 00 is a concept of the international edition, 10 of an extension.
    assert [code for code in snomed_codes() if not re.fullmatch(r"[1-9]\d{2,}00\d", code)] == []


def test_no_system_is_named_whose_licence_forbids_shipping_its_codes() -> None:
    used = {row["system"] for rows in LISTS.values() for row in rows}
    used |= {code["system"] for medicine in MEDICINE_FILES.values() for code in medicine["code"]}
    assert used & LICENSED_ELSEWHERE == set()


def test_every_system_has_a_short_name_and_no_address_leads_to_two() -> None:
    used = {row["system"] for rows in LISTS.values() for row in rows} | {row["system"] for row in CLASS_CODES}
    used |= {code["system"] for medicine in MEDICINE_FILES.values() for code in medicine["code"]}
    addresses = Counter(address for system in SYSTEMS.values() for address in [system["uri"], *system["aliases"]])
    assert used <= set(SYSTEMS)
    assert [address for address, times in addresses.items() if times > 1] == []
    assert {system["read_as"] for system in SYSTEMS.values() if "read_as" in system} <= set(SYSTEMS)


def test_who_and_us_editions_of_icd_10_are_never_read_as_each_other() -> None:
    assert "read_as" not in SYSTEMS["icd10"]
    assert "read_as" not in SYSTEMS["icd10cm"]
    remission = {(row["system"], row["code"]) for row in LISTS["alcohol-dependence"] if row["state"] == "remission"}
    assert ("icd10", "F10.20") in remission
    assert ("icd10cm", "F10.20") not in remission
    assert ("icd10cm", "F10.21") in remission


@each_list
def test_a_list_has_the_common_form(name: str) -> None:
    rows = CONDITIONS[name]
    with (CODES / f"{name}.csv").open(encoding="utf-8") as file:
        assert file.readline().strip().split(",") == HEADER
    assert rows
    assert {row["match"] for row in rows} <= {"exact", "prefix", "range"}
    assert {row["state"] for row in rows} <= {"", "remission", "history"}
    assert {row["status"] for row in rows} <= {"verified", "unverified"}
    assert [row["code"] for row in rows if not row["label"] or not row["found_at"]] == []


@each_list
def test_a_list_holds_a_code_once(name: str) -> None:
    codes = Counter((row["system"], row["code"].replace(".", "")) for row in CONDITIONS[name])
    assert [code for code, times in codes.items() if times > 1] == []


@each_list
def test_no_row_repeats_what_a_broader_row_says(name: str) -> None:
    broad = [row for row in CONDITIONS[name] if row["match"] == "prefix"]
    assert [
        (row["system"], row["code"])
        for row in CONDITIONS[name]
        for wide in broad
        if row is not wide and row["system"] == wide["system"] and row["state"] == wide["state"]
        if row["code"].startswith(wide["code"])
    ] == []


def test_no_code_is_active_in_one_list_and_in_remission_in_another() -> None:
    states: dict[tuple[str, str], set[str]] = {}
    for rows in CONDITIONS.values():
        for row in rows:
            states.setdefault((row["system"], row["code"]), set()).add(row["state"])
    assert [code for code, found in states.items() if len(found) > 1] == []


@each_list
def test_icd_codes_are_written_with_their_dot_and_in_capitals(name: str) -> None:
    icd = [row for row in CONDITIONS[name] if row["system"].startswith("icd10")]
    one = r"[A-Z]\d[0-9A-Z](\.[0-9A-Z]{1,4})?"
    for row in icd:
        shape = r"[A-Z]\d\d-[A-Z]\d\d" if row["match"] == "range" else one
        assert re.fullmatch(shape, row["code"]), row["code"]


def test_a_further_character_never_hides_remission_in_a_who_code_of_substance_use() -> None:
    # Read as a prefix, F10.2 would swallow F10.20 (abstinent) and, sent under the wrong address, the US F10.11.
    rows = [row for rows in CONDITIONS.values() for row in rows if row["system"] == "icd10"]
    substance = [row for row in rows if re.fullmatch(r"F1\d\.[12]", row["code"])]
    assert {row["match"] for row in substance} == {"exact"}


def test_each_route_has_codes_and_no_code_means_two_routes() -> None:
    routes = {row["route"] for row in LISTS["routes"]}
    codes = Counter((row["system"], row["code"]) for row in LISTS["routes"])
    assert {"oral", "intrathecal", "rectal", "buccal", "intravenous", "intramuscular", "subcutaneous"} <= routes
    assert [code for code, times in codes.items() if times > 1] == []


# --- words


def test_every_table_of_words_is_a_list_or_a_known_helper_in_four_languages() -> None:
    assert set(WORDS) <= set(LISTS) | HELPERS
    assert set(WORDS) >= HELPERS
    assert [name for name, table in WORDS.items() if tuple(table) != LANGUAGES] == []


@pytest.mark.parametrize("name", list(WORDS))
def test_words_stand_once_and_a_star_stands_at_the_end_of_a_word(name: str) -> None:
    for language, phrases in WORDS[name].items():
        assert [phrase for phrase, times in Counter(map(plain, phrases)).items() if times > 1] == [], language
        assert [phrase for phrase in phrases if re.search(r"\*\S|(^|\s)\*", phrase)] == [], language
        assert all(plain(phrase) for phrase in phrases), language


@pytest.mark.parametrize("word", ["craving", "ontwenning", "sevrage", "withdrawal", "entzug", "abstinentie"])
def test_words_that_fit_several_indications_never_mean_alcohol_by_themselves(word: str) -> None:
    stars = [phrase for table in WORDS["unclear"].values() for phrase in map(plain, table)]
    alcohol = [p for n in WORDS if n.startswith("alcohol") for table in WORDS[n].values() for p in map(plain, table)]
    assert any(word.startswith(star.removesuffix("*")) for star in stars)
    assert [phrase for phrase in alcohol if " " not in phrase and word.startswith(phrase.removesuffix("*"))] == []


# --- medicines


@each_medicine
def test_a_medicine_has_the_common_form(medicine: Table) -> None:
    assert MEDICINE_FILES[medicine["id"]] is medicine
    assert set(medicine["classes"]) <= CLASSES
    assert medicine["never_convert"] is (medicine["id"] in NEVER_CONVERTED)
    assert all(medicine["names"][language] for language in LANGUAGES)
    assert any(code["system"] == "atc" and code["status"] == "verified" for code in medicine["code"])
    for code in medicine["code"]:
        assert code["kind"] in {"ingredient", "product"}
        assert code["status"] in {"verified", "unverified"}
        assert ("mg_per_unit" in code) is ("form" in code)
        assert "mg_per_unit" not in code or Decimal(code["mg_per_unit"]) > 0


def test_no_code_names_two_medicines() -> None:
    owners: dict[tuple[str, str], list[str]] = {}
    for medicine in MEDICINE_FILES.values():
        for code in medicine["code"]:
            owners.setdefault((code["system"], code["code"]), []).append(medicine["id"])
    assert {code: ids for code, ids in owners.items() if len(ids) > 1} == {}


def test_no_name_or_brand_names_two_medicines() -> None:
    owners: dict[str, set[str]] = {}
    for medicine in MEDICINE_FILES.values():
        for name in names_of(medicine):
            owners.setdefault(name, set()).add(medicine["id"])
    for ingredient in CLASS_FILE["ingredient"]:
        written = [*(ingredient[language] for language in LANGUAGES), *ingredient["also"], *ingredient["brands"]]
        for name in map(plain, written):
            owners.setdefault(name, set()).add("class: " + ingredient["en"])
    assert {name: ids for name, ids in owners.items() if len(ids) > 1} == {}


def test_lookalikes_equal_no_name_and_their_codes_no_code() -> None:
    names = {name for medicine in MEDICINE_FILES.values() for name in names_of(medicine)}
    codes = {(code["system"], code["code"]) for medicine in MEDICINE_FILES.values() for code in medicine["code"]}
    assert [entry["name"] for entry in LOOKALIKES["name"] if plain(entry["name"]) in names] == []
    assert [entry for entry in LOOKALIKES["code"] if (entry["system"], entry["code"]) in codes] == []


@pytest.mark.parametrize(
    "name", ["clotiapine", "clozapine", "cloxacillin", "buspirone", "methylnaltrexone", "midodrine"]
)
def test_the_best_known_lookalikes_are_on_the_list(name: str) -> None:
    assert name in {entry["name"] for entry in LOOKALIKES["name"]}


@pytest.mark.parametrize(
    "medicine", [m for m in MEDICINE_FILES.values() if "equivalence" in m], ids=lambda m: str(m["id"])
)
def test_an_equivalence_is_the_span_of_the_tables_it_rests_on(medicine: Table) -> None:
    equivalence = medicine["equivalence"]
    tables = equivalence["table"]
    official = [table for table in tables if table["official"]]
    if medicine["never_convert"]:
        assert equivalence.keys() & {"lowest", "highest", "basis"} == set()
        return
    assert equivalence["basis"] == ("official tables" if len(official) > 1 else "all tables")
    used = official if equivalence["basis"] == "official tables" else tables
    values = [Decimal(mg) for table in used for mg in table["mg"]]
    assert Decimal(equivalence["lowest"]) == min(values)
    assert Decimal(equivalence["highest"]) == max(values)


def test_three_times_the_ddd_is_no_limit_for_clonazepam_and_midazolam() -> None:
    assert "ddd" not in MEDICINE_FILES["clonazepam"]
    assert "ddd" not in MEDICINE_FILES["midazolam"]


@each_medicine
def test_a_strength_is_a_number_of_mg_in_a_form_and_says_whether_it_was_verified(medicine: Table) -> None:
    for strength in medicine.get("strength", []):
        assert ("mg" in strength) is not ("mg_per_ml" in strength)
        assert all(Decimal(mg) > 0 for mg in strength.get("mg", [strength.get("mg_per_ml")]))
        assert strength["verified"] is not strength["source"].startswith("general knowledge")
        assert strength.get("divisible_into", 1) in {1, 2, 4}
        assert strength.get("divisible_into", 1) == 1 or "capsule" not in strength["form"]


def test_half_a_lioresal_25_mg_is_never_offered() -> None:
    whole = [s for s in MEDICINE_FILES["baclofen"]["strength"] if s["country"] == "BE" and s["mg"] == ["25"]]
    assert [strength["divisible_into"] for strength in whole] == [1]


def test_every_source_of_a_value_is_known() -> None:
    def known(source: str) -> bool:
        return any(source == key or source.startswith(f"{key} ") for key in SOURCES)

    named = [entry["source"] for entry in [*CLASS_FILE["class"], *CLASS_FILE["ingredient"]]]
    for medicine in MEDICINE_FILES.values():
        named += [entry["source"] for part in ("brand", "ddd", "strength") for entry in medicine.get(part, [])]
        named += [entry["source"] for entry in medicine.get("equivalence", {}).get("table", [])]
        named += [entry["source"] for entry in medicine.get("half_life", {}).get("value", [])]
    assert sorted({source for source in named if not known(source)}) == []
    assert [key for key, source in SOURCES.items() if set(source) != {"name", "year", "where", "authority"}] == []


def test_class_codes_are_of_known_classes_and_belong_to_no_medicine_with_its_own_file() -> None:
    own = {(code["system"], code["code"]) for medicine in MEDICINE_FILES.values() for code in medicine["code"]}
    assert {row["class"] for row in CLASS_CODES} <= CLASSES
    assert {entry["class"] for entry in CLASS_FILE["ingredient"]} <= CLASSES
    assert [row["code"] for row in CLASS_CODES if (row["system"], row["code"]) in own] == []
    assert max(Counter((row["system"], row["code"]) for row in CLASS_CODES).values()) == 1


def test_every_class_row_is_one_code_or_one_prefix_with_exceptions_inside_it() -> None:
    for entry in CLASS_FILE["class"]:
        assert entry["name"] in CLASSES
        assert ("code" in entry) is not ("prefix" in entry)
        assert all(code.startswith(entry["prefix"]) for code in entry.get("except", []))


# --- against the material the data were made from, where it stands beside this checkout


def test_every_medicine_of_the_terminology_has_a_file() -> None:
    rows = read_csv(given("terminology", "codes.csv"))
    only_by_class = {"opioid_ingredient", "bzra_other", "gabapentin", "pregabalin", "clomethiazole", "sodium_oxybate"}
    keys = {row["concept_key"] for row in rows if row["concept_kind"].startswith("drug-ingredient")} - only_by_class
    assert {key.replace("_", "-") for key in keys} == set(MEDICINE_FILES)


def test_the_atc_codes_of_bzra_without_a_file_stand_in_the_classes() -> None:
    rows = read_csv(given("terminology", "codes.csv"))
    other = {row["code"] for row in rows if row["concept_key"] == "bzra_other" and "atc" in row["system_uri"]}
    assert other == {entry["code"] for entry in CLASS_FILE["class"] if entry["name"] == "bzra" and "code" in entry}


def test_equivalences_half_lives_and_ddds_are_those_of_the_reference_data() -> None:
    yaml = pytest.importorskip("yaml")
    reference = yaml.safe_load(given("clinical", "reference_data.yaml").read_text(encoding="utf-8"))
    for drug in reference["drugs"]:
        medicine = MEDICINE_FILES[drug["drug"].replace(" ", "-")]
        theirs = {}
        for value in drug["diazepam_equivalence"]["values"]:
            amounts = value["mg"] if isinstance(value["mg"], list) else [value["mg"]]
            theirs[value["source"]] = [Decimal(str(amount)) for amount in amounts]
        ours = {table["source"]: [Decimal(mg) for mg in table["mg"]] for table in medicine["equivalence"]["table"]}
        assert ours == theirs, medicine["id"]
        hours = {source.replace("SEED", "PALING"): text for source, text in drug["half_life_h"]["by_source"].items()}
        assert {value["source"]: value["hours"] for value in medicine["half_life"]["value"]} == hours
        for ddd in medicine.get("ddd", []):
            assert Decimal(ddd["value"]) * 3 == Decimal(str(drug["three_ddd_mg"])), medicine["id"]
