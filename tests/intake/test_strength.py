"""How many mg a product holds, from its label."""

from decimal import Decimal

import pytest

from app.intake.strength import Strength, read_strength


@pytest.mark.parametrize(
    ("label", "mg"),
    [
        ("LORAZEPAM TABLET 2,5MG", "2.5"),
        ("baclofen 10 MG Oral Tablet", "10"),
        ("ALPRAZOLAM TABLET 250microgram", "0.25"),
        ("Levothyroxine 75 µg", "0.075"),
        ("zopiclon 7,5 mg filmomhulde tabletten, 30 stuks", "7.5"),
        ("24 HR alprazolam 0.5 MG Extended Release Oral Tablet", "0.5"),
        ("Lioresal 10mg (baclofen 10 mg)", "10"),
        ("NITROLINGUAL SPRAY 0,4MG/DO FLAC 250DO", "0.4"),
        ("paracetamol 1 g bruistablet", "1000"),
    ],
)
def test_a_label_tells_mg_per_unit(label: str, mg: str) -> None:
    assert read_strength(label) == Strength(mg_per_unit=Decimal(mg))


@pytest.mark.parametrize(
    ("label", "mg"),
    [
        ("10mg/5ml", "2"),
        ("clonazepam 0,5 mg/ml druppels", "0.5"),
        ("Rivotril druppels 2,5 mg/ml 10 ml", "2.5"),
        ("50micrograms/1ml", "0.05"),
        ("baclofen 5 mg per 5 ml oral solution", "1"),
        ("2 ML diazepam 5 MG/ML Injection", "5"),
    ],
)
def test_a_label_tells_mg_per_ml(label: str, mg: str) -> None:
    assert read_strength(label) == Strength(mg_per_ml=Decimal(mg))


def test_a_label_with_an_equals_sign_tells_both() -> None:
    assert read_strength("DIAZEPAM RECTIOLE 5MG=2,5ML (2MG/ML)") == Strength(Decimal(5), Decimal(2))


@pytest.mark.parametrize(
    "label",
    [
        "ACETYLSALICYLZUUR/PARACETAMOL/COF TAB 250/250/50MG",
        "amitriptyline 10 MG / perphenazine 10 MG Oral Tablet",
        "amitriptyline 25 mg + chlordiazepoxide 10 mg",
        "30/150UG",
        "Reaptan 10 mg/10 mg",
        "fentanyl 25mcg/hour patch",
        "AFFUSINE CREME 20MG/G",
        "Chlorhexidine 0.2% mouthwash",
        "paracetamol 1.000 mg",
        "baclofen",
        "",
        "10 mg " * 100,
        None,
        10,
        ["baclofen 10 mg"],
    ],
)
def test_a_label_that_tells_no_single_strength_tells_none(label: object) -> None:
    assert read_strength(label) is None
