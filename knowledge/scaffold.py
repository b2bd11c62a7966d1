"""`wane knowledge new`: the folder of a new rule, with every part there is and nothing decided."""

import re
from pathlib import Path

from knowledge.fault import fail
from knowledge.texts import LANGUAGES

_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_RULE = """\
# What the rule is about, in one line.
id = "{rule}"
version = "1.0.0"
topic = "{topic}"
priority = 100                 # the lower one leads a card
document = ""                  # a folder under documents/
hooks = ["order-select", "order-sign"]
claims = []                    # the statements it follows from
review = {{status = "unreviewed", due = 2027-06-30}}
judges = {{order = "{topic}", change = ["start", "continue", "raise"], unknown = "yes"}}
overrides = ["data-wrong"]

unless = []                    # what ends it before it speaks

[[speak]]
say = "advice"
indicator = "info"
all = []                       # criteria; see knowledge/README.md for the words
"""
_CASES = "".join(
    f"""\
[[case]]
name = ""
today = 2026-11-21
order = {{medicine = "", daily = "", change = "start"}}
expect = "{expect}"
{extra}
"""
    for expect, extra in (
        ("advise", 'say = "advice"\n'),
        ("quiet", ""),
        ("cannot-tell", 'not_told = ["conditions"]\nmissing = ["conditions"]\n'),
    )
)
_TEXT = """\
[{language}]
title = ""

[{language}.advice]
summary = [""]
action = ""
why = ""
gone = ""
section = ""

"""


def lay_out(rule: str, folder: Path) -> list[Path]:
    """Write the three files of a new rule. Raises KnowledgeFault for an id that is no name or is taken."""
    if not _ID.fullmatch(rule):
        fail(rule, "is no rule id.", "Use lower-case words joined by hyphens, like bzra-something.")
    if (folder / rule).exists():
        fail(str(folder / rule), "is there already.", "Choose another id.")
    files = {
        "rule.toml": _RULE.format(rule=rule, topic=rule.split("-", maxsplit=1)[0]),
        "cases.toml": _CASES,
        "texts.toml": "".join(_TEXT.format(language=language) for language in LANGUAGES),
    }
    (folder / rule).mkdir(parents=True)
    for name, text in files.items():
        (folder / rule / name).write_text(text, encoding="utf-8")
    return [folder / rule / name for name in files]
