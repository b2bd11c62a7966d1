"""A plan in a terminal: the table of its steps, and the curve in blocks of text."""

from fractions import Fraction

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from app.render.plan.rows import moments_of
from app.render.plan_words import PlanWords
from knowledge.taper import Kind, Plan, Step

_HEIGHT, _WIDTH = 10, 72  # of the curve, in characters
_EIGHTHS = " ▁▂▃▄▅▆▇█"


def in_terminal(plan: Plan, wording: PlanWords) -> RenderableType:
    """The table and, under it, the curve."""
    return Group(steps_table(plan, wording), Text(), Text(curve_text(plan)))


def printed(shown: RenderableType, *, width: int | None = None, colour: bool | None = None) -> str:
    """What a terminal of this width shows. Without colour it is plain text."""
    console = Console(width=width, no_color=not colour, force_terminal=bool(colour), highlight=False)
    with console.capture() as capture:
        console.print(shown)
    return capture.get()


def steps_table(plan: Plan, wording: PlanWords) -> Table:
    """A row per step: days, dose, reduction, and what is taken at each moment."""
    table = Table()
    for head, justify in (("step", "right"), ("from", "left"), ("for_days", "right"), ("total", "right")):
        table.add_column(wording.head(head), justify=justify, no_wrap=True)  # type: ignore[arg-type]
    table.add_column("−%", justify="right", no_wrap=True)
    for when in moments_of(plan):
        table.add_column(wording.head(when))
    table.add_column("", style="dim")
    for step in plan.steps:
        table.add_row(*_cells(plan, step, wording), style="bold" if step.kind is Kind.STOP else None)
    return table


def _cells(plan: Plan, step: Step, wording: PlanWords) -> list[str]:
    taken = {intake.when: intake for intake in step.intakes}
    medicine = f"{wording.medicine(step.medicine)} " if plan.switch else ""
    return [
        str(step.row),
        step.first_day.isoformat() if step.row else "",
        str(step.days) if step.days else "",
        medicine + wording.dose(step.mg),
        wording.share(step.drop_of_previous) if step.drop_of_previous else "",
        *(
            "\n".join(wording.units(units) for units in taken[when].units) if when in taken else ""
            for when in moments_of(plan)
        ),
        wording.kind(step),
    ]


def curve_text(plan: Plan) -> str:
    """The curve: a column for every so many days, each as high as the dose on its first day."""
    steps = [step for step in plan.steps if step.days]
    first, days = steps[0].first_day, sum(step.days for step in steps)
    columns = min(_WIDTH, days)
    heights = [_share_of_top(plan, _at(steps, days * n // columns)) * _HEIGHT for n in range(columns)]
    lines = []
    for level in range(_HEIGHT - 1, -1, -1):
        row = "".join(_EIGHTHS[min(8, max(0, round((height - level) * 8)))] for height in heights)
        lines.append(f"{row.rstrip()}")
    end = plan.steps[-1]
    last = (end.last_day or end.first_day).isoformat()
    return "\n".join([*lines, "─" * columns, f"{first}{last.rjust(max(1, columns - 10))}"])


def _at(steps: list[Step], day: int) -> Step:
    for step in steps:
        if day < step.days:
            return step
        day -= step.days
    return steps[-1]


def _share_of_top(plan: Plan, step: Step) -> Fraction:
    """The dose as a share of the highest one; before a switch, of the dose of now."""
    if plan.switch and step.medicine != plan.steps[-1].medicine:
        return step.mg / plan.steps[0].mg
    return step.mg / max(row.mg for row in plan.steps if row.days and row.medicine == step.medicine)
