"""Dosage texts as prescribers abbreviate them: what is understood, and what must not be read as a daily dose."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from app.intake.dosage import read_dosages
from app.intake.strength import Strength


@pytest.mark.parametrize(
    ("text", "daily", "unit"),
    [
        ("7.5mg ON", "15/2", "mg"),
        ("5mg OM and 10mg ON", 15, "mg"),
        ("10 mg an", 10, "mg"),
        ("1T VN", 1, "tablet"),
        ("3D1T", 3, "tablet"),
        ("2D1C", 2, "capsule"),
        ("Take 2mg am and 4mg pm", 6, "mg"),
        ("20 mg once a night", 20, "mg"),
        ("1 tablet per nacht", 1, "tablet"),
        ("8u: 1 tablet, 20u: 2 tabletten", 3, "tablet"),
        ("1 a 2 tabletten, 1x per dag", (1, 2), "tablet"),
        ("1 tablet tid, #90", 3, "tablet"),
        ("1 tablet three times a day. Dispense 90 tablets", 3, "tablet"),
        ("Take 1 tablet daily. Max 2 weeks", 1, "tablet"),
        ("1 Tbl. z.N.", 1, "tablet"),
        ("20-0-20-0 Tropfen", 40, "drop"),
        # parts of a tablet
        ("Take a quarter of a tablet at night", "1/4", "tablet"),
        ("¼ de comprimé au coucher", "1/4", "tablet"),
        ("la moitié d'un comprimé le soir", "1/2", "tablet"),
        ("die Hälfte einer Tablette abends", "1/2", "tablet"),
        ("eine dreiviertel Tablette zur Nacht", "3/4", "tablet"),
        ("zweieinhalb Tabletten abends", "5/2", "tablet"),
        ("Take 1 and 1/2 tablets nightly", "3/2", "tablet"),
        ("Take 1.5 (one and one-half) tablets nightly", "3/2", "tablet"),
        ("morgens eine, abends zwei Tabletten", 3, "tablet"),
        ("Take 0.5 tablets (0.25 mg total) by mouth 2 (two) times daily", "1/2", "mg"),
        ("1 cp 1/2 le soir", "3/2", "tablet"),
        ("1 + 1/2 cp le soir", "3/2", "tablet"),
        ("1 tablet om 8 uur, 14 uur en 20 uur", 3, "tablet"),
        # not every day
        ("1 tab alternate nights", "1/2", "tablet"),
        ("Take 1 tablet every 2nd night", "1/2", "tablet"),
        ("1 tablet 1 op 2 dagen", "1/2", "tablet"),
        ("1 comprimé 1 jour sur 2", "1/2", "tablet"),
        ("un comprimé un soir sur deux", "1/2", "tablet"),
        ("1 comprimé 2 jours sur 3", "2/3", "tablet"),
        ("Take 1 tablet 5 days a week", "5/7", "tablet"),
        ("One tablet Mon, Wed and Fri", "3/7", "tablet"),
        ("ma wo vr 1 tablet", "3/7", "tablet"),
        ("Mo, Mi, Fr je 1 Tablette", "3/7", "tablet"),
        ("1 tablet ma-vr", "5/7", "tablet"),
        ("1 comprimé du lundi au vendredi", "5/7", "tablet"),
        ("Take 1mg Mon-Fri and 2mg Sat-Sun", "9/7", "mg"),
        # divided
        ("20 mg/d in 2 Einzeldosen", 20, "mg"),
        ("3 comprimés par jour répartis en 3 prises", 3, "tablet"),
        ("3 tabletten verdeeld over de dag", 3, "tablet"),
    ],
)
def test_a_dose_in_shorthand_is_understood(text: str, daily: str | int | tuple[int, int], unit: str) -> None:
    told = read_dosages([{"text": text}], None).daily

    low, high = daily if isinstance(daily, tuple) else (daily, daily)
    assert told is not None
    assert float(told.low) == pytest.approx(float(Fraction(low)))
    assert float(told.high) == pytest.approx(float(Fraction(high)))
    assert told.unit == unit


@pytest.mark.parametrize(
    "text",
    [
        "1 Tablette b. Bed.",
        "1 Tbl zur Nacht b.B.",
        "1 Tbl. bei Bed.",
        "1 tab SOS",
        "1 tab as req",
        "en réserve 1 comprimé le soir",
    ],
)
def test_shorthand_for_when_needed_is_no_daily_dose(text: str) -> None:
    dosage = read_dosages([{"text": text}], None)

    assert dosage.daily is None
    assert dosage.as_needed


@pytest.mark.parametrize(
    "text",
    [
        "jede Woche um 2,5 mg reduzieren",
        "wekelijks 1/2 tablet afbouwen",
        "elke week 1 tablet minder",
        "1 tablet less each week",
        "take one every third",
        "1 tablet elke vierde dag",
    ],
)
def test_a_change_or_an_odd_day_is_not_read_as_a_dose(text: str) -> None:
    assert read_dosages([{"text": text}], None).daily is None


@pytest.mark.parametrize(
    ("today", "daily"), [(date(2026, 11, 2), 20), (date(2026, 11, 9), 10), (date(2026, 11, 14), 10)]
)
def test_weeks_told_by_number_are_seven_days_each(today: date, daily: int) -> None:
    text = "week 1: 2 tabletten per dag, week 2: 1 tablet per dag"

    dosage = read_dosages([{"text": text}], Strength(mg_per_unit=Decimal(10)), today=today, authored=date(2026, 11, 1))

    assert dosage.daily is not None
    assert dosage.daily.high == daily
