"""The timing words of one amount → how many times a day."""

from collections.abc import Sequence

from app.intake.sig.tokens import EACH, PER, TIMES, Token
from app.intake.span import Span, exactly, over

# Two words for one moment, where nothing stands between them: "le soir au coucher".
_SAME = {"evening", "bed"}


def times_per_day(timing: Sequence[Token]) -> tuple[Span | None, Span]:
    """Times a day, None where the words do not settle it; and by how much the amount is multiplied ("2 x 5 mg")."""
    once = exactly(1)
    scheme = [token for token in timing if token.kind == "S"]
    frequencies = [token for token in timing if token.kind == "F" and token.span is not None]
    implied = [token.span for token in timing if token.kind == "J" and token.span is not None]
    days = {token.word for token in timing if token.kind == "Y"}
    moments = _moments(timing)
    clocked = any(token.kind == "K" for token in timing)
    counted = {token.span for token in frequencies if token.word == TIMES and token.span}
    plain = {token.span for token in frequencies if token.word != TIMES and token.span}
    plain -= {once} if counted else set()
    if any(token.kind == "V" for token in timing) and not counted and plain <= {once}:
        return None, once
    if len(counted | plain) > 1 or len(implied) > 1 or len(scheme) > 1:
        return None, once
    if scheme:
        fits = (
            not implied and not counted and all(one.high <= 1 for one in plain) and moments in (0, _places(scheme[0]))
        )
        return (_told(None, next(iter(plain), None), 0, len(days)) if fits else None), once
    if not frequencies and not moments and not days:
        return (implied[0] if implied else None), once
    if implied and not counted and not days and moments in (0, implied[0].low) and plain <= {once}:
        return implied[0], once
    # "1 tablet per day, morning and evening" is one or two; "every day at 8 and 20" is two.
    if (
        moments > 1
        and not counted
        and any(token.word != EACH and (token.word == PER or not clocked) for token in frequencies)
    ):
        return None, once
    told = _told(next(iter(counted), None), next(iter(plain), None), moments, len(days))
    return told, implied[0] if implied else once


def _told(counted: Span | None, plain: Span | None, moments: int, days: int) -> Span | None:
    a_day = exactly(1)
    if counted is not None:
        if days == 1 and counted.high < over(1, 7):
            return counted  # once in 2 weeks, on Monday
        if days:
            if counted == exactly(over(days * (moments or 1), 7)):
                return counted
            return counted.times(over(days, 7)) if counted.low >= 1 and moments in (0, counted.low) else None
        fits = moments in (0, counted.low, counted.high) or (moments == 1 and counted.high <= 1)
        return counted if fits else None
    if plain is not None and plain != a_day:
        if days == 1 and plain.high < over(1, 7):
            return plain if moments in (0, 1) else None
        if days:
            return exactly(over(days, 7)) if plain == exactly(over(1, 7)) and moments in (0, 1) else None
        if plain.low < 1:
            return plain.times(moments or 1)
        return plain if moments in (0, plain.low) else None
    return exactly(over((moments or 1) * (days or 7), 7))


def _places(scheme: Token) -> int:
    return sum(part != "0" for part in (scheme.word or "").split("-"))


def _moments(timing: Sequence[Token]) -> int:
    """How many moments of the day are told, in words or as clock times; -1 where they cannot both be meant."""
    clocks = {token.word for token in timing if token.kind == "K"}
    words: list[str | None] = []
    for before, token in zip([Token("&"), *timing], timing, strict=False):
        if token.kind == "W" and token.word not in words and {before.word, token.word} != _SAME:
            words.append(token.word)
    if clocks and words and len(clocks) != len(words):
        return -1
    return len(clocks) or len(words)
