"""Runs of tokens that tell how often, how long and how much at most."""

from dataclasses import replace

from app.intake.quantity import DAYS_PER, Measured
from app.intake.sig.amounts import Run, first_of, spans_of
from app.intake.sig.tokens import EACH, NOUN, PER, TIMES, Token
from app.intake.sig.words import A_DAY
from app.intake.span import Span, exactly, over
from app.intake.units import BARE

# "50 x 40 mg" is a pack.
_MOST_IMPLIED = 8


def days_of(run: Run) -> Span:
    """The length of `N D`, or of a lone `D`, in days."""
    unit = first_of(run, "D")
    length = DAYS_PER[unit.word] if unit and unit.word else 1
    numbers = spans_of(run, "N")
    return (numbers[-1] if numbers else exactly(1)).times(length)


def per(times: Span, days: Span, word: str) -> list[Token] | None:
    if not days.low or not times.low:
        return None
    return [Token("F", Span(over(times.low, days.high), over(times.high, days.low)), word=word)]


def times_per(run: Run) -> list[Token] | None:
    """ "3 times a day", "once every 2 days", "1 maal per 2 dagen" """
    return per(spans_of(run, "N")[0], days_of([token for token in run[1:] if token.kind in "ND"]), TIMES)


def times_adverb(run: Run) -> list[Token] | None:
    """ "2 maal daags", "three times weekly" """
    adverb = spans_of(run, "F")[0]
    return [Token("F", spans_of(run, "N")[0] * adverb, word=TIMES)]


def every(run: Run) -> list[Token] | None:
    """ "every 6 hours", "elke dag"; a bare "u" is an hour here: "om de 6u" """
    if run[-1].kind == "u":
        return per(exactly(1), spans_of(run, "N")[0].times(DAYS_PER["h"]), EACH)
    return per(exactly(1), days_of(run[1:]), EACH)


def more_hours(run: Run) -> list[Token] | None:
    """ "at 8 hours, 14 hours and 20 hours": the hours after the first are times of day too, and no lengths."""
    if any(token.word != "h" for token in run if token.kind == "D"):
        return None
    clocks = [Token("K", word=str(hour.low)) for hour in spans_of(run, "N")]
    return [run[0], *(token for clock in clocks for token in (Token("&"), clock))]


def every_nth(run: Run) -> list[Token] | None:
    """ "every 2nd night" """
    return per(exactly(1), spans_of(run, "N")[0], EACH)


def so_many_of(run: Run) -> list[Token] | None:
    """ "1 jour sur 2", "2 dagen op 3", "1 op 2 dagen": on so many days out of so many."""
    numbers = spans_of(run, "N")
    some, of = (numbers[0] if len(numbers) == 2 else exactly(1)), numbers[-1]
    unit = first_of(run, "D")
    if (unit is not None and unit.word != "d") or some.high > of.low:
        return None
    return per(some, of, TIMES)


def days_in(run: Run) -> list[Token] | None:
    """ "5 days a week" """
    days, of = [DAYS_PER[token.word] for token in run if token.kind == "D" and token.word]
    number = spans_of(run, "N")[0]
    return per(number, exactly(of), TIMES) if days == 1 and number.high <= of else None


def in_doses(run: Run) -> list[Token] | None:
    """ "20 mg a day in 2 doses": it is divided, and the number is none of it."""
    unit = next((token.unit for token in run if token.unit), None)
    return [Token("q")] if unit is not None and unit.name == "dose" else None


def divided(run: Run) -> list[Token]:
    """ "in 3 divided doses"; "divided over the day" also says that it is for one day."""
    return [Token("q"), *([Token("F", exactly(1))] if run[-1].kind == "D" and run[-1].word == "d" else [])]


def per_time(run: Run) -> list[Token] | None:
    """ "20 mg per day". An amount "per hour" runs, and for how long is not said."""
    unit = first_of(run, "D")
    if unit is not None and unit.word in ("h", "min") and not spans_of(run, "N"):
        return [Token("!")]
    return per(exactly(1), days_of(run[1:]), PER)


def hourly(run: Run) -> list[Token] | None:
    return per(exactly(1), spans_of(run, "N")[0].times(DAYS_PER["h"]), EACH)


def de_die(run: Run) -> list[Token]:
    """ "3 dd": three times a day"""
    return [Token("F", (spans_of(run, "N") or [exactly(1)])[0], word=TIMES)]


def so_many_per(run: Run) -> list[Token] | None:
    """ "3 per dag", "2 daily": so many a day, be it times or tablets. The frequency stands in `span`, the number
    in the amount of a bare unit."""
    number = spans_of(run, "N")[0]
    if run[0].word == NOUN:
        return None
    adverb = spans_of(run, "F")
    frequency = adverb[0] if adverb else exactly(over(1, days_of(run[1:]).low))
    return [Token("Q", frequency, amounts=(Measured(number, BARE),))]


def times_implied(run: Run) -> list[Token]:
    """ "3 x 1 tablet": three times, or three tablets; a day comes to the same."""
    times = spans_of(run, "N")[0]
    return [Token("J", times) if times.high <= _MOST_IMPLIED else Token("!"), *run[2:]]


def times_after(run: Run) -> list[Token] | None:
    """ "10 mg 3x", "10 mg x 3": times a day, as long as it is more than once."""
    times, sign = spans_of(run, "N")[0], first_of(run, "X")
    if sign is not None and sign.word is not None:
        return None  # "one tablet twice" may be once in the morning and never again
    return [Token("J", times)] if times.low > 1 and times.high <= _MOST_IMPLIED else None


def step_after(run: Run) -> list[Token]:
    """ "after 1 week 2 tablets": a next step. "2 hours after …" is none."""
    unit = first_of(run, "D")
    length = Token("B", days_of(run))
    return [length] if unit is not None and unit.word in ("h", "min") else [length, Token("T")]


def dated_step(run: Run) -> list[Token]:
    """ "day 1", "days 3 through 14", "week 2": a step with its days, the first of them and the last"""
    unit, number = first_of(run, "D"), spans_of(run, "N")[0]
    length = DAYS_PER[unit.word] if unit and unit.word else 1
    if length not in (1, 7) or number.low < 1 or number.low.denominator != 1 or number.high.denominator != 1:
        return [Token("!")]
    return [Token("T", Span((number.low - 1) * length + 1, number.high * length))]


def limit(run: Run) -> list[Token] | None:
    """ "max 6 tablets in 24 hours", "up to three times daily" """
    kept = [token for token in run if token.kind in "AFJQ"]
    days = first_of(run, "D")
    number = spans_of(run, "N")
    if run[1].kind == "N" and not kept:
        kept = [Token("Q", amounts=(Measured(number[0], BARE),))]
    per_day: Span | None = next((token.span for token in kept if token.kind in "FQ" and token.span), None)
    if run[0].word == A_DAY:
        per_day = exactly(1)
    elif days is not None:
        per_day = exactly(over(1, days_of([token for token in run[2:] if token.kind in "ND"]).low))
    amounts = next((token.amounts for token in kept if token.amounts), ())
    return [Token("C", per_day, amounts=amounts)]


def multiplied(run: Run) -> list[Token]:
    """ "2 mg x 4 once a day" is so much so many times over; "1 tablet x 3 daily" is three times a day."""
    times, frequency = spans_of(run, "N")[0], run[3]
    if frequency.word != TIMES:
        return [run[0], replace(frequency, span=times * (frequency.span or times), word=TIMES)]
    return [Token("A", amounts=tuple(amount.times(times) for amount in run[0].amounts)), frequency]


def times_at(run: Run) -> list[Token]:
    """ "1x voor de nacht": the moment says it; "2x 's avonds" leaves the two."""
    times = spans_of(run, "N")[0]
    return [] if times == exactly(1) else [Token("J", times)]


def limit_after(run: Run) -> list[Token] | None:
    """ "3 times a day maximum" """
    return limit([run[1], run[0]])


def duration(run: Run) -> list[Token]:
    """ "for 7 days", "x 3 days", "at most 2 weeks" """
    return [Token("B", days_of(run))]
