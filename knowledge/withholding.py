"""Whether advice is held back because the same prescriber overrode it before: the decision alone (DESIGN §2).

Advice is always computed. Who looks up what was overridden finds it by user, patient, medicine, route and reason of the
order; here only is decided whether it still counts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from knowledge.overrides import OverrideReason
from knowledge.rule import Rule

TAPER_RULES = frozenset({"bzra-taper", "bzra-taper-support", "bzra-duration", "baclofen-taper"})


@dataclass(frozen=True, slots=True)
class Evidence:
    """What advice rested on: the highest daily dose in mg, the lists the problems are in, and the medicines in use.
    `dose` None: not known."""

    dose: Decimal | None
    problems: frozenset[str]
    medicines: frozenset[str]

    def is_new_beside(self, earlier: "Evidence") -> bool:
        """Whether there is a higher dose, a new problem or a new medicine. A dose that was not known then, and is now,
        is new as well."""
        higher = self.dose is not None and (earlier.dose is None or self.dose > earlier.dose)
        return higher or not self.problems <= earlier.problems or not self.medicines <= earlier.medicines


@dataclass(frozen=True, slots=True)
class Overridden:
    """A card that was overridden: by which reason, when, which rules spoke on it, and on what evidence."""

    reason: str
    on: date
    rules: frozenset[str]
    evidence: Evidence


def withheld_by(
    rule: Rule,
    indicator: str,
    now: Evidence,
    overridden: Iterable[Overridden],
    today: date,
    reasons: Mapping[str, OverrideReason],
) -> Overridden | None:
    """The override that holds this rule's advice back; None where it is shown. Critical advice is never held back."""
    if indicator == "critical":
        return None
    return next((past for past in overridden if _counts(past, rule, indicator, now, today, reasons)), None)


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
        case "taper rules":
            return rule.id in TAPER_RULES
        case _:
            return False
