"""How fast plans are made, and whether any breaks an invariant.

    python -m benchmarks.plans [N] [--seed S] [--processes P]

makes and checks N plans (default 1,000,000) of random requests: real strengths, awkward ones, every scheme, holds,
switches to diazepam, plans that go on from other plans. Refusals do not count as plans. Times per plan are processor
time, without the check. Floor: 0 broken, median at most 5 ms for the slowest medicine; below it the exit code is 1.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from multiprocessing import get_context
from random import Random
from statistics import median
from time import perf_counter, process_time

from knowledge.taper import (
    Circumstances,
    Conversion,
    Equivalence,
    Fact,
    Form,
    Hold,
    Intake,
    Kind,
    Plan,
    PlanRequest,
    Product,
    Refusal,
    When,
    make_plan,
)
from knowledge.taper.invariants import broken_invariants
from knowledge.taper.replan import back, hold, slower

# medicine, tablets or capsules (mg), liquid (mg/ml), mg that stand for 10 mg of diazepam, usual daily doses (mg)
MEDICINES: tuple[tuple[str, str, str, tuple[str, str] | None, str], ...] = (
    ("alprazolam", "0.25 0.5 1 2", "", ("0.5", "1"), "0.25 0.5 1 1.5 2 3 4"),
    ("bromazepam", "3 6", "2.5", ("5", "10"), "3 6 9 12 18"),
    ("brotizolam", "0.25", "", ("0.25", "0.5"), "0.125 0.25 0.5"),
    ("chlordiazepoxide", "5 10 25", "", ("20", "25"), "10 25 30 75"),
    ("clonazepam", "0.5 2", "2.5", ("0.5", "1"), "0.5 1 2 4 6"),
    ("clorazepate", "5 10 20 50", "", ("13.3", "15"), "10 20 50"),
    ("diazepam", "2 5 10", "0.4", ("10", "10"), "2 5 10 12 15 20 30 40 60"),
    ("flurazepam", "15 30", "", ("15", "30"), "15 30"),
    ("loprazolam", "1", "", ("1", "2"), "1 2"),
    ("lorazepam", "0.5 1 2.5", "1", ("1", "2"), "0.5 1 2 2.5 3 5 7.5"),
    ("lormetazepam", "1 2", "", ("1", "2"), "1 2 3 4"),
    ("nitrazepam", "5", "", ("5", "10"), "5 10"),
    ("oxazepam", "5 10 15 50", "", ("20", "50"), "10 15 30 50 100"),
    ("prazepam", "10 20", "15", ("10", "20"), "10 20 30 60"),
    ("temazepam", "10 20", "", ("15", "20"), "10 20 30"),
    ("zolpidem", "5 10", "", ("10", "20"), "5 10 20 30"),
    ("zopiclone", "3.75 7.5", "", ("7.5", "15"), "3.75 7.5 15"),
    ("cloxazolam", "1 2", "", None, "1 2 4"),
    ("baclofen", "5 10 25", "1", None, "60 80 90 100 120 150 180 300"),
)
MOMENTS = (When.MORNING, When.NOON, When.EVENING, When.NIGHT)
SCHEMES = ("asam-2025", "asam-2025", "asam-2025", "nl-guided-reduction", "bcfi-tenth", "riziv-5", "riziv-10")
FIRST = date(2026, 12, 1)
SLOWEST_S = 0.005  # median of one plan, whatever the medicine
ADULT = frozenset(Fact) - {Fact.USED_FOR_SLEEP}


def products_of(rng: Random, medicine: str, strengths: str, liquid: str) -> tuple[Product, ...]:
    """Some of the strengths, whole, halved or quartered; sometimes the liquid, sometimes an odd capsule."""
    chosen = [mg for mg in strengths.split() if rng.random() < 0.7] or strengths.split()[:1]
    products = [
        Product(medicine, Form.TABLET, Fraction(mg), rng.choice((1, 2, 2, 4)), verified=rng.random() < 0.8)
        for mg in chosen
    ]
    if liquid and rng.random() < 0.4:
        products.append(Product(medicine, Form.ML, Fraction(liquid), rng.choice((1, 2, 5, 10))))
    if rng.random() < 0.2:
        part = Fraction(rng.choice(chosen)) / rng.choice((3, 5, 8, 10))
        products.append(Product(medicine, Form.CAPSULE, part, compounded=True))
    return tuple(products)


def divided(rng: Random, daily_mg: Fraction) -> tuple[Intake, ...]:
    """The dose at night, or over two to four moments."""
    count = rng.choice((1, 1, 1, 2, 3, 4))
    moments = MOMENTS[-count:]
    if count > 1 and rng.random() < 0.4:
        night = daily_mg / 2
        return (*(Intake(when, night / (count - 1)) for when in moments[:-1]), Intake(When.NIGHT, night))
    return tuple(Intake(when, daily_mg / count) for when in moments)


def request_of(rng: Random) -> PlanRequest:
    """A request such as a clinician may make, and some that nobody would."""
    medicine, strengths, liquid, tables, doses = rng.choice(MEDICINES)
    daily_mg = Fraction(rng.choice(doses.split())) * rng.choice((1, 1, 1, 1, 2, Fraction(1, 2)))
    scheme = "baclofen-80" if medicine == "baclofen" else rng.choice(SCHEMES)
    step = {
        "asam-2025": (None, None, Fraction(1, 20), Fraction(1, 8), Fraction(1, 4)),
        "nl-guided-reduction": (None, None, Fraction(1, 8)),
        "bcfi-tenth": (None, None, Fraction(1, 20)),
        "baclofen-80": (None, Fraction(12), Fraction(15)),
    }.get(scheme, (None,))
    days = {
        "asam-2025": (None, None, 21, 28),
        "nl-guided-reduction": (None, 14),
        "bcfi-tenth": (None, 7),
        "baclofen-80": (None, 4),
    }.get(scheme, (10, 20, 30))
    programme = scheme.startswith("riziv")
    intakes = (Intake(When.NIGHT, daily_mg),) if programme else divided(rng, daily_mg)
    switch = medicine not in ("baclofen", "diazepam", "cloxazolam") and rng.random() < 0.25
    diazepam = products_of(rng, "diazepam", "2 5 10", "0.4")
    holds = tuple(Hold(rng.randrange(3), rng.choice((7, 14, 30))) for _ in range(rng.choice((0, 0, 1, 2))))
    return PlanRequest(
        medicine=medicine,
        daily_mg=daily_mg,
        products=products_of(rng, medicine, strengths, liquid),
        first_day=FIRST + timedelta(days=rng.randrange(400)),
        intakes=() if not programme and rng.random() < 0.1 else intakes,
        scheme=scheme,
        step=rng.choice(step),
        interval_days=rng.choice(days),
        holds=holds,
        equivalence=Equivalence(Fraction(tables[0]), Fraction(tables[1])) if tables else None,
        programme_limit_mg=daily_mg * 3,
        conversion=Conversion(diazepam) if switch else None,
        patient=Circumstances(
            age_years=rng.choice((30, 50, 84)),
            country="BE",
            continuous_days=400,
            present=frozenset({Fact.USED_FOR_SLEEP}),
            absent=ADULT,
        ),
    )


def plans(rng: Random) -> Iterator[tuple[Plan | Refusal, float]]:
    """A plan, the seconds of processor time it took, and now and then what becomes of it."""
    begun = process_time()
    made = make_plan(request_of(rng))
    yield made, process_time() - begun
    while isinstance(made, Plan) and rng.random() < 0.3:
        row = rng.randrange(len(made.steps) - (made.steps[-1].kind is Kind.STOP))
        on = made.steps[row].first_day + timedelta(days=rng.randrange(20))
        change = rng.randrange(3)
        begun = process_time()
        if change == 0:
            made = hold(made, row=row, on=on, days=14)
        elif change == 1:
            made = back(made, row=row, on=on)
        else:
            made = slower(made, row=row, on=on, interval_days=30)
        yield made, process_time() - begun


def work(task: tuple[int, int]) -> tuple[list[tuple[str, float]], Counter[str], list[str]]:
    """So many plans from one seed: medicine and seconds of each, how requests ended, what was broken."""
    count, seed = task
    rng = Random(seed)
    seconds: list[tuple[str, float]] = []
    ends: Counter[str] = Counter()
    broken: list[str] = []
    while len(seconds) < count:
        for made, taken in plans(rng):
            if isinstance(made, Refusal):
                ends[made.codes()[0]] += 1
                continue
            ends[made.feasibility] += 1
            seconds.append((made.request.medicine, taken))
            broken += [f"{made.request}: {fault}" for fault in broken_invariants(made, made.request)]
    return seconds, ends, broken


def main() -> int:
    """Print the figures; 1 where an invariant is broken, or a medicine takes too long."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("n", nargs="?", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    batch = min(2_000, -(-options.n // options.processes))
    tasks = [(batch, options.seed + i) for i in range(-(-options.n // batch))]
    begun = perf_counter()
    with get_context("spawn").Pool(options.processes) as pool:
        results = list(pool.imap_unordered(work, tasks))
    elapsed = perf_counter() - begun
    told = [each for result in results for each in result[0]]
    seconds = sorted(taken for _, taken in told)
    medians = {
        name: median(taken for each, taken in told if each == name) for name in sorted({name for name, _ in told})
    }
    slowest, its = max(medians.items(), key=lambda each: each[1])
    broken = [each for result in results for each in result[2]]
    ends = sum((result[1] for result in results), Counter[str]())
    print(f"plans             {len(seconds)}")
    print(f"plans per second  {len(seconds) / elapsed:.0f} (checked, {options.processes} processes)")
    print(f"median            {seconds[len(seconds) // 2] * 1000:.2f} ms")
    print(f"slowest medicine  {its * 1000:.2f} ms median ({slowest})")
    print(f"99th percentile   {seconds[len(seconds) * 99 // 100] * 1000:.2f} ms")
    print(f"slowest           {seconds[-1] * 1000:.2f} ms")
    print(f"broken invariants {len(broken)}")
    for end, count in ends.most_common():
        print(f"  {end:34} {count}")
    for fault in broken[:10]:
        print(fault, file=sys.stderr)
    return 1 if broken or its > SLOWEST_S else 0


if __name__ == "__main__":
    sys.exit(main())
