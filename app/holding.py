"""What was judged and is not shown: a rule that a site has off or in shadow, or that the same user overrode.

A rule that steps aside for another does so all the same, also where that other is not shown: what is silent by decision of a
site must not let something speak that its authors meant to be silent then.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from knowledge.advise import Advice
from knowledge.outcome import Judgement

SHADOW = "shadow"
Held = Mapping[tuple[str, str], str]  # (reference, rule) → SHADOW, or the code of an override reason


@dataclass(frozen=True, slots=True)
class Sorted:
    """`counted` is what the journal keeps, `shown` what the answer is made of."""

    counted: Advice
    shown: Advice
    held: Held


def sort_out(advice: Advice, off: frozenset[str], shadow: frozenset[str], overridden: Held) -> Sorted:
    """Tell apart what is shown and what is held back. `overridden` are rules held back for a reason, by what they are about."""
    counted = advice if not off else _without(advice, lambda _, rule: rule in off)
    held = {
        (judgement.reference, item.rule): why
        for judgement in counted.judgements
        for item in judgement.outcomes
        if (why := SHADOW if item.rule in shadow else overridden.get((judgement.reference, item.rule)))
    }
    shown = _without(counted, lambda reference, rule: (reference, rule) in held) if held else counted
    return Sorted(counted, shown, held)


def _without(advice: Advice, leaves_out: Callable[[str, str], bool]) -> Advice:
    judgements = tuple(
        Judgement(
            judgement.about,
            tuple(item for item in judgement.outcomes if not leaves_out(judgement.reference, item.rule)),
        )
        for judgement in advice.judgements
    )
    return replace(advice, judgements=judgements)
