"""What is known of the patient, as far as it decides about a plan."""

from dataclasses import dataclass
from enum import StrEnum


class Fact(StrEnum):
    """What can be so of a patient. Most make an automatic plan unsafe; the last four matter to a choice."""

    PREGNANCY = "pregnancy"
    BREAST_FEEDING = "breast-feeding"
    EPILEPSY = "epilepsy"
    WITHDRAWAL_SEIZURE = "withdrawal-seizure"
    WITHDRAWAL_DELIRIUM = "withdrawal-delirium"
    SUICIDALITY = "suicidality"
    AGGRESSION = "aggression"
    ALCOHOL_DEPENDENCE = "alcohol-dependence"
    DRUG_DEPENDENCE = "drug-dependence"
    PALLIATIVE_CARE = "palliative-care"
    SPASTICITY = "spasticity"
    STIFF_PERSON = "stiff-person"
    SECOND_BZRA = "second-bzra"
    HEPATIC_DISEASE = "hepatic-disease"
    NURSING_HOME = "nursing-home"
    USED_FOR_SLEEP = "used-for-sleep"
    PROGRAMME_PAST_YEAR = "programme-past-year"


class Answer(StrEnum):
    """Not told is not no."""

    YES = "yes"
    NO = "no"
    NOT_TOLD = "not-told"


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What is known of the patient. A fact in neither set was not told. Raises ValueError for a fact in both."""

    age_years: int | None = None
    country: str | None = None  # ISO 3166-1 alpha-2
    continuous_days: int | None = None  # of use, up to the start
    present: frozenset[Fact] = frozenset()
    absent: frozenset[Fact] = frozenset()

    def __post_init__(self) -> None:
        if both := self.present & self.absent:
            raise ValueError(f"patient: both present and absent: {sorted(both)}")

    def has(self, fact: Fact) -> Answer:
        """Whether the fact is so, is not, or was not told."""
        if fact in self.present:
            return Answer.YES
        return Answer.NO if fact in self.absent else Answer.NOT_TOLD
