"""Why a prescriber may go on against a card, and for how long that holds the same advice back."""

from collections.abc import Mapping
from dataclasses import dataclass

from knowledge.fault import fail, only_keys, text_of
from knowledge.texts import LANGUAGES

SYSTEM = "https://wane.example/fhir/CodeSystem/override-reasons"
HL7_SYSTEM = "http://terminology.hl7.org/CodeSystem/v3-ActReason"


@dataclass(frozen=True, slots=True)
class OverrideReason:
    """`days` 0: nothing is held back. `silences` names what is, `hl7` the same reason in HL7's own codes: see
    override_reasons.toml."""

    code: str
    display: Mapping[str, str]
    days: int
    silences: str | None
    hl7: str | None = None


def recognised(reasons: Mapping[str, OverrideReason], code: str, system: str | None) -> str | None:
    """The reason a client means by a code: Wane's own, or HL7's where it says the same. Without a system either will do, since
    clients leave it out (checklist B5); in any other system a code is another one."""
    if code in reasons and system in (None, SYSTEM):
        return code
    if system in (None, HL7_SYSTEM):
        return next((name for name, reason in reasons.items() if reason.hl7 == code), None)
    return None


def read_override_reasons(table: Mapping[str, object]) -> dict[str, OverrideReason]:
    """Read override_reasons.toml. Raises KnowledgeFault where it is not of the form."""
    return {code: _reason(code, item, f"override_reasons.toml: {code}") for code, item in table.items()}


def _reason(code: str, table: object, where: str) -> OverrideReason:
    if not isinstance(table, Mapping):
        fail(where, "is not a table.", f"Write [{code}] above it.")
    only_keys(table, ("display", "days", "silences", "hl7"), where)
    display, days = table.get("display"), table.get("days")
    if not isinstance(display, Mapping) or not isinstance(days, int):
        fail(where, "needs display and days.", f"Write [{code}.display] with nl, fr, en, de, and days = 90.")
    silences = text_of(table, "silences", where) if "silences" in table else None
    hl7 = text_of(table, "hl7", where) if "hl7" in table else None
    return OverrideReason(code, {lang: text_of(display, lang, where) for lang in LANGUAGES}, days, silences, hl7)
