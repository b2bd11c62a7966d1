"""A note: one statement of the planner as a stable code with its values. Words in a language are made elsewhere."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

Value = Fraction | int | str | date


@dataclass(frozen=True, slots=True)
class Note:
    """`code` never changes its meaning; `values` are named, with the unit in the name (`_mg`, `_days`, `_of_start`)."""

    code: str
    values: tuple[tuple[str, Value], ...] = ()

    def value(self, name: str) -> Value:
        """The value of that name. Raises KeyError where this note has none."""
        return dict(self.values)[name]


def note(code: str, **values: Value) -> Note:
    """A note, its values in the order given."""
    return Note(code, tuple(values.items()))
