"""A past answer in words, for somebody at a terminal."""

from collections.abc import Iterator, Mapping
from typing import Any

_OUTCOMES = {
    "advise": "advised",
    "stay-quiet": "stayed quiet",
    "cannot-tell": "could not tell",
    "failed": "failed",
}
_INTACT = {
    True: "as it was written",
    False: "CHANGED SINCE IT WAS WRITTEN",
    None: "not checked: its key is not at hand",
}


def explained(shown: Mapping[str, Any], card: str | None = None) -> str:
    """The lines for one call as `show.as_json` gives it; with `card`, only what that card is about."""
    return "\n".join(_lines(shown, card))


def _lines(shown: Mapping[str, Any], card: str | None) -> Iterator[str]:
    yield f"{shown['time']}  {shown['hook']}  answered {shown['status']} in {shown['took_us'] / 1000:.1f} ms"
    yield f"  call          {shown['id']} ({_INTACT[shown['intact']]})"
    yield f"  hookInstance  {shown['hook_instance']}"
    yield f"  client        {shown['client']}, answered in {shown['language']}"
    yield f"  patient       {shown['patient']} (keyed hash, key {shown['key_id']})"
    yield f"  knowledge     {shown['knowledge']}, Wane {shown['wane']}"
    if shown["gaps"]:
        yield f"  not known     {', '.join(dict.fromkeys(gap['missing'] for gap in shown['gaps']))}"
    cards = [subject["card"] for subject in shown["subjects"] if "card" in subject]
    for each in cards:
        mark = "this card" if each["uuid"] == card else "card"
        yield f"  {mark:13} {each['uuid']} {each['indicator']}, led by {each['rule']}"
        yield from map(_feedback, each.get("feedback", ()))
    if not cards:
        yield "  no card"
    for subject in shown["subjects"]:
        if card is None or subject.get("card", {}).get("uuid") == card:
            yield ""
            yield f"  {subject['medicine'] or 'could not be judged'} ({subject['about']})"
            for rule in subject["rules"]:
                yield from _rule(rule)


def _feedback(given: Mapping[str, Any]) -> str:
    reason = f": {given['reason']}" if "reason" in given else ""
    comment = " (with a comment, which is not kept)" if "commented" in given else ""
    return f"    {given['outcome']} {given['at']}{reason}{comment}"


def _rule(rule: Mapping[str, Any]) -> Iterator[str]:
    if "id" not in rule:
        yield f"    ? {rule['outcome']}"
        return
    said = f' "{rule["say"]}"' if "say" in rule else ""
    said += f" and was not shown ({rule['withheld']})" if "withheld" in rule else ""
    because = f": {rule['because']}" if "because" in rule else ""
    missing = f" without {', '.join(rule['missing'])}" if "missing" in rule else ""
    yield f"    {rule['id']} {rule['version']} {_OUTCOMES.get(rule['outcome'], rule['outcome'])}{said}{because}{missing}"
    for criterion in rule["criteria"]:
        truth = criterion["truth"] + (", assumed" if "assumed" in criterion else "")
        missing = f" [missing: {criterion['missing']}]" if "missing" in criterion else ""
        rests_on = f" [rests on {', '.join(criterion['restsOn'])}]" if "restsOn" in criterion else ""
        yield f"      {criterion['block']:12} {criterion['criterion']}: {truth}{missing}{rests_on}"
