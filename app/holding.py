"""What was judged and is not shown: a rule that a site has off or in shadow, or that the same user overrode.

A rule that steps aside for another does so all the same, also where that other is not shown: what is silent by decision of a
site must not let something speak that its authors meant to be silent then.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from knowledge.advise import Advice
from knowledge.facts import Facts
from knowledge.library import Library
from knowledge.outcome import Advise, Judgement
from knowledge.withholding import Overridden, can_be_withheld, withheld

SHADOW = "shadow"
Held = Mapping[tuple[str, str], str]  # (reference, rule) → SHADOW, or the code of an override reason


@dataclass(frozen=True, slots=True)
class Sorted:
    """`counted` is what the journal keeps, `shown` what the answer is made of."""

    counted: Advice
    shown: Advice
    held: Held

    @property
    def is_withheld(self) -> bool:
        """Some of it is held back because its reader overrode it."""
        return any(why != SHADOW for why in self.held.values())


def may_be_held(advice: Advice, library: Library, not_shown: frozenset[str]) -> bool:
    """Whether anything is advised that some override would hold back."""
    rules, reasons = library.by_id, library.override_reasons
    return any(
        item.rule not in not_shown and can_be_withheld(rules[item.rule], item.outcome.indicator, reasons)
        for judgement in advice.judgements
        for item in judgement.outcomes
        if isinstance(item.outcome, Advise)
    )


def held_back(advice: Advice, facts: Facts, past: Sequence[Overridden], library: Library) -> Held:
    """The advice that these overrides hold back: (reference, rule) → the code of the reason."""
    if not past:
        return {}
    return {
        (judgement.reference, rule): by.reason
        for judgement in advice.judgements
        for rule, by in withheld(judgement, facts, past, library.by_id, library.override_reasons).items()
    }


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
