"""What was read of a dose as FHIR R4 Parameters (https://hl7.org/fhir/R4/parameters.html): the members of the plain
answer under their own names; what is null there is left out here."""

from collections.abc import Mapping

Json = dict[str, object]
_UCUM = {"mg": "mg", "mL": "mL"}


def dose_parameters(answer: Mapping[str, object]) -> Json:
    """The Parameters for an answer of `app.intake.dose_lines.read_daily_dose`."""
    daily, most = answer["daily"], answer["as_needed_max"]
    found: list[Json | None] = [
        _value("id", "String", None if answer["id"] is None else str(answer["id"])),
        _value("daily", "Range", _range(daily) if isinstance(daily, Mapping) else None),
        _value("as_needed_max", "Quantity", _quantity(most, "value") if isinstance(most, Mapping) else None),
        _value("basis", "String", answer["basis"]),
        _value("certainty", "Code", answer["certainty"]),
        _value("conflict", "Boolean", answer["conflict"]),
        _value("reason", "Code", answer["reason"]),
    ]
    return {"resourceType": "Parameters", "parameter": [one for one in found if one]}


def _value(name: str, kind: str, value: object) -> Json | None:
    return None if value in (None, "") else {"name": name, f"value{kind}": value}


def _range(daily: Mapping[str, object]) -> Json:
    return {"low": _quantity(daily, "low"), "high": _quantity(daily, "high")}


def _quantity(told: Mapping[str, object], which: str) -> Json:
    """Masses and volumes in UCUM; what is counted has only the word it is counted in."""
    unit = str(told["unit"])
    coded = {"system": "http://unitsofmeasure.org", "code": _UCUM[unit]} if unit in _UCUM else {}
    return {"value": told[which], "unit": unit, **coded}
