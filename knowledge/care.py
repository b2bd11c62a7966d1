"""What is known beside problems and medicines: procedures, devices, the present stay, examinations being ordered."""

from dataclasses import dataclass
from datetime import date

from knowledge.dosage import Dosage


@dataclass(frozen=True, slots=True)
class Procedure:
    """Something that was done to the patient, or was planned and not done. `removes`: it took the device out."""

    reference: str
    lists: frozenset[str]
    done: bool
    on: date | None = None
    removes: bool = False


@dataclass(frozen=True, slots=True)
class Device:
    """A device of the patient. `in_place` is false for one that is registered as no longer in use."""

    reference: str
    lists: frozenset[str]
    in_place: bool = True


@dataclass(frozen=True, slots=True)
class Encounter:
    """The present contact. `setting` is "inpatient", "outpatient" or None where its class tells neither."""

    reference: str
    setting: str | None = None
    start: date | None = None


@dataclass(frozen=True, slots=True)
class Examination:
    """An examination or treatment being ordered now that is no medicine. `lists` says which (mri, diathermy).

    It stands where an order of a medicine may stand; whatever is asked of its medicine is not told.
    """

    reference: str
    lists: frozenset[str]

    @property
    def medicine(self) -> str:
        """None that anybody knows: in no class, and in no rule about medicines."""
        return ""

    @property
    def dosage(self) -> Dosage:
        return Dosage(why="no-medicine")

    @property
    def route(self) -> str | None:
        return None

    @property
    def reasons(self) -> tuple[()]:
        return ()
