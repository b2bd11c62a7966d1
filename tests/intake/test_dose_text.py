"""Dosage texts in four languages: what is understood, and what is refused."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.intake.dosage import read_dosages, read_phases
from app.intake.sig.words import PHRASES
from app.intake.strength import Strength
from knowledge.facts import Amount, Certainty, Dosage


def of_text(text: str, strength: Strength | None = None) -> Dosage:
    return read_dosages([{"text": text}], strength)


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        # Dutch
        ("10 mg 2x/dag", 20, 20, "mg"),
        ("0,5 mg 's avonds", "0.5", "0.5", "mg"),
        ("3 maal daags 1 tablet bij de maaltijd", 3, 3, "tablet"),
        ("3 keer per dag 1 tablet van 10 mg", 30, 30, "mg"),
        ("2 dd 1", 2, 2, "unit"),
        ("3dd1t", 3, 3, "tablet"),
        ("4 x daags 5 tot 10 mg", 20, 40, "mg"),
        ("een halve tablet per dag", "0.5", "0.5", "tablet"),
        ("halve tablet voor de nacht", "0.5", "0.5", "tablet"),
        ("1 tabl v.d.n.", 1, 1, "tablet"),
        ("1 tot 2 tabletten voor het slapengaan", 1, 2, "tablet"),
        ("½ tablet 's ochtends en 1½ tablet voor het slapen", 2, 2, "tablet"),
        ("'s ochtends 1 en 's avonds 2 tabletten", 3, 3, "tablet"),
        ("om de dag 1 tablet", "0.5", "0.5", "tablet"),
        ("om de 8 uur 1 tablet", 3, 3, "tablet"),
        ("om de 12u 1 tablet", 2, 2, "tablet"),
        ("elke dag om 08:00, 14:00 en 20:00 1 stuk", 3, 3, "piece"),
        ("1 maal per 2 dagen 1 à 2 stuks", "0.5", 1, "piece"),
        ("60 mg per dag verdeeld over 3 doses", 60, 60, "mg"),
        ("diazepam 5 mg 1 tablet 's avonds", 5, 5, "mg"),
        ("temazepam 20mg capsule 1 voor de nacht", 20, 20, "mg"),
        ("R/ Lorazepam 2,5mg dt 30 S/ 1 tablet voor de nacht", 1, 1, "tablet"),
        ("1 tablet 's ochtends of 's avonds", 1, 1, "tablet"),
        # French
        ("1 co matin et soir", 2, 2, "tablet"),
        ("1 cp le soir au coucher", 1, 1, "tablet"),
        ("1 comprimé matin, midi et soir", 3, 3, "tablet"),
        ("un comprimé et demi le soir", "1.5", "1.5", "tablet"),
        ("un demi-comprimé au coucher", "0.5", "0.5", "tablet"),
        ("3/4 cpr par jour (trois-quart de comprimé)", "0.75", "0.75", "tablet"),
        ("2 comprimés de 5 mg le soir", 10, 10, "mg"),
        ("1 comprimé toutes les 6 à 8 heures", 3, 4, "tablet"),
        ("30 mg par jour en 3 prises", 30, 30, "mg"),
        ("10 gouttes le soir", 10, 10, "drop"),
        ("1 comprimé un jour sur deux", "0.5", "0.5", "tablet"),
        ("1 matin 1 midi 2 soir", 4, 4, "unit"),
        # German
        ("1-0-1-0", 2, 2, "unit"),
        ("0-0-1", 1, 1, "unit"),
        ("1 - 0 - ½", "1.5", "1.5", "unit"),
        ("0,5-0-0,5 mg", 1, 1, "mg"),
        ("anderthalb Tabletten abends", "1.5", "1.5", "tablet"),
        ("3x tägl. 1 Tbl.", 3, 3, "tablet"),
        ("dreimal täglich 1 Tablette", 3, 3, "tablet"),
        ("alle 8 Stunden 1 Tablette", 3, 3, "tablet"),
        ("2 Tabletten am Morgen und 1 am Abend", 3, 3, "tablet"),
        ("Jeden 2. Tag 1 Stück um 08:00 Uhr und 1 Stück um 20:00 Uhr", 1, 1, "piece"),
        ("Montags und Freitags 2 Stück", Decimal(4) / 7, Decimal(4) / 7, "piece"),
        ("Montags und Donnerstags 1-0-1-0", Decimal(4) / 7, Decimal(4) / 7, "unit"),
        ("jeden 2. Tag 1-0-1-0", 1, 1, "unit"),
        ("alle 2 Wochen Montags 1 Stück", Decimal(1) / 14, Decimal(1) / 14, "piece"),
        # English
        ("Take 1 tablet (10 mg) by mouth 3 (three) times daily.", 30, 30, "mg"),
        ("take one and a half tablets at night", "1.5", "1.5", "tablet"),
        ("TAKE ONE 3 TIMES/DAY", 3, 3, "unit"),
        ("1 6-hourly for 5 days", 4, 4, "unit"),
        ("10mg mane 20mg nocte", 30, 30, "mg"),
        ("1 tab PO TID", 3, 3, "tablet"),
        ("500mg IV q6h x 3 days", 2000, 2000, "mg"),
        ("One 5ml spoonful to be taken every SIX hours", 20, 20, "mL"),
        ("Take 10mg (Four Tablets) Weekly on a Wednesday", Decimal(10) / 7, Decimal(10) / 7, "mg"),
        ("15 tablets. One tablet to be taken three times a day", 3, 3, "tablet"),
        ("use two sprays in each nostril twice a day", 8, 8, "spray"),
        ("Take Two Tablets Every 4-6 Hours Up To A Maximum Of 8 Tablets in 24 Hours.", 8, 8, "tablet"),
        ("1 tablet every night", 1, 1, "tablet"),
        ("1.8 mg (0.3 ml) Daily By Subcutaneous Injection", "1.8", "1.8", "mg"),
    ],
)
def test_a_text_that_is_understood_is_likely(
    text: str, low: str | int | Decimal, high: str | int | Decimal, unit: str
) -> None:
    daily = of_text(text).daily

    assert daily is not None
    assert daily.low == pytest.approx(Decimal(low))
    assert daily.high == pytest.approx(Decimal(high))
    assert (daily.unit, daily.certainty, daily.basis) == (unit, Certainty.LIKELY, "text")


@pytest.mark.parametrize(
    "text",
    [
        "volgens schema",
        "afbouwschema",
        "selon schéma",
        "take as directed",
        "1 tablet per dag, afbouwen met 5 mg per week",
        "Start 5 mg daily, increase by 5 mg every week",
        "commencer par 5 mg par jour et augmenter de 5 mg tous les 3 jours",
        "1 tablet daily except on Wednesday",
        "1 Tablette täglich außer sonntags",
        "1 tablet daily on weekdays",
        "1 tablet per dag, 's ochtends en 's avonds",
        "1 tablet 's ochtends, niet 's avonds",
        "1 tablet 's avonds indien nodig een tweede",
        "3x per dag 1 tablet bij spierkramp",
        "1 tableta cada 8 horas",
        "1 compressa al giorno",
        "2 tabletek dziennie",
        "10-10-20",
        "10 mg 10-0-10",
        "3 dd 10",
        "2 dd 2,5",
        "1.000 mg per dag",
        "5 mg/kg per day",
        "1250 mg/m² daily",
        "0.2 ml/h",
        "50 x 40 mg every other day",
        "stop 1 tablet per dag",
        "1 tablet bid or tid",
        "1 tablet daily, 2 tablets daily",
        "10 mg (30 mg total) 4 times a day",
        "honderd 5 mg per dag",
        "take 1 tablet twice",
        "alle 8 Stunden 1-0-1",
        "3 x täglich 1-0-1",
        "1 tablet now and 1 tablet at bedtime",
        "¡¢£¤¥¦§¨©ª«¬",
        "1 tablet per dag " * 50,
    ],
)
def test_a_text_that_may_mean_something_else_is_refused(text: str) -> None:
    dosage = of_text(text)

    assert dosage.daily is None
    assert dosage.why == "text-not-understood"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1 tablet", "no-frequency"),
        ("3 maal per dag", "no-dose"),
        ("max 40 mg per dag", "no-dose"),
        ("jusqu'à 3 comprimés par jour", "no-dose"),
        ("tot 3 tabletten per dag", "no-dose"),
        ("bis zu 3 Tabletten täglich", "no-dose"),
        ("1-2 tablets up to three times a day", "no-frequency"),
    ],
)
def test_a_text_without_an_amount_or_a_frequency_says_which(text: str, why: str) -> None:
    assert of_text(text).why == why


@pytest.mark.parametrize(
    ("text", "ceiling", "unit"),
    [
        ("zo nodig 1 tablet voor de nacht", 1, "tablet"),
        ("1 à 2 tabletten zo nodig, max 4 per dag", 4, "tablet"),
        ("indien nodig 1 tablet bij onrust, maximaal 3x per dag", 3, "tablet"),
        ("4dd 1-2 tabl zn", 8, "tablet"),
        ("1 comprimé le soir si besoin", 1, "tablet"),
        ("1 cp toutes les 4 à 6 h si douleur max 6/j", 6, "tablet"),
        ("bei Bedarf 1 Tablette, max. 3 pro Tag", 3, "tablet"),
        ("take 1-2 tablets every 6 hours as needed", 8, "tablet"),
        ("0.5 mg up to three times daily as needed.", "1.5", "mg"),
        ("1gram Four times daily if required for pain relief. Max dose of 4 gram in 24 hours.", 4000, "mg"),
        ("If nausea is not relieved, take 1 tablet three times per day", 3, "tablet"),
    ],
)
def test_as_needed_in_a_text_is_a_ceiling_and_no_intake(text: str, ceiling: object, unit: str) -> None:
    dosage = of_text(text)

    assert dosage.daily is None
    assert dosage.as_needed
    assert dosage.ceiling == Amount(Decimal(str(ceiling)), unit)


def test_zo_nodig_alone_is_as_needed_without_a_ceiling() -> None:
    dosage = of_text("zo nodig")

    assert dosage.as_needed
    assert dosage.ceiling is None


def test_a_fixed_part_and_an_as_needed_part_of_a_text_stay_apart() -> None:
    dosage = of_text("3 maal per dag 1 stuk en bij pijn 1 stuk 's avonds")

    assert dosage.daily is not None
    assert dosage.daily.high == 3
    assert dosage.ceiling == Amount(Decimal(4), "piece")


@pytest.mark.parametrize("text", ["2mg stat", "eenmalig 1 tablet", "1 tablet 1 uur voor de ingreep", "1 mg before MRI"])
def test_a_single_dose_is_no_daily_dose(text: str) -> None:
    dosage = of_text(text)

    assert dosage.once
    assert dosage.daily is None


def test_steps_in_a_text_become_a_timeline() -> None:
    text = "eerst gedurende 2 weken 1 maal per dag 3 tabletten, dan gedurende 6 dagen 1 maal per dag 1 tablet"

    phases = read_phases([{"text": text}], Strength(mg_per_unit=Decimal(5)))

    assert [phase.days for phase in phases] == [14, 6]
    assert [phase.dosage.daily.high for phase in phases if phase.dosage.daily] == [Decimal(15), Decimal(5)]


def test_days_in_a_text_become_a_timeline() -> None:
    text = (
        "Day 1: 300 mg with the evening meal; Day 2: 600 mg with the evening meal; Days 3 through 14: 900 mg at bedtime"
    )

    phases = read_phases([{"text": text}], None)

    assert [phase.days for phase in phases] == [1, 1, 12]
    assert [phase.dosage.daily.high for phase in phases if phase.dosage.daily] == [
        Decimal(300),
        Decimal(600),
        Decimal(900),
    ]


def test_a_text_whose_steps_have_no_length_leaves_no_dose() -> None:
    assert of_text("10 mg per dag, dan 5 mg per dag").why == "sequence-without-bounds"


def test_a_dose_told_twice_must_agree_with_the_strength_of_the_product() -> None:
    text = "Take 1 tablet (20 mg) daily"

    assert of_text(text, Strength(mg_per_unit=Decimal(20))).daily is not None
    assert of_text(text, Strength(mg_per_unit=Decimal(10))).conflict


WORDS = sorted({" ".join(phrase) for rows in PHRASES.values() for phrase, _, _ in rows})


WORDS_AND_NUMBERS = [*WORDS, *["0", "1", "2", "½", "0,5", "10", "08:00", "1-0-1", "(", ")", ",", ".", ";", "-", "/"]]


@given(st.one_of(st.text(), st.lists(st.sampled_from(WORDS_AND_NUMBERS)).map(" ".join)))
def test_no_text_is_too_strange_to_read(text: str) -> None:
    daily = of_text(text).daily

    assert daily is None or (0 < daily.low <= daily.high and daily.certainty is Certainty.LIKELY)
