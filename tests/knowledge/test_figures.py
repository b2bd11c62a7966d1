import pytest

from knowledge.figures import read_figure, stands_in


@pytest.mark.parametrize(
    ("figure", "passage"),
    [
        ("80 mg", "ten hoogste 80 mg per dag"),
        ("80 mg", "80mg"),
        ("0.5-1 mg", "clonazepam 0,5-1 mg a.n."),
        ("10-15 mg", "met 10 tot 15 mg verlagen"),
        ("OR 1.82", "odds ratio = 1,82"),
        ("p=0.023", "(p = 0,023)"),
        ("p<0.006", "p < .006"),
        ("200000 people", "ongeveer 200  duizend mensen"),
        ("200000 people", "about 200,000 people"),
        ("1.4 million users", "1,4 miljoen gebruikers"),
        ("12 months", "gedurende twaalf maan-\nden"),
        ("1 year", "na een jaar"),
        ("1/2 of patients", "ongeveer de helft van hen"),
        ("68 years", "een 68-jarige man"),
        ("06-12-2019", "van 06-12-\n2019"),
        ("2D", "een zwakke aanbeveling (2D)."),
        ("50 microgram/1 ml", "50 microgram/1 ml"),
        ("before 15.00 h", "vóór 15.00 uur"),
        ("0 studies", "geen studies"),
        ("95% CI 2.3-14.2", "(95% CI 2,3-14,2)"),
    ],
)
def test_a_figure_is_found_however_the_document_writes_it(figure: str, passage: str) -> None:
    assert stands_in(figure, passage)


@pytest.mark.parametrize(
    ("figure", "passage"),
    [
        ("80 mg", "800 mg"),
        ("80 mg", "180 mg"),
        ("80 mg", "80 ml"),
        ("80 mg", "80 koppen"),
        ("10-15 mg", "10 mg en 15 mg"),
        ("1.82", "18,2"),
        ("1 year", "een kop thee"),
        ("6", "zesde"),
        ("12-07-2024", "12-07-2023"),
        ("4 weeks", "4-6 weken"),
        ("1 ml", "1,5 ml"),
    ],
)
def test_a_figure_that_only_looks_alike_is_not_found(figure: str, passage: str) -> None:
    assert not stands_in(figure, passage)


@pytest.mark.parametrize(
    ("sign", "passage"),
    [
        (">", "doses hoger dan 80 mg"),
        (">", "als het hoger is dan 80 mg"),
        (">", "ruim 80 mg"),
        (">=", "80 mg of meer"),
        (">=", "vanaf een dosis van 80 mg"),
        (">=", "≥ 80 mg"),
        ("<", "minder dan 80 mg"),
        ("<=", "maximaal 80 mg"),
        ("<=", "niet meer dan 80 mg"),
        ("", "zowat 80 mg"),
    ],
)
def test_a_limit_stands_only_where_the_passage_says_the_same_kind_of_limit(sign: str, passage: str) -> None:
    held = {other for other in (">", ">=", "<", "<=") if stands_in(f"{other}80 mg", passage)}

    assert held == ({sign} if sign else set())
    assert stands_in("80 mg", passage)


def test_a_limit_is_not_borrowed_from_the_number_before() -> None:
    assert not stands_in(">15 min", "hoger dan 85%, dan 15 minuten erbij")


@pytest.mark.parametrize(("figure", "words"), [("a few months", "holds no number"), ("200,000 people", "has a comma")])
def test_a_figure_that_cannot_be_compared_is_refused_with_what_to_write(figure: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read_figure(figure)
