"""No plan, and why: the facts that are missing or unsafe, by stable code."""

from dataclasses import dataclass
from enum import StrEnum

from knowledge.taper.notes import Note


class Because(StrEnum):
    """Codes of a refusal's reasons. A fact of the patient that makes a plan unsafe is named by its own code (Fact)."""

    MEDICINE_UNKNOWN = "medicine-unknown"
    DOSE_UNKNOWN = "dose-unknown"
    DOSE_RANGE = "dose-range"
    DOSE_NOT_POSITIVE = "dose-not-positive"
    AS_NEEDED = "as-needed"
    ROUTE_NOT_ORAL = "route-not-oral"
    UNDER_18 = "under-18"
    INDICATION_UNKNOWN = "indication-unknown"
    DIVISION_REPEATS_A_MOMENT = "division-repeats-a-moment"
    DIVISION_DOES_NOT_ADD_UP = "division-does-not-add-up"
    NO_PRODUCTS = "no-products"
    PRODUCT_OF_OTHER_MEDICINE = "product-of-other-medicine"
    MIXED_RELEASE = "mixed-release"
    DOSE_NOT_MAKEABLE = "dose-not-makeable"
    TAKEN_UNITS_DIFFER = "taken-units-differ"
    STRENGTHS_TOO_FINE = "strengths-too-fine"
    SCHEME_UNKNOWN = "scheme-unknown"
    SCHEME_NOT_KNOWN_IN_FULL = "scheme-not-known-in-full"
    SCHEME_NOT_FOR_MEDICINE = "scheme-not-for-medicine"
    STEP_OUT_OF_RANGE = "step-out-of-range"
    INTERVAL_OUT_OF_RANGE = "interval-out-of-range"
    START_BELOW_DOSE = "start-below-dose"
    TOO_MANY_HOLDS = "too-many-holds"
    HOLD_TOO_LONG = "hold-too-long"
    HOLD_AFTER_THE_END = "hold-after-the-end"
    LAST_DOSE_FIXED = "last-dose-fixed-by-scheme"
    LAST_DOSE_NOT_MAKEABLE = "last-dose-not-makeable"
    LAST_DOSE_TOO_HIGH = "last-dose-too-high"
    AT_OR_BELOW_TARGET = "at-or-below-target"
    STEP_ABOVE_CAP = "step-above-cap"
    STOP_FROM_TOO_HIGH = "stop-from-too-high"
    PLAN_TOO_LONG = "plan-too-long"
    CONVERSION_NEVER = "conversion-never"
    CONVERSION_SAME_MEDICINE = "conversion-same-medicine"
    CONVERSION_EQUIVALENCE_UNKNOWN = "conversion-equivalence-unknown"
    CONVERSION_HEPATIC_DISEASE = "conversion-hepatic-disease"
    CONVERSION_HEPATIC_NOT_TOLD = "conversion-hepatic-not-told"
    CONVERSION_NOT_MAKEABLE = "conversion-not-makeable"
    PROGRAMME_COUNTRY = "programme-country"
    PROGRAMME_COUNTRY_NOT_TOLD = "programme-country-not-told"
    PROGRAMME_AGE_NOT_TOLD = "programme-age-not-told"
    PROGRAMME_NURSING_HOME = "programme-nursing-home"
    PROGRAMME_RESIDENCE_NOT_TOLD = "programme-residence-not-told"
    PROGRAMME_SECOND_BZRA_NOT_TOLD = "programme-second-bzra-not-told"
    PROGRAMME_USE_TOO_SHORT = "programme-use-too-short"
    PROGRAMME_USE_NOT_TOLD = "programme-use-not-told"
    PROGRAMME_NOT_ONCE_DAILY = "programme-not-once-daily"
    PROGRAMME_DIVISION_NOT_TOLD = "programme-division-not-told"
    PROGRAMME_NOT_FOR_SLEEP = "programme-not-for-sleep"
    PROGRAMME_REASON_NOT_TOLD = "programme-reason-not-told"
    PROGRAMME_DOSE_ABOVE_LIMIT = "programme-dose-above-limit"
    PROGRAMME_LIMIT_UNKNOWN = "programme-limit-unknown"
    PROGRAMME_HIGH_DOSE = "programme-high-dose"
    PROGRAMME_EQUIVALENCE_UNKNOWN = "programme-equivalence-unknown"
    PROGRAMME_USED_THIS_YEAR = "programme-used-this-year"
    PROGRAMME_MODIFIED_RELEASE = "programme-modified-release"
    REPLAN_NO_SUCH_ROW = "replan-no-such-row"
    REPLAN_STOPPED = "replan-stopped"
    REPLAN_NOTHING_BEFORE = "replan-nothing-before"
    REPLAN_NOT_SLOWER = "replan-not-slower"


class Alternative(StrEnum):
    """Codes of what would make a plan possible."""

    SMALLER_STRENGTH = "smaller-strength"  # smallest_part_mg: at most this
    LIQUID = "liquid"  # the same
    COMPOUNDED_CAPSULES = "compounded-capsules"  # the same
    SWITCH_TO_DIAZEPAM = "switch-to-diazepam"  # low_mg, high_mg; caution
    OTHER_SCHEME = "other-scheme"  # scheme


@dataclass(frozen=True, slots=True)
class Refusal:
    """No plan. `because` has one note per missing or unsafe fact; `alternatives` is what would help."""

    because: tuple[Note, ...]
    alternatives: tuple[Note, ...] = ()

    def codes(self) -> tuple[str, ...]:
        """The codes of its reasons."""
        return tuple(note.code for note in self.because)
