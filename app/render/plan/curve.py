"""The dose curve of a plan as SVG: a step function over the calendar, without scripts, with its text alternative.

Heights are mg of the plan's last medicine. Before a switch the own medicine stands at the low end of its diazepam
equivalent, the one the switch goes by, and is labelled with its own dose. Every step carries its exact figures as
data attributes; the drawn curve alone gives the day and the dose back too.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from html import escape

from app.render.plan.axes import day_ticks, dose_ticks
from app.render.plan_words import PlanWords
from knowledge.taper import Kind, Plan, Step

INK, SOFT, GRID, LINE, KEPT, FILL = "#1b1f24", "#57606a", "#d8dee4", "#0b5cad", "#8a4b00", "#dbeafe"
_LETTER = 7.2  # the width of a letter at this size, about


@dataclass(frozen=True, slots=True)
class Frame:
    """The size of a drawing and of the margins around the curve, in its own units."""

    name: str
    width: int
    height: int
    left: int = 52
    right: int = 22
    top: int = 44
    bottom: int = 48
    ticks: int = 9  # days along, at most about so many
    legend: int = 18


WIDE = Frame("wide", 760, 360)
NARROW = Frame("narrow", 340, 320, left=44, right=14, top=64, ticks=4, legend=37)


def curve_svg(plan: Plan, wording: PlanWords, frame: Frame = WIDE) -> str:
    """The drawing, complete in itself. `frame.name` makes its ids differ from those of another one on the same page."""
    return "".join(_Drawing(plan, wording, frame).parts())


class _Drawing:
    def __init__(self, plan: Plan, wording: PlanWords, frame: Frame) -> None:
        self.plan, self.wording, self.frame = plan, wording, frame
        self.drawn = [step for step in plan.steps if step.days]
        self.first, self.last = plan.steps[0].first_day, plan.steps[-1].next_day
        self.named = plan.steps[-1].last_day or self.last  # a stop is the day without, an end the last day with
        self.days = max(1, (self.last - self.first).days)
        self.ticks = dose_ticks(max(self.height_mg(step) for step in self.drawn))
        self.day_width = Fraction(frame.width - frame.left - frame.right, self.days)
        self.mg_height = Fraction(frame.height - frame.top - frame.bottom) / self.ticks[-1]

    def height_mg(self, step: Step) -> Fraction:
        """What is drawn for a dose: mg of the last medicine, before a switch at the low end of the tables."""
        switch = self.plan.switch
        if switch is None or step.medicine == self.plan.steps[-1].medicine:
            return step.mg
        return switch.low_mg * step.mg / self.plan.steps[0].mg

    def x(self, days: int) -> str:
        return _coordinate(self.frame.left + self.day_width * days)

    def y(self, mg: Fraction) -> str:
        return _coordinate(self.frame.height - self.frame.bottom - self.mg_height * mg)

    def parts(self) -> Iterator[str]:
        frame, name = self.frame, self.frame.name
        yield (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="dose-curve {name}" viewBox="0 0 {frame.width} {frame.height}" '
            f'role="img" aria-labelledby="curve-title-{name} curve-text-{name}" lang="{self.wording.language}" '
            f'font-family="system-ui, sans-serif" font-size="13" fill="{INK}" data-plan="{self.plan.hash}">'
        )
        yield f'<title id="curve-title-{name}">{escape(self.title())}</title>'
        yield f'<desc id="curve-text-{name}">{escape(" ".join(self.told()))}</desc>'
        yield f'<rect width="{frame.width}" height="{frame.height}" fill="#fff"/>'
        yield from self._scales()
        yield from self._curve()
        yield from self._ending()
        yield from self._legend()
        yield "</svg>"

    def title(self) -> str:
        say, medicine = self.wording, self.wording.medicine(self.plan.steps[-1].medicine)
        return say["curve_title"].format(
            medicine=medicine, first=say.long_date(self.first), last=say.long_date(self.named)
        )

    def told(self) -> Iterator[str]:
        """The curve in sentences."""
        say = self.wording
        for step in self.plan.steps:
            dose = f"{say.medicine(step.medicine)} {say.dose(step.mg)}"
            if step.kind is Kind.BASELINE:
                yield say["curve_now"].format(dose=dose)
            elif step.kind is Kind.STOP:
                yield say["curve_stop"].format(first=say.long_date(step.first_day))
            else:
                yield say["curve_row"].format(first=say.long_date(step.first_day), days=say.days(step.days), dose=dose)

    def _scales(self) -> Iterator[str]:
        frame, say = self.frame, self.wording
        right, floor = frame.width - frame.right, frame.height - frame.bottom
        axis = say["curve_axis"].format(medicine=say.medicine(self.plan.steps[-1].medicine))
        yield f'<text x="8" y="18" fill="{SOFT}">{escape(axis)}</text>'
        for mg in self.ticks:
            y = self.y(mg)
            yield f'<path d="M{frame.left} {y}H{right}" stroke="{GRID if mg else SOFT}" fill="none"/>'
            yield f'<text x="{frame.left - 8}" y="{float(y) + 4.5:g}" text-anchor="end" fill="{SOFT}">{say.number(mg)}</text>'
        year, free = 0, float("-inf")
        for day in day_ticks(self.first, self.days, frame.ticks):
            x, label = self.x((day - self.first).days), say.short_date(day)
            half = len(label) * _LETTER / 2
            yield f'<path d="M{x} {floor}v5" stroke="{SOFT}" fill="none"/>'
            if float(x) - half < free or float(x) + half > frame.width:
                continue
            free = float(x) + half + 4
            yield f'<text x="{x}" y="{floor + 20}" text-anchor="middle" fill="{SOFT}">{escape(label)}</text>'
            if day.year != year:
                year = day.year
                yield f'<text x="{x}" y="{floor + 37}" text-anchor="middle" fill="{SOFT}">{year}</text>'

    def _curve(self) -> Iterator[str]:
        """The area, the curve as one line, and each step on it with its figures."""
        points, before = [], None
        for step in self.drawn:
            y = self.y(self.height_mg(step))
            points.append(f"M{self.x(0)} {y}" if before is None else f"V{y}" if y != before else "")
            points.append(f"H{self.x((step.next_day - self.first).days)}")
            before = y
        fall = f"V{self.y(Fraction(0))}" if self.plan.steps[-1].kind is Kind.STOP else ""
        line = "".join(points)
        floor = self.y(Fraction(0))
        yield f'<path d="{line}V{floor}H{self.x(0)}Z" fill="{FILL}"/>'
        yield (
            f'<path class="curve" d="{line}{fall}" fill="none" stroke="{LINE}" stroke-width="2.5" '
            f'data-left="{self.frame.left}" data-day-width="{self.day_width}" data-floor="{floor}" '
            f'data-mg-height="{self.mg_height}"/>'
        )
        yield from (self._step(step) for step in self.drawn)

    def _step(self, step: Step) -> str:
        start, end = self.x((step.first_day - self.first).days), self.x((step.next_day - self.first).days)
        y, label = self.y(self.height_mg(step)), self.wording.number(step.mg)
        line, drawn, shown = f'<path d="M{start} {y}H{end}" fill="none" ', "", ""
        if step.medicine != self.plan.steps[-1].medicine:
            before = f"{label} mg {self.wording.medicine(step.medicine)}"
            drawn = f'{line}stroke="#fff" stroke-width="3"/>{line}stroke="{INK}" stroke-width="2.5" stroke-dasharray="3 3"/>'
            shown = f'<text x="{start}" y="{float(y) - 7:g}">{escape(before)}</text>'
        elif step.kind is Kind.HOLD:
            drawn = f'{line}stroke="{KEPT}" stroke-width="5"/>'
        if not shown and len(label) * _LETTER + 6 <= float(end) - float(start):
            middle = (float(start) + float(end)) / 2
            shown = f'<text x="{middle:g}" y="{float(y) - 7:g}" text-anchor="middle">{label}</text>'
        return (
            f'<g class="step" data-row="{step.row}" data-first="{step.first_day}" data-days="{step.days}" '
            f'data-mg="{step.mg}" data-medicine="{escape(step.medicine)}">{drawn}{shown}</g>'
        )

    def _ending(self) -> Iterator[str]:
        """The day of the stop, or of the end of the scheme."""
        stops = self.plan.steps[-1].kind is Kind.STOP
        label = self.wording["stop_label" if stops else "end_label"].format(date=self.wording.long_date(self.named))
        x, top = self.x(self.days), self.frame.top
        yield (
            f'<path d="M{x} {self.frame.height - self.frame.bottom}V{top}" stroke="{SOFT}" stroke-dasharray="2 3" fill="none"/>'
            f'<text x="{self.frame.width - 8}" y="{top - 8}" text-anchor="end">{escape(label)}</text>'
        )

    def _legend(self) -> Iterator[str]:
        """What the thick line means, where there is one."""
        if not any(step.kind is Kind.HOLD for step in self.drawn):
            return
        text, y = self.wording["curve_hold"], self.frame.legend
        start = self.frame.width - 48 - len(text) * _LETTER
        yield (
            f'<path d="M{start:g} {y - 4.5:g}h24" stroke="{KEPT}" stroke-width="5" fill="none"/>'
            f'<text x="{self.frame.width - 8}" y="{y}" text-anchor="end" fill="{SOFT}">{escape(text)}</text>'
        )


def _coordinate(value: Fraction) -> str:
    return f"{float(value):.3f}".rstrip("0").rstrip(".")
