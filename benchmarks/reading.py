"""How well doses are read: every line of the dosage examples through the reader, held against a human reading.

    python -m benchmarks.reading [--own-texts] [--list]

`--own-texts` leaves out the text that stands beside the instructions, `--list` names the rows behind the numbers.
An answer is right if its range is, in the unit of the human reading or one it converts to. Where text and structure
of a row say different things, naming the conflict is the right answer. Where the human reading has no value because
the text tells no amount, the amount that the structure tells is an answer of its own kind: "from structure alone".
"""

import json
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from app.intake.dose_lines import read_line
from knowledge.library import read_library

_PLACE = Path("shared", "corpus", "dosage", "dosage_examples.jsonl")  # beside the repository, or above it
_ABOVE = Path(__file__).resolve().parents[1].parents
EXAMPLES = next((one / _PLACE for one in _ABOVE if (one / _PLACE).exists()), _ABOVE[0] / _PLACE)
BARS = {"wrong though sure": 0.005, "right": 0.92, "conflicts": 0.90}
_MG = {"g": 1000.0, "ug": 0.001}
_MEASURED = ("mg", "mL", "mg/m2", "cm", "drop")


def judge(row: dict[str, Any], answer: dict[str, Any]) -> str:
    """The kind of one answer."""
    expected, daily = row["expected_daily_dose"], answer["daily"]
    if answer["conflict"]:
        return "conflict named" if row.get("text_structure_conflict") else "conflict named where none is marked"
    if daily is None:
        return "refused with a reason" if answer["reason"] else "refused without a reason"
    if expected is None:
        total = row["our_simple_structure_total"]
        if total is not None and _near(daily["high"], total) and answer["basis"] == "structure":
            return "answered from structure alone"
        return "wrong though sure" if answer["certainty"] == "sure" else "wrong, and not sure"
    if _same(expected, daily) or _same(_equivalent(row), daily):
        return "right"
    return "wrong though sure" if answer["certainty"] == "sure" else "wrong, and not sure"


def _same(expected: dict[str, Any] | None, daily: dict[str, Any]) -> bool:
    if expected is None:
        return False
    factor = _MG.get(expected["unit"], 1.0)
    unit = "mg" if expected["unit"] in _MG else expected["unit"]
    if unit != daily["unit"] and (unit in _MEASURED or daily["unit"] in _MEASURED):
        return False
    low, high = expected.get("low", expected["value"]), expected.get("high", expected["value"])
    return _near(daily["low"], low * factor) and _near(daily["high"], high * factor)


def _equivalent(row: dict[str, Any]) -> dict[str, Any] | None:
    value, _, unit = (row.get("equivalent") or "").partition(" ")
    return {"value": float(value), "unit": unit.split()[0]} if value else None


def _near(one: float, other: float) -> bool:
    return abs(one - other) <= 0.001 * max(abs(one), abs(other))


def main(arguments: list[str]) -> int:
    rows = [json.loads(line) for line in EXAMPLES.read_text(encoding="utf-8").splitlines()]
    library = read_library()
    kinds: dict[str, list[str]] = defaultdict(list)
    sure: Counter[str] = Counter()
    for row in rows:
        seen = {key: row[key] for key in ("id", "dosageInstruction", "text")}
        if "--own-texts" in arguments:
            del seen["text"]
        answer = json.loads(read_line(json.dumps(seen), library))
        kind = judge(row, answer)
        kinds[kind].append(f"{row['id']}  {row['text'][:90]!r}  {row['structure_brief'][:80]}  ⇒ {_brief(row, answer)}")
        if row["sure"] and row["expected_daily_dose"] is not None:
            sure[kind] += 1
    conflicts = sum(bool(row.get("text_structure_conflict")) for row in rows)
    wrong = len(kinds["wrong though sure"]) / len(rows)
    right = (sure["right"] + sure["conflict named"]) / sum(sure.values())
    named = len(kinds["conflict named"]) / conflicts
    answered = sum(len(kinds[k]) for k in kinds if "refused" not in k and "conflict" not in k)
    print(f"{len(rows)} dosages, {answered} answered")
    for kind in sorted(kinds):
        print(f"  {len(kinds[kind]):4}  {kind}")
        if "--list" in arguments and kind not in ("right", "conflict named"):
            print(*(f"          {line}" for line in kinds[kind]), sep="\n")
    missed = [
        row["id"] for row in rows if row.get("text_structure_conflict") and not _in(kinds["conflict named"], row["id"])
    ]
    print(f"wrong though sure  {wrong:6.2%} of all             (bar: at most {BARS['wrong though sure']:.1%})")
    print(f"right              {right:6.2%} of {sum(sure.values())} sure values  (bar: at least {BARS['right']:.0%})")
    print(
        f"conflicts named    {named:6.2%} of {conflicts}              (bar: at least {BARS['conflicts']:.0%})", *missed
    )
    met = wrong <= BARS["wrong though sure"] and right >= BARS["right"] and named >= BARS["conflicts"]
    return 0 if met else 1


def _in(lines: list[str], row_id: str) -> bool:
    return any(line.startswith(row_id) for line in lines)


def _brief(row: dict[str, Any], answer: dict[str, Any]) -> str:
    daily = answer["daily"]
    got = f"{daily['low']}–{daily['high']} {daily['unit']} {answer['certainty']}" if daily else answer["reason"]
    expected = row["expected_daily_dose"]
    wanted = (
        f"{expected.get('low', expected['value'])}–{expected['value']} {expected['unit']}"
        if expected
        else row["reason"]
    )
    return f"{got}  (reading: {wanted})"


if __name__ == "__main__":
    if not EXAMPLES.exists():
        sys.exit(f"The dosage examples are not here: {EXAMPLES}")
    sys.exit(main(sys.argv[1:]))
