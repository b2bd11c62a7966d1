"""Tokens of a dosage text → amounts, frequencies, durations and limits, by patterns over their kinds.

Each rule rewrites every run of tokens that its pattern fits; rules run in the order in which they are written down.
An action that finds no sense in a run leaves it as it was, and what stays unread keeps the text from being trusted.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import zip_longest

from app.intake.sig import amounts, rhythms
from app.intake.sig.amounts import Run
from app.intake.sig.tokens import NOUN, Token
from app.intake.span import exactly

Action = Callable[[Run], list[Token] | None]

_BEFORE_NOUN = ("N?", "R?", "R_", "b?")


def reduce(tokens: list[Token]) -> list[Token]:
    """The tokens after all rules."""
    tokens = [
        replace(token, word=NOUN) if after is not None and token.kind + after.kind in _BEFORE_NOUN else token
        for token, after in zip_longest(tokens, tokens[1:])
        if token.kind not in "?_v"
    ]
    kinds = "".join(token.kind for token in tokens)
    for pattern, action in _RULES:
        if not pattern.search(kinds):
            continue
        rewritten: list[Token] = []
        at = 0
        for match in pattern.finditer(kinds):
            made = action(tokens[match.start() : match.end()])
            if made is not None:
                rewritten += [*tokens[at : match.start()], *made]
                at = match.end()
        tokens = rewritten + tokens[at:]
        kinds = "".join(token.kind for token in tokens)
    return tokens


def _drop(run: Run) -> list[Token]:  # noqa: ARG001 - an action like the others
    return []


def _as(kind: str) -> Action:
    return lambda run: [replace(run[0], kind=kind)]


def _one(run: Run) -> list[Token]:  # noqa: ARG001 - "a tablet", "one" before any run
    return [Token("N", exactly(1))]


def _keep(index: int) -> Action:
    return lambda run: [run[index]]


def _unless_noun(kind: str | None) -> Action:
    """Drops a word, or gives it another kind; one before an unknown word ("bei Unwohlsein", "to dissolve") is left."""

    def action(run: Run) -> list[Token] | None:
        if run[0].word == NOUN:
            return None
        return [replace(run[0], kind=kind)] if kind else []

    return action


_AMOUNTS: list[tuple[str, Action]] = [
    ("[Na][DW]yND?|NyND", rhythms.so_many_of),  # 1 jour sur 2 · 1 op 2 dagen
    ("y", _drop),
    ("(?<=H)o?[ap]?(?=U)", _drop),  # a quarter of a tablet
    ("No[ap]?U", amounts.part_of),  # 1/4 de comprimé
    ("(?<=D)&NU|(?<=F)&NU|iNU", rhythms.in_doses),  # 20 mg per day in 2 doses
    ("(?<=[WKPX])a(?=[&.]|$)|(?<=[WK])a(?=[WK])|^a(?=[WK])|(?<=[&.])a(?=[WK])", _one),  # abends eine
    ("gS", _keep(1)),  # nach Schema 1-0-1
    ("N&[ap]?H|N&NH|NH", amounts.fraction),  # one and a half · trois quarts
    ("[ap]H|H[ap](?=U)", amounts.fraction),  # een halve · half a
    ("[ap](?=U)|[ap](?=XF|X/|X[pE])", _one),  # a tablet · een keer per
    ("NU&[ap]?H", amounts.fraction),  # un comprimé et demi
    ("NUN(?=[WYF.)]|$)", amounts.and_a_part),  # 1 cp 1/2 le soir
    ("H", amounts.fraction),
    (r"N\(N\)", amounts.said_twice),  # three (3)
    ("NXrNX", amounts.range_of_times),  # once or twice
    ("N[Rrao]N|NpN(?=U)", amounts.number_range),  # 1 à 2
    ("N?EN?u", rhythms.every),  # om de 6u
    ("N[Uu]", amounts.amount),
    ("A[Rro]A", amounts.range_of_amounts),  # 5 mg to 10 mg
    ("A/N?U|A/A", amounts.strength_or_rate),  # 2 mg/ml · 1 mg/kg
    ("AoA|NAU", amounts.count_of),  # 2 tablets of 5 mg
    ("AU", amounts.described),  # 40 mg tablet
    (r"A\(At\)", amounts.in_total),  # 2 tablets (20 mg total)
    ("t", _drop),
    (r"A\(A\)", amounts.restated),  # 1 capsule (20 mg)
    ("AA", amounts.side_by_side),  # 5 mg 1 tablet
    ("SU|AS|SA", amounts.scheme_with),  # 1-0-1 tablets
]
_RHYTHMS: list[tuple[str, Action]] = [
    ("[fR]d", _drop),  # from 1 January 2020
    ("K(?:&ND)+(?=[&.)]|$)", rhythms.more_hours),  # om 8 uur en 20 uur
    ("(?<=[NXAU])[/p](?=W)", _drop),  # once a night
    ("ENW", rhythms.every_nth),  # every 2nd night
    ("ND[/p]D", rhythms.days_in),  # 5 days a week
    ("YED", _keep(0)),  # Monday of each week
    ("NXEN?D|NX[/p]N?D", rhythms.times_per),  # 3 times a day
    ("(?<=A)X(?=N[/p]D)", _drop),  # 1 tablet x 3/day
    ("NXF", rhythms.times_adverb),  # 3 maal daags
    ("EN?D", rhythms.every),  # every 6 hours
    ("EF", _keep(1)),
    ("AXNF", rhythms.multiplied),  # 2 mg x 4 once a day
    ("Nl", rhythms.hourly),  # 6-hourly
    ("NX?P|P", rhythms.de_die),  # 3 dd
    ("N[/p]N?D|NF(?!X)", rhythms.so_many_per),  # 3 per day
    ("(?<=[AX])[/p]N?D|/N?D", rhythms.per_time),  # 20 mg per day
    ("Ew", _as("V")),  # each meal
    ("E(?=[WYK])", _drop),  # every morning
    ("NX(?=W)", rhythms.times_at),  # 1x voor de nacht
    ("NX[NA]", rhythms.times_implied),  # 3 x 1 tablet
    ("(?<=A)NX(?![/pEF])|(?<=A)XN(?![D/pEF])", rhythms.times_after),  # 10 mg 3x
    ("[WK][ro][WK]", _keep(0)),  # morning or evening
    ("F[ro]F|Y[ro]Y", _as("!")),
]
_REST: list[tuple[str, Action]] = [
    ("T[&.]*h|h[fR]?d", _drop),  # then stop · stop 1 May 2026
    ("b[oa]?(?=[WwV])", _unless_noun(None)),  # bij het ontbijt
    ("[FQJ]M(?=[.&)]|$)", rhythms.limit_after),  # 3 times a day maximum
    ("[i&G]*N?[UX]?q[iG&o]*(?:N?[UXA]|D)?|(?<=F)&NX(?!F)|iNX(?!F)", rhythms.divided),  # in 3 divided doses
    ("R(?=[FJ])|(?:^|(?<=[.&]))R(?=[AQ])", _unless_noun("M")),  # bis 3x täglich · jusqu'à 3 comprimés
    ("M[GiRoU]*(?:A[&i/p]?N?D|N[&i/p]N?D|NND)|M[GiRoU]*A?F|M[GiRoU]*[QJA]", rhythms.limit),  # max 6 tablets in 24 hours
    ("jND", rhythms.step_after),  # after 1 week
    ("M?[GXRi]*N[Rr]?N?D|G[ap]D", rhythms.duration),  # for 7 days
    ("DN", rhythms.dated_step),  # day 1
    ("M[GiRoU]*N(?!D)", rhythms.limit),  # at most 3
    ("MB", _drop),
]
_RULES = [(re.compile(pattern), action) for pattern, action in (*_AMOUNTS, *_RHYTHMS, *_REST)]
