"""What a site adds: its products, codes and addresses; and the message for each line that cannot be used."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from knowledge.fault import KnowledgeFault
from knowledge.library import Library
from knowledge.site import read_site
from tests.intake.records import daily, dosage, facts, library, request, use_of

PRK = "urn:oid:2.16.840.1.113883.2.4.4.10"
TABLE = "system,code,ingredient,mg_per_unit,mg_per_ml,drops_per_ml,form,route\n"


def site(folder: Path, products: str = "", overlay: str = "") -> Library:
    paths = []
    for name, content in (("products.csv", products), ("codes.toml", overlay)):
        path = folder / name
        path.write_text(content, encoding="utf-8")
        paths.append(path if content else None)
    return read_site(library(), *paths)


def coded(code: str, system: str = PRK, **more: Any) -> dict[str, Any]:
    resource = request("a", authoredOn="2026-01-01", **more)
    return resource | {"medicationCodeableConcept": {"coding": [{"system": system, "code": code}]}}


def test_a_product_of_the_site_tells_medicine_and_strength(tmp_path: Path) -> None:
    using = site(tmp_path, TABLE + f"{PRK},353,oxazepam,10,,,TABLET,oral\n")
    tablets = [dosage(None, 3, doseAndRate=[{"doseQuantity": {"value": 1, "unit": "stuk"}}])]
    use = use_of(coded("353", dosageInstruction=tablets), using=using)
    assert (use.medicine, use.route, daily(use)) == ("oxazepam", "oral", (30, 30))


def test_drops_are_counted_where_the_site_knows_their_size(tmp_path: Path) -> None:
    using = site(tmp_path, TABLE + "urn:local,7,N03AE01,,2.5,25,DRANK,\n")
    drops = [dosage(None, 1, doseAndRate=[{"doseQuantity": {"value": 5, "unit": "druppels"}}])]
    use = use_of(coded("7", "urn:local", dosageInstruction=drops), using=using)
    assert (use.medicine, daily(use)) == ("clonazepam", (0.5, 0.5))


def test_a_product_of_another_medicine_is_known_and_no_gap(tmp_path: Path) -> None:
    using = site(tmp_path, TABLE + "urn:local,8,other,,,,,\n")
    assert facts(coded("8", "urn:local"), using=using).gaps == ()
    assert [gap.missing for gap in facts(coded("8", "urn:local")).gaps] == ["medicine-not-readable"]


def test_a_label_and_a_table_that_differ_leave_no_strength(tmp_path: Path) -> None:
    using = site(tmp_path, TABLE + "urn:local,9,oxazepam,10,,,,\n")
    concept = {"coding": [{"system": "urn:local", "code": "9"}], "text": "Oxazepam 50 mg"}
    tablets = [dosage(None, 1, doseAndRate=[{"doseQuantity": {"value": 1, "unit": "stuk"}}])]
    told = facts(coded("9", dosageInstruction=tablets) | {"medicationCodeableConcept": concept}, using=using)
    assert [gap.missing for gap in told.gaps] == ["strengths-disagree"]
    dose = told.uses[0].dosage.daily
    assert dose
    assert dose.unit != "mg"


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("code,ingredient\n", 'products.csv line 1: the column "system" is missing.'),
        (TABLE.replace("form", "shape"), 'products.csv line 1: "shape" is no column of this table.'),
        (TABLE + "urn:a,1,paracetamol,,,,,\n", 'products.csv line 2: the ingredient "paracetamol" is not known.'),
        (TABLE + "urn:a,,oxazepam,,,,,\n", "products.csv line 2: code is empty."),
        (TABLE + 'urn:a,1,oxazepam,"2,5",,,,\n', 'products.csv line 2: mg_per_unit "2,5" is no amount.'),
        (TABLE + "urn:a,1,oxazepam,NaN,,,,\n", 'products.csv line 2: mg_per_unit "NaN" is no amount.'),
        (TABLE + "urn:a,1,oxazepam,10,,,,by mouth\n", 'products.csv line 2: the route "by mouth" is not known.'),
        (TABLE + "urn:a,1,oxazepam\n", "products.csv line 2: has too many or too few fields."),
        (
            TABLE + "urn:a,1,oxazepam,10,,,,\nurn:a,1,oxazepam,50,,,,\n",
            "products.csv line 3: urn:a 1 stands there twice",
        ),
    ],
)
def test_a_line_that_cannot_be_used_is_named(tmp_path: Path, table: str, message: str) -> None:
    with pytest.raises(KnowledgeFault) as fault:
        site(tmp_path, table)
    assert str(fault.value).startswith(message)


def test_codes_are_added_and_taken_out_and_systems_get_more_addresses(tmp_path: Path) -> None:
    using = site(
        tmp_path,
        overlay="""
[alias]
icd10 = ["https://ehr.example/icd10-be"]

[[add]]
list = "insomnia"
system = "icd10"
code = "Z73.0"

[[remove]]
list = "insomnia"
system = "icd10"
code = "G47.0"

[[add]]
medicine = "oxazepam"
system = "https://cnk.apb.be/codings/cnk_product_codes"
code = "0123456"
""",
    )
    before, after = library().codes, using.codes
    assert after.system_of("https://ehr.example/icd10-be") == "icd10"
    assert {listed.name for listed in after.lists_of("icd10", "Z73.0")} == {"insomnia"}
    assert "insomnia" in {listed.name for listed in before.lists_of("icd10", "G47.0")}
    assert "insomnia" not in {listed.name for listed in after.lists_of("icd10", "G47.0")}
    assert before.lists_of("icd10", "Z73.0") == frozenset()
    assert use_of(coded("0123456", "https://cnk.apb.be/codings/cnk_product_codes"), using=using).medicine == "oxazepam"


@pytest.mark.parametrize(
    ("overlay", "message"),
    [
        ('[alias]\nicd = ["urn:x"]\n', "codes.toml: alias icd: is no short name of a code system."),
        (
            '[alias]\natc = ["http://snomed.info/sct"]\n',
            'codes.toml: alias atc: "http://snomed.info/sct" already stands',
        ),
        (
            '[[add]]\nlist = "nothing"\nsystem = "icd10"\ncode = "A"\n',
            'codes.toml: [[add]] 1: "nothing" is no code list.',
        ),
        (
            '[[add]]\nlist = "mri"\nsystem = "snomed"\ncode = "113091001"\n',
            "codes.toml: [[add]] 1: 113091001 fails the SNOMED",
        ),
        (
            '[[remove]]\nlist = "mri"\nsystem = "icd10"\ncode = "A00"\n',
            'codes.toml: [[remove]] 1: icd10 A00 is not in "mri".',
        ),
        ('[[add]]\nsystem = "icd10"\ncode = "A00"\n', "codes.toml: [[add]] 1: names no list and no medicine, or both."),
        ('[[add]]\nmedicine = "tea"\nsystem = "atc"\ncode = "A"\n', 'codes.toml: [[add]] 1: "tea" is no medicine.'),
        ("[[add]\n", "codes.toml: not TOML:"),
        ("[codes]\n", 'codes.toml: "codes" is not a word this table knows.'),
    ],
)
def test_an_entry_that_cannot_be_used_is_named(tmp_path: Path, overlay: str, message: str) -> None:
    with pytest.raises(KnowledgeFault) as fault:
        site(tmp_path, overlay=overlay)
    assert str(fault.value).startswith(message)


def test_the_version_says_which_site_files_judged(tmp_path: Path) -> None:
    one = site(tmp_path, TABLE + "urn:a,1,oxazepam,10,,,,\n")
    other = site(tmp_path, TABLE + "urn:a,1,oxazepam,50,,,,\n")
    assert one.version.startswith(f"{library().version}.site.")
    assert one.version != other.version
    assert one.products["urn:a", "1"].mg_per_unit == Decimal(10)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("urn:a,1,oxazepam,10,,,tablet,oral,3,", 'products.csv line 2: divisible_into "3" is no division.'),
        ("urn:a,1,oxazepam,10,,,tablet,oral,half,", 'products.csv line 2: divisible_into "half" is no division.'),
        ("urn:a,1,oxazepam,10,,,tablet,oral,10,", 'products.csv line 2: divisible_into "10" is no division.'),
        ("urn:a,1,diazepam,,2,,drank,oral,101,", 'products.csv line 2: divisible_into "101" is no division.'),
        ("urn:a,1,alprazolam,1,,,tablet,oral,,slow", 'products.csv line 2: the release "slow" is not known.'),
        (
            "urn:a,1,alprazolam,1,,,tablet,oral,2,modified",
            "products.csv line 2: what is released slowly is taken whole.",
        ),
    ],
)
def test_a_division_or_release_that_cannot_be_is_refused(tmp_path: Path, row: str, message: str) -> None:
    table = TABLE.replace("route\n", "route,divisible_into,release\n") + row + "\n"
    with pytest.raises(KnowledgeFault) as fault:
        site(tmp_path, table)
    assert message in str(fault.value)


def test_the_products_of_a_site_are_found_by_medicine(tmp_path: Path) -> None:
    table = TABLE.replace("route\n", "route,divisible_into,release\n")
    using = site(
        tmp_path, table + "urn:a,1,oxazepam,10,,,tablet,oral,2,Immediate\nurn:a,2,diazepam,,2,,drank,oral,10,\n"
    )
    (oxazepam,), (diazepam,) = using.stock["oxazepam"], using.stock["diazepam"]
    assert (oxazepam.divisible_into, oxazepam.release, diazepam.divisible_into) == (2, "immediate", 10)
