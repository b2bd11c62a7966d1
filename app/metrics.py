"""What /metrics tells. Every label is a name out of Wane's own code or knowledge; whatever else turns up is "other"."""

import os
from collections.abc import Iterable
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from app.calls import NOT_CHECKED, Call
from app.run_folder import figures_folder
from knowledge.library import Library
from knowledge.rule import INDICATORS

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
OTHER = "other"
NO_REASON = "none"
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """The figures of one application; of all processes together where `wane serve` started several."""

    def __init__(self, library: Library) -> None:
        self.registry = CollectorRegistry()
        self._folder = figures_folder()
        self._looked_up: dict[tuple[str, int], tuple[Counter, Histogram]] = {}
        if not self._folder:
            ProcessCollector(registry=self.registry)
        self._rules = frozenset(library.by_id)
        self._says = {NOT_CHECKED, *(block.name for rule in library.rules for block in rule.speak)}
        self._gaps = frozenset(name for phrases in library.phrases.values() for name in phrases["gap"])
        self._calls = self._counter("wane_calls", "Calls of CDS Hooks services", "hook", "status")
        self._requests = self._counter("wane_requests", "All other requests", "route", "status")
        self._cards = self._counter("wane_cards", "Cards, by the rule that leads them", "rule", "indicator", "says")
        self._gap = self._counter("wane_gaps", "What could not be judged, by what was missing", "missing")
        self._withheld = self._counter("wane_withheld", "Advice not shown again after an override", "rule")
        self._shadow = self._counter("wane_shadow", "Advice judged and not shown, by decision of the site", "rule")
        self._fetched = self._counter(
            "wane_fetches", "Lists asked for at a client's FHIR server, and what came of it", "list", "outcome"
        )
        self._failed = self._counter("wane_rule_failures", "Rules that failed on a call", "rule")
        self._lookups = Counter(
            "wane_override_lookup_failures", "Times nobody could tell what was overridden", registry=self.registry
        )
        self._feedback = self._counter("wane_feedback", "What clinicians did with cards", "outcome", "reason")
        self._reasons = frozenset((*library.override_reasons, NO_REASON))
        self._seconds = Histogram(
            "wane_call_seconds", "Time to answer a call", ["hook"], buckets=_SECONDS, registry=self.registry
        )
        self._in_hand = Gauge(
            "wane_requests_in_hand", "Requests now being answered", multiprocess_mode="livesum", registry=self.registry
        )
        knowledge = Gauge(
            "wane_knowledge", "The knowledge in force", ["version"], multiprocess_mode="max", registry=self.registry
        )
        knowledge.labels(library.version).set(1)

    def _counter(self, name: str, meaning: str, *labels: str) -> Counter:
        return Counter(name, meaning, labels, registry=self.registry)

    def began(self) -> None:
        """A request has come."""
        self._in_hand.inc()

    def ended(self, route: str, hook: bool, status: int, seconds: float, call: Call) -> None:
        """It has been answered. `route` is a hook's name, or the path of a route as the code has it."""
        self._in_hand.dec()
        for outcome, reason in call.feedback:
            self._feedback.labels(outcome, _known(reason, self._reasons)).inc()
        if hook:
            calls, times = self._of_call(route, status)
            calls.inc()
            times.observe(seconds)
        else:
            self._requests.labels(route, status).inc()
        for rule, indicator, says in call.cards:
            self._cards.labels(_known(rule, self._rules), _known(indicator, INDICATORS), _known(says, self._says)).inc()
        for name in call.gaps:
            self._gap.labels(_known(name, self._gaps)).inc()
        for rule in call.withheld:
            self._withheld.labels(_known(rule, self._rules)).inc()
        for rule in call.shadow:
            self._shadow.labels(_known(rule, self._rules)).inc()
        for name, outcome in call.fetched.items():
            self._fetched.labels(name, outcome).inc()
        if call.lookups_failed:
            self._lookups.inc(call.lookups_failed)
        for rule in call.failed:
            self._failed.labels(_known(rule, self._rules)).inc()

    def _of_call(self, hook: str, status: int) -> tuple[Counter, Histogram]:
        """The two figures of every call. Looking them up by their labels takes longer than counting."""
        if (hook, status) not in self._looked_up:
            self._looked_up[hook, status] = (self._calls.labels(hook, status), self._seconds.labels(hook))
        return self._looked_up[hook, status]

    def text(self) -> bytes:
        """The figures in Prometheus' text format."""
        if not self._folder:
            return generate_latest(self.registry)
        _forget_the_dead(self._folder)
        together = CollectorRegistry()
        MultiProcessCollector(together, path=str(self._folder))  # type: ignore[no-untyped-call]
        return generate_latest(together)


def _known(name: str, names: Iterable[str]) -> str:
    return name if name in names else OTHER


def _forget_the_dead(folder: Path) -> None:
    """What a process that was killed had in hand is in nobody's hand; what it counted stays counted."""
    for path in folder.glob("gauge_live*_*.db"):
        pid = int(path.stem.rpartition("_")[2])
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            mark_process_dead(pid, str(folder))  # type: ignore[no-untyped-call]
        except PermissionError:
            continue
