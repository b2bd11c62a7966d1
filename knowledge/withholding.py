"""Whether advice is held back because the same prescriber overrode it before: the decision alone (DESIGN §2).

Advice is always computed. Who looks up what was overridden finds it by client, user and patient; here is decided whether
it was about the same, and whether it still counts.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from knowledge.facts import Change, Examination, Facts, Order, State, Told, Use
from knowledge.outcome import Advise, Judgement
from knowledge.overrides import OverrideReason
from knowledge.rule import Rule

# What proposes to taper, or comes before or instead of it. That a high dose is a warning, no patient's wish answers; where
# it asks for the indication it is information.
TAPER_RULES = frozenset(
    {
        "bzra-taper",
        "bzra-taper-support",
        "bzra-duration",
        "bzra-special-care",
        "bzra-multiple",
        "bzra-high-dose",
        "baclofen-taper",
    }
)
_LISTS = ("conditions", "medications")  # where new evidence would stand
_GOES_ON, _STOPS = frozenset({State.ACTIVE, State.UNCLEAR}), frozenset({Change.STOP})
_OVER = "earlier "  # a problem that is over: what was active and is over now is nothing new


class Occasion(NamedTuple):
    """What advice was about: the same medicine by the same route for the same reasons is the same occasion."""

    medicine: str
    route: str | None = None
    reasons: frozenset[str] = frozenset()


class Evidence(NamedTuple):
    """What advice rested on: the highest daily dose with its unit, the lists the problems are in, the medicines in use or
    being ordered, and which lists were told whole. `dose` None: not known."""

    dose: Decimal | None
    problems: frozenset[str]
    medicines: frozenset[str]
    unit: str = "mg"
    told: frozenset[str] = frozenset()

    def is_new_beside(self, earlier: "Evidence") -> bool:
        """Whether there is a higher dose, a new problem or a new medicine, or may be one: a dose that was known then and is
        not now, or the other way round, counts as new, and so does a list that was told whole and is not now."""
        if (self.dose is None) != (earlier.dose is None) or not earlier.told <= self.told:
            return True
        if (
            self.dose is not None
            and earlier.dose is not None
            and (self.unit != earlier.unit or self.dose > earlier.dose)
        ):
            return True
        return not self.problems <= earlier.problems or not self.medicines <= earlier.medicines


def occasion_of(about: Order | Use | Examination) -> Occasion:
    """The occasion of a judgement."""
    if isinstance(about, Examination):
        return Occasion(about.medicine, None, about.lists)
    reasons = [name for reason in about.reasons for name in reason.lists or ("other",)]
    return Occasion(about.medicine, about.route, frozenset(reasons))


def evidence_of(about: Order | Use | Examination, facts: Facts) -> Evidence:
    """What a judgement rests on, in names out of the knowledge base and one figure."""
    dose, unit = _highest(about)
    problems, medicines, told = facts.once("evidence", lambda: _known(facts))
    return Evidence(dose, problems, medicines, unit, told)


def _highest(about: Order | Use | Examination) -> tuple[Decimal | None, str]:
    if isinstance(about, Examination) or about.dosage.daily is None:
        return None, "mg"
    daily, ceiling = about.dosage.daily, about.dosage.ceiling
    highest = max(daily.high, ceiling.value) if ceiling and ceiling.unit == daily.unit else daily.high
    return highest, daily.unit


@lru_cache(maxsize=10_000)
def _earlier(lists: frozenset[str]) -> frozenset[str]:
    """The same problem, as it will be once it is over."""
    return frozenset([f"{_OVER}{name}" for name in lists])


def _known(facts: Facts) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    problems: set[str] = set()
    medicines: set[str] = set()
    for problem in facts.problems:
        problems |= _earlier(problem.lists)
        if problem.state in _GOES_ON:
            problems |= problem.lists
    medicines.update([use.medicine for use in facts.uses if use.current])
    medicines.update([order.medicine for order in facts.orders if order.changes != _STOPS])
    told = frozenset([name for name in _LISTS if facts.told.get(name) is Told.WHOLE])
    return frozenset(problems), frozenset(medicines), told


@dataclass(frozen=True, slots=True)
class Overridden:
    """A card that was overridden: by which reason, when, which rules spoke on it, about what, and on what evidence."""

    reason: str
    on: date
    rules: frozenset[str]
    evidence: Evidence
    occasion: Occasion


def withheld(
    judgement: Judgement,
    facts: Facts,
    overridden: Sequence[Overridden],
    rules: Mapping[str, Rule],
    reasons: Mapping[str, OverrideReason],
) -> dict[str, Overridden]:
    """The advice of a judgement that these overrides hold back, by rule.

    What only ever stands on the card of another rule (`leads` false) goes with that: else a card that was overridden would
    come back led by its own footnote. Only what stood on the overridden card does, and only as information.
    """
    occasion, evidence = occasion_of(judgement.about), evidence_of(judgement.about, facts)
    advising = {item.rule: item.outcome for item in judgement.outcomes if isinstance(item.outcome, Advise)}
    held = {
        rule: by
        for rule, advice in advising.items()
        if (by := withheld_by(rules[rule], advice.indicator, occasion, evidence, overridden, facts.today, reasons))
    }
    if any(advice.leads for rule, advice in advising.items() if rule not in held):
        return held
    led = next((by for rule, by in held.items() if advising[rule].leads), None)
    if led is None:
        return held
    sections = [rule for rule, advice in advising.items() if advice.indicator == "info" and rule in led.rules]
    return {**dict.fromkeys(sections, led), **held}


def can_be_withheld(rule: Rule, indicator: str, reasons: Mapping[str, OverrideReason]) -> bool:
    """Whether there is a reason on its cards that would hold this advice back."""
    if indicator == "critical":
        return False
    return any(
        reasons[code].days and _names(reasons[code], rule, indicator) for code in rule.overrides if code in reasons
    )


def withheld_by(
    rule: Rule,
    indicator: str,
    occasion: Occasion,
    now: Evidence,
    overridden: Iterable[Overridden],
    today: date,
    reasons: Mapping[str, OverrideReason],
) -> Overridden | None:
    """The override that holds this rule's advice back; None where it is shown. Critical advice is never held back."""
    if indicator == "critical":
        return None
    same = (past for past in overridden if past.occasion == occasion)
    return next((past for past in same if _counts(past, rule, indicator, now, today, reasons)), None)


def _counts(
    past: Overridden,
    rule: Rule,
    indicator: str,
    now: Evidence,
    today: date,
    reasons: Mapping[str, OverrideReason],
) -> bool:
    reason = reasons.get(past.reason)
    if reason is None or not 0 <= (today - past.on).days < reason.days or rule.id not in past.rules:
        return False
    return _names(reason, rule, indicator) and not now.is_new_beside(past.evidence)


def _names(reason: OverrideReason, rule: Rule, indicator: str) -> bool:
    """Whether the reason is one for this rule. The rules on one card are of one topic, so that of the card is theirs."""
    match reason.silences:
        case "info rules of the topic" | "all info rules":
            return indicator == "info"
        case "taper rules":  # a warning is none of what a patient can wish away
            return rule.id in TAPER_RULES and indicator == "info"
        case _:
            return False
