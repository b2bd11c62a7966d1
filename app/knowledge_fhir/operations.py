"""What can be asked of Wane beyond reading, as OperationDefinitions (https://hl7.org/fhir/R4/operationdefinition.html)."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.knowledge_fhir.parts import Json, head
from app.planning.asked import FIELDS
from app.planning.query import LISTS
from knowledge.library import Library


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    use: str  # "in" or "out"
    least: int
    most: str
    type: str
    documentation: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. `resource`: the type it is asked of; empty: of the whole system."""

    code: str
    title: str
    description: str
    resource: str
    parameters: tuple[Parameter, ...]

    @property
    def id(self) -> str:
        return f"{self.resource}-{self.code}" if self.resource else self.code

    @property
    def path(self) -> str:
        """Its address under /fhir."""
        return f"/{self.resource}/${self.code}" if self.resource else f"/${self.code}"


_IN, _OUT = "in", "out"
_DECIMALS = ("daily_mg", "daily_mg_to", "step_percent", "step_mg", "last_mg", "start_mg")
_TYPES = {
    **dict.fromkeys(_DECIMALS, "decimal"),
    **dict.fromkeys(("interval_days", "age_years", "continuous_days"), "integer"),
    **dict.fromkeys(("as_needed", "modified_release", "convert_to_diazepam"), "boolean"),
    "first_day": "date",
}


def _of_plan() -> tuple[Parameter, ...]:
    """What a plan is asked for: the fields of POST /taper/plan, and what FHIR adds."""
    fields = [
        Parameter(name, _IN, 0, "*" if name in LISTS else "1", _TYPES.get(name, "string"), meaning)
        for name, meaning in FIELDS.items()
    ]
    return (
        Parameter(
            "prescription", _IN, 0, "1", "MedicationRequest", "What it tells stands where nothing says otherwise."
        ),
        Parameter("subject", _IN, 0, "1", "Reference", "For whom."),
        Parameter(
            "form", _IN, 0, "1", "code", "steps: a prescription of each product in each row; sequence: one in all."
        ),
        *fields,
        Parameter("return", _OUT, 1, "1", "Bundle", "A collection: the plan, each part a draft and a proposal."),
    )


OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "advise",
        "Judge a Bundle",
        "Judges every patient of a Bundle as a hook call would, and accounts for every entry. The Bundle may also be the body "
        "itself, with the other parameters in the address.",
        "",
        (
            Parameter("bundle", _IN, 1, "1", "Bundle", "Any Bundle of one or many patients."),
            Parameter("judge", _IN, 0, "1", "code", "orders: what is being written; review: what is in use."),
            Parameter("order", _IN, 0, "*", "string", "What to judge as an order, by fullUrl or as Type/id."),
            Parameter("complete", _IN, 0, "*", "code", "A list that is whole: conditions, medications, …, or all."),
            Parameter("date", _IN, 0, "1", "date", "The day to judge on; without it, today."),
            Parameter("language", _IN, 0, "1", "code", "nl, fr, en or de."),
            Parameter("country", _IN, 0, "1", "code", "Of a patient whose record tells none."),
            Parameter("return", _OUT, 1, "1", "Bundle", "A collection: the account of the entries, and the advice."),
        ),
    ),
    Operation(
        "plan-taper",
        "Plan a taper",
        "Plans a taper in doses that the products can make; what cannot be planned safely is refused with the reason.",
        "",
        _of_plan(),
    ),
    Operation(
        "daily-dose",
        "What is taken per day",
        "What Wane reads of the dose of a prescription, statement or dispense. It may also be the body itself.",
        "MedicationRequest",
        (
            Parameter("prescription", _IN, 1, "1", "Resource", "MedicationRequest, MedicationStatement or …Dispense."),
            Parameter("today", _IN, 0, "1", "date", "Decides which of several steps is told."),
            Parameter("id", _OUT, 0, "1", "string", "Of the prescription."),
            Parameter("daily", _OUT, 0, "1", "Range", "The dose a day, in mg where the strength is known."),
            Parameter("as_needed_max", _OUT, 0, "1", "Quantity", "The most that may be taken as needed besides."),
            Parameter("basis", _OUT, 0, "1", "string", "structure, text or supply."),
            Parameter("certainty", _OUT, 1, "1", "code", "sure, likely or unknown."),
            Parameter("conflict", _OUT, 1, "1", "boolean", "Text and structure say different things."),
            Parameter("reason", _OUT, 0, "1", "code", "Why there is no dose, or why it is not in mg."),
        ),
    ),
)


def operation_definitions(library: Library, operations: Sequence[Operation] = OPERATIONS) -> list[Json]:
    """One for each. `$expand` and `$validate-code` are the standard's own."""
    return [_definition(each, library) for each in operations]


def _definition(operation: Operation, library: Library) -> Json:
    return {
        **head("OperationDefinition", operation.id, library.version, operation.title, operation.description),
        "kind": "operation",
        "affectsState": False,
        "code": operation.code,
        **({"resource": [operation.resource]} if operation.resource else {}),
        "system": not operation.resource,
        "type": bool(operation.resource),
        "instance": False,
        "parameter": [
            {
                "name": each.name,
                "use": each.use,
                "min": each.least,
                "max": each.most,
                "documentation": each.documentation,
                "type": each.type,
            }
            for each in operation.parameters
        ],
    }
