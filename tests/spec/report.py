"""What the service answers to the collected calls, as a table: `python -m tests.spec.report`."""

import sys
from collections import Counter

from tests.given import find
from tests.service import service_on
from tests.spec.corpus import ORDER_HOOKS, Tally, parsed_calls, post_every_call, post_scenario
from tests.spec.scenarios import SCENARIOS
from tests.spec.splice import TODAY


def write(line: str = "") -> None:
    sys.stdout.write(f"{line}\n")


def table(title: str, counts: Counter[str]) -> None:
    write(f"\n{title}")
    for name, count in counts.most_common():
        write(f"{count:8}  {name}")


def main() -> int:
    if find("corpus", "cds_hooks") is None:
        write("There is no shared/corpus/cds_hooks beside this repository: nothing to report on.")
        return 2
    with service_on(TODAY) as service:
        raw = post_every_call(service)
        calls = parsed_calls()
        spliced: list[tuple[str, Tally]] = [
            (f"{scenario.name} · {hook}", post_scenario(service, scenario, hook, calls))
            for scenario in SCENARIOS
            for hook in ORDER_HOOKS
        ]
    write(f"# The {raw.statuses.total()} calls as they came")
    table("by status", Counter({str(status): count for status, count in raw.statuses.items()}))
    table("cards by leading rule", raw.leading)
    write("\nnot 200")
    for name, status, why in raw.refusals:
        write(f"{status:8}  {name}: {why}")
    write(f"\n# {len(SCENARIOS)} orders put into {len(calls)} calls, for {len(ORDER_HOOKS)} hooks")
    for name, tally in spliced:
        leading = ", ".join(f"{count} {rule}" for rule, count in tally.leading.most_common())
        moved = f", {tally.moved.total()} moved by the call itself" if tally.moved else ""
        write(f"{len(tally.faults):5} faults  {name}: {leading}{moved}")
    statuses: Counter[str] = Counter()
    for _, tally in spliced:
        statuses.update({str(status): count for status, count in tally.statuses.items()})
    table("by status", statuses)
    faults = raw.faults + [f"{name}: {fault}" for name, tally in spliced for fault in tally.faults]
    write(f"\n# {len(faults)} faults")
    for fault in faults[:50]:
        write(f"  {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
