"""`wane plan`: a taper on the command line, in any of its renderings."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, NoReturn

import typer

from app.planning.asked import FIELDS, asked
from app.planning.fields import Fault
from app.planning.making import planned
from app.render.plan.calendar import calendar_ics
from app.render.plan.curve import curve_svg
from app.render.plan.fhir import plan_bundle
from app.render.plan.papers import Papers
from app.render.plan.printed import leaflet_html, letter_html
from app.render.plan_json import plan_json, refusal_json
from app.render.plan_words import PlanWords
from app.settings import SettingsFault, read_settings
from app.site_knowledge import site_library
from knowledge.fault import KnowledgeFault
from knowledge.library import Library
from knowledge.taper import Plan, Refusal
from knowledge.texts import LANGUAGES

UNREADABLE, REFUSED = 1, 3  # exit codes


def plan(
    medicine: Annotated[str, typer.Argument(help=FIELDS["medicine"])],
    daily_mg: Annotated[str | None, typer.Option(help=FIELDS["daily_mg"])] = None,
    daily_mg_to: Annotated[str | None, typer.Option(help=FIELDS["daily_mg_to"])] = None,
    as_needed: Annotated[bool, typer.Option(help=FIELDS["as_needed"])] = False,
    intake: Annotated[list[str] | None, typer.Option(help=FIELDS["intakes"])] = None,
    product: Annotated[list[str] | None, typer.Option(help=FIELDS["products"])] = None,
    country: Annotated[str | None, typer.Option(help=FIELDS["country"])] = None,
    scheme: Annotated[str | None, typer.Option(help=FIELDS["scheme"])] = None,
    first_day: Annotated[str | None, typer.Option(help=FIELDS["first_day"])] = None,
    route: Annotated[str | None, typer.Option(help=FIELDS["route"])] = None,
    step_percent: Annotated[str | None, typer.Option(help=FIELDS["step_percent"])] = None,
    step_mg: Annotated[str | None, typer.Option(help=FIELDS["step_mg"])] = None,
    interval_days: Annotated[str | None, typer.Option(help=FIELDS["interval_days"])] = None,
    hold: Annotated[list[str] | None, typer.Option(help=FIELDS["holds"])] = None,
    last_mg: Annotated[str | None, typer.Option(help=FIELDS["last_mg"])] = None,
    start_mg: Annotated[str | None, typer.Option(help=FIELDS["start_mg"])] = None,
    modified_release: Annotated[bool, typer.Option(help=FIELDS["modified_release"])] = False,
    convert_to_diazepam: Annotated[bool, typer.Option(help=FIELDS["convert_to_diazepam"])] = False,
    diazepam_product: Annotated[list[str] | None, typer.Option(help=FIELDS["diazepam_products"])] = None,
    age_years: Annotated[str | None, typer.Option(help=FIELDS["age_years"])] = None,
    continuous_days: Annotated[str | None, typer.Option(help=FIELDS["continuous_days"])] = None,
    present: Annotated[list[str] | None, typer.Option(help=FIELDS["present"])] = None,
    absent: Annotated[list[str] | None, typer.Option(help=FIELDS["absent"])] = None,
    change: Annotated[list[str] | None, typer.Option(help=FIELDS["changes"])] = None,
    lang: Annotated[str, typer.Option(help="nl, fr, en or de.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Write the canonical plan as JSON.")] = False,
    as_ics: Annotated[bool, typer.Option("--ics", help="Write a calendar (iCalendar).")] = False,
    as_fhir: Annotated[bool, typer.Option("--fhir", help="Write the plan as a FHIR R4 Bundle.")] = False,
    as_svg: Annotated[bool, typer.Option("--svg", help="Write the dose curve as SVG.")] = False,
    as_leaflet: Annotated[bool, typer.Option("--leaflet", help="Write the patient's leaflet as HTML.")] = False,
    as_letter: Annotated[bool, typer.Option("--letter", help="Write the pharmacist's letter as HTML.")] = False,
) -> None:
    """Plan a taper in doses the products really make: its table and curve, or one other form of it on standard output.

    Ends with 1 where a field cannot be read, with 3 where no safe plan can be made; standard error says why.
    """
    given = locals()
    if lang not in LANGUAGES:
        _fail(f"--lang is one of: {', '.join(LANGUAGES)}.", UNREADABLE)
    chosen = [form for form in _FORMS if given.get(f"as_{form}")]
    if len(chosen) > 1:
        _fail(f"One form at a time, not {' and '.join('--' + form for form in chosen)}.", UNREADABLE)
    names = {"intake": "intakes", "product": "products", "hold": "holds", "change": "changes"}
    names |= {"diazepam_product": "diazepam_products"}
    fields = {
        names.get(name, name): value for name, value in given.items() if names.get(name, name) in FIELDS and value
    }
    try:
        settings = read_settings()
        reader = _Reader(site_library(settings.site), lang, datetime.now(settings.timezone).date())
    except (SettingsFault, KnowledgeFault) as fault:
        _fail(str(fault), UNREADABLE)
    _answer(fields, reader, chosen[0] if chosen else "terminal")


@dataclass(frozen=True, slots=True)
class _Reader:
    library: Library
    language: str
    today: date

    @property
    def words(self) -> PlanWords:
        return PlanWords(self.library, self.language)


def _answer(fields: dict[str, object], reader: _Reader, form: str) -> None:
    request = asked(fields, reader.library, reader.today)
    made = request if isinstance(request, tuple) else planned(request)
    if isinstance(made, Fault):
        made = (made,)
    if isinstance(made, tuple):
        _fail("\n".join(f"{fault.path}: {fault.text}" for fault in made), UNREADABLE)
    if isinstance(made, Refusal):
        _refuse(made, reader, form)
    sys.stdout.buffer.write(_FORMS[form](made, reader))


def _refuse(refusal: Refusal, reader: _Reader, form: str) -> NoReturn:
    if form == "json":
        sys.stdout.write(_as_text({"outcome": "refused", "refusal": refusal_json(refusal, reader.words)}))
    why = reader.words.because(refusal)
    helps = [f"  + {sentence}" for sentence in reader.words.alternatives(refusal)]
    _fail("\n".join([*(f"- {reason}" for reason in why), *helps]), REFUSED)


def _terminal(plan: Plan, reader: _Reader) -> bytes:
    from app.render.plan.terminal import in_terminal, printed  # noqa: PLC0415 - the other forms need no tables

    words = reader.words
    scheme = words.phrases["scheme"][plan.scheme]
    lines = [f"{words.medicine(plan.request.medicine)}{words['colon']}{scheme}", words.feasibility(plan)]
    cautions = [f"! {caution}" for caution in words.cautions(plan)]
    colour = sys.stdout.isatty()
    table = printed(in_terminal(plan, reader.words), width=None if colour else 120, colour=colour)
    return "\n".join([*lines, "", table, *cautions, reader.words["unreviewed"], ""]).encode()


def _json(plan: Plan, reader: _Reader) -> bytes:
    return _as_text({"outcome": "planned", "plan": plan_json(plan, reader.words), "reviewed": False}).encode()


def _fhir(plan: Plan, reader: _Reader) -> bytes:
    """Of nobody: the patient is filled in by whoever takes it up."""
    papers = Papers(plan, reader.words, {"type": "Patient", "display": "not told"}, reader.today)
    return _as_text(plan_bundle(papers)).encode()


def _as_text(body: object) -> str:
    return json.dumps(body, ensure_ascii=False, indent=2) + "\n"


_FORMS: dict[str, Callable[[Plan, _Reader], bytes]] = {
    "terminal": _terminal,
    "json": _json,
    "ics": lambda plan, reader: calendar_ics(plan, reader.words),
    "fhir": _fhir,
    "svg": lambda plan, reader: curve_svg(plan, reader.words).encode(),
    "leaflet": lambda plan, reader: leaflet_html(plan, reader.words, reader.library).encode(),
    "letter": lambda plan, reader: letter_html(plan, reader.words).encode(),
}


def _fail(message: str, code: int) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(code)
