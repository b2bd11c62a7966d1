"""Every kind of fault in the knowledge base is told: which file, which place, what to do next."""

import re
import shutil
import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from knowledge.check import faults
from knowledge.fault import KnowledgeFault
from knowledge.library import HERE, read_library

TODAY = date(2026, 11, 21)
AGAINST = "rules/baclofen-alcohol"
VERSION = tomllib.loads((HERE / AGAINST / "rule.toml").read_text("utf-8"))["version"]
DOSE = "rules/baclofen-alcohol-dose"
STOP = "rules/bzra-stop"
TAPER = "rules/bzra-taper"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the knowledge base to break."""
    folder = tmp_path / "knowledge"
    shutil.copytree(HERE, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__", "*.md"))
    return folder


@pytest.fixture
def broken(copy: Path) -> Callable[[str, str, str], list[str]]:
    """Breaks one place of the copy, and gives what is then told."""

    def break_it(file: str, before: str, after: str) -> list[str]:
        path = copy / file
        text = path.read_text("utf-8")
        assert before in text
        path.write_text(text.replace(before, after, 1), "utf-8")
        return told_of(copy)

    return break_it


def told_of(folder: Path, today: date = TODAY) -> list[str]:
    try:
        return list(faults(read_library(folder), today))
    except KnowledgeFault as fault:
        return [str(fault)]


def test_an_unbroken_copy_has_no_fault(copy: Path) -> None:
    assert told_of(copy) == []


@pytest.mark.parametrize(
    ("file", "before", "after", "told"),
    [
        pytest.param(
            f"{AGAINST}/rule.toml",
            "unless = [\n",
            "unles = [\n",
            f'{AGAINST}/rule.toml: "unles" is not a word this table knows. Use one of: claims, document, hooks, id,',
            id="a misspelt key of a rule",
        ),
        pytest.param(
            f"{AGAINST}/rule.toml",
            "suggest =",
            "sugest =",
            f'{AGAINST}/rule.toml: [[speak]] against: "sugest" is not a word this table knows. Use one of: all, any,',
            id="a misspelt key of a block",
        ),
        pytest.param(
            f"{AGAINST}/rule.toml",
            '{use = "alcohol-medicine"},',
            '{uses = "alcohol-medicine"},',
            f"{AGAINST}/rule.toml: [[speak]] question: any[2]: asks nothing, or two things. Use exactly one of: age,",
            id="a criterion nobody knows",
        ),
        pytest.param(
            f"{AGAINST}/rule.toml",
            '{use = "alcohol-medicine"},',
            '{use = "alcohol-medicine", medicine = "baclofen"},',
            f"{AGAINST}/rule.toml: [[speak]] question: any[2]: asks nothing, or two things. Use exactly one of: age,",
            id="two criteria in one",
        ),
        pytest.param(
            f"{AGAINST}/rule.toml",
            "sure = true",
            "shure = true",
            f'{AGAINST}/rule.toml: [[speak]] against-probably: all[0]: "shure" is not a word this table knows. '
            "Use one of: not_for, problem, state, sure, unknown.",
            id="a misspelt key of a criterion",
        ),
        pytest.param(
            f"{DOSE}/rule.toml",
            'end = "high"',
            'ennd = "high"',
            f'{DOSE}/rule.toml: [[speak]] from-300: all[1]: "ennd" is not a word this table knows. Use one of: above,',
            id="a misspelt key of a bound",
        ),
        pytest.param(
            f"{DOSE}/rule.toml",
            'at_least = 300, unit = "mg/d"',
            'at_least = 300, unit = "mg"',
            f"{DOSE}/rule.toml: [[speak]] from-300: all[1]: needs one comparison and its unit. Write {{",
            id="a bound in another unit",
        ),
        pytest.param(
            f"{DOSE}/rule.toml",
            "at_least = 300",
            'at_least = "300"',
            f"{DOSE}/rule.toml: [[speak]] from-300: all[1]: at_least is not a number. Write it without quotes.",
            id="a bound in quotes",
        ),
        pytest.param(
            f"{DOSE}/rule.toml",
            'end = "high"',
            'end = "top"',
            f'{DOSE}/rule.toml: [[speak]] from-300: all[1]: end = "top" is not known. Use "low" or "high", or leave it out.',
            id="an end of a range nobody knows",
        ),
        pytest.param(
            f"{DOSE}/rule.toml",
            '{dose = {at_least = 300, unit = "mg/d", end = "high"}}',
            "{dose = 300}",
            f'{DOSE}/rule.toml: [[speak]] from-300: all[1]: is not a bound. Write {{at_least = 90, unit = "mg/d"}}.',
            id="a bound without a unit",
        ),
        pytest.param(
            f"{TAPER}/rule.toml",
            "last = 90, ",
            "",
            f"{TAPER}/rule.toml: [[speak]] stepped-care: any[1]: needs last and first_use in days. Write {{above = 60,",
            id="covered days without a window",
        ),
        pytest.param(
            f"{STOP}/rule.toml",
            "held = 7",
            'held = "a week"',
            f"{STOP}/rule.toml: unless[3]: held is not a number of days. Write {{at_most = 25,",
            id="held in words",
        ),
        pytest.param(
            f"{AGAINST}/rule.toml",
            'unknown = "no"}',
            'unknown = "maybe"}',
            f'{AGAINST}/rule.toml: unless[0]: unknown = "maybe" is not "yes" or "no". Leave it out where not-told stays',
            id="an assumption nobody knows",
        ),
        pytest.param(
            f"{AGAINST}/rule.toml",
            'state = ["active", "remission", "unclear"]},\n  {use',
            'state = ["activ"]},\n  {use',
            f"{AGAINST}/rule.toml: [[speak]] question: any[1]: state is missing or not known. Use some of: active,",
            id="a state nobody knows",
        ),
        pytest.param(
            "rules/baclofen-taper/rule.toml",
            'judged = "order"',
            'judged = "draft"',
            'rules/baclofen-taper/rule.toml: [[speak]] support: all[0]: judged = "draft" is not known. Use "order" or "use".',
            id="something else than an order or a use",
        ),
        pytest.param(
            f"{AGAINST}/rule.toml",
            '"order-sign"',
            '"order-sing"',
            f'{AGAINST}/rule.toml: hooks: "order-sing" is not known. Use one of: order-select, order-sign,',
            id="a hook nobody knows",
        ),
        pytest.param(
            f"{AGAINST}/rule.toml",
            '"medication-refill"]',
            '"medication-refill", "patient-view"]',
            f'{AGAINST}/rule.toml: at "patient-view" there is a use to judge, and it judges none. Remove the hook or judge it.',
            id="a hook at which there is nothing to judge",
        ),
        pytest.param(
            f"{AGAINST}/rule.toml",
            'hooks = ["order-select", "order-sign", "medication-refill"]',
            "hooks = []",
            f"{AGAINST}/rule.toml: names no hook, so it never speaks. Add hooks.",
            id="no hook at all",
        ),
        pytest.param(
            f"{AGAINST}/rule.toml",
            'indicator = "warning"',
            'indicator = "alarm"',
            f'{AGAINST}/rule.toml: [[speak]] against.indicator: "alarm" is not known. Use one of: critical, warning, info.',
            id="an indicator nobody knows",
        ),
        pytest.param(
            f"{AGAINST}/rule.toml",
            '"delete-order", ',
            '"remove-order", ',
            f'{AGAINST}/rule.toml: [[speak]] against.suggest: "remove-order" is not known. Use one of: delete-order,',
            id="a suggestion nobody knows",
        ),
        pytest.param(
            f"{AGAINST}/rule.toml",
            'change = ["start"',
            'change = ["begin"',
            f'{AGAINST}/rule.toml: judges.change: "begin" is not known. Use one of: start, continue, raise, lower, stop.',
            id="a change nobody knows",
        ),
        pytest.param(
            f"{AGAINST}/rule.toml",
            'judges = {order = "baclofen"',
            'judges = {order = "baclofen", use = "bzra"',
            f"{AGAINST}/rule.toml: judges: names no medicine or class, or two. order and use name the same one; or name an",
            id="two things judged",
        ),
        pytest.param(
            f"{AGAINST}/rule.toml",
            'version = "',
            'version = "v',
            f'{AGAINST}/rule.toml: version "v{VERSION}" is not three numbers. Write it like "1.0.0".',
            id="a version that is none",
        ),
        pytest.param(
            f"{AGAINST}/rule.toml",
            "priority = 20",
            'priority = "20"',
            f"{AGAINST}/rule.toml: priority is missing. Give a whole number; the lower one leads a card",
            id="a priority that is no number",
        ),
        pytest.param(
            f"{AGAINST}/rule.toml",
            'id = "baclofen-alcohol"',
            'id = "baclofen-alcool"',
            f'{AGAINST}/rule.toml: the id "baclofen-alcool" is not the name of its folder. Make them the same.',
            id="an id that is not the folder's name",
        ),
        pytest.param(
            f"{AGAINST}/rule.toml",
            'all = [{use = "opioid"}]',
            "all = []",
            f"{AGAINST}/rule.toml: [[note]] opioid: has neither `all` nor `any`. Say when it holds;",
            id="a block without a condition",
        ),
        pytest.param(
            f"{AGAINST}/rule.toml",
            'with = ["against"',
            'with = ["agianst"',
            f'{AGAINST}/rule.toml: [[note]] in-use.with: "agianst" is not known. Use one of: question, against,',
            id="a note with a say that is none",
        ),
        pytest.param(
            f"{AGAINST}/rule.toml",
            "unless = [\n",
            'unless = "nothing"\nother = [\n',
            f'{AGAINST}/rule.toml: "other" is not a word this table knows.',
            id="an unless that is no list",
        ),
        pytest.param(
            f"{AGAINST}/rule.toml",
            'review = {status = "unreviewed"',
            'review = {status = "approved"',
            f'{AGAINST}/rule.toml: review: status "approved" is not known. Nobody has reviewed the content: write',
            id="a review that nobody made",
        ),
        pytest.param(
            f"{AGAINST}/rule.toml",
            "due = 2027-06-30",
            'due = "2027-06-30"',
            f"{AGAINST}/rule.toml: review: due is not a date. Write due = 2027-06-30.",
            id="a due date in quotes",
        ),
        pytest.param(
            f"{AGAINST}/rule.toml",
            "due = 2027-06-30",
            "due = 2026-11-20",
            f"{AGAINST}/rule.toml: the review was due on 2026-11-20. Review the rule, then move the date.",
            id="a review that is overdue",
        ),
        pytest.param(
            f"{AGAINST}/rule.toml",
            '{use = "alcohol-medicine"},',
            '{use = "alcohol-medicines"},',
            f'{AGAINST}/rule.toml: "alcohol-medicines" is no medicine and no class. Correct it, or add it under medicines/.',
            id="a class nobody knows",
        ),
        pytest.param(
            f"{TAPER}/rule.toml",
            'course_without = ["clonazepam"',
            'course_without = ["clonazepan"',
            f'{TAPER}/rule.toml: "clonazepan" is no medicine and no class. Correct it, or add it under medicines/.',
            id="a medicine left out that nobody knows",
        ),
        pytest.param(
            f"{AGAINST}/rule.toml",
            'problem = "epilepsy"',
            'problem = "epilepsie"',
            f'{AGAINST}/rule.toml: "epilepsie" is no code list. Correct it, or add codes/epilepsie.csv.',
            id="a code list nobody knows",
        ),
        pytest.param(
            f"{AGAINST}/rule.toml",
            'document = "folia-2017',
            'document = "folia-2016',
            f'{AGAINST}/rule.toml: "folia-2016-baclofen-alcohol" is no document. Correct it, or add its folder under',
            id="a document nobody knows",
        ),
        pytest.param(
            f"{AGAINST}/rule.toml",
            '"BAC-ALC-001"',
            '"BAC-ALC-901"',
            f'{AGAINST}/rule.toml: "BAC-ALC-901" is no claim. Correct it, or add it under documents/.',
            id="a claim nobody makes",
        ),
        pytest.param(
            f"{AGAINST}/rule.toml",
            '"data-wrong"]',
            '"data-rong"]',
            f'{AGAINST}/rule.toml: "data-rong" is no override reason. Correct it, or add it to override_reasons.toml.',
            id="an override reason nobody knows",
        ),
        pytest.param(
            f"{DOSE}/rule.toml",
            'spoken = "baclofen-alcohol"',
            'spoken = "baclofen-alcool"',
            f'{DOSE}/rule.toml: rests on "baclofen-alcool", which is no rule. Correct the name.',
            id="a rule that rests on none",
        ),
        pytest.param(
            f"{AGAINST}/rule.toml",
            "priority = 20",
            'priority = 20\nyields_to = ["baclofen-alcohol-dose"]',
            "rules: rest on each other in a circle: baclofen-alcohol",
            id="rules that rest on each other in a circle",
        ),
        pytest.param(
            f"{AGAINST}/rule.toml",
            "priority = 20",
            "priority 20",
            "baclofen-alcohol/rule.toml: not TOML: ",
            id="a rule that is no TOML",
        ),
    ],
)
def test_a_fault_of_a_rule_is_told(
    broken: Callable[[str, str, str], list[str]], file: str, before: str, after: str, told: str
) -> None:
    assert_told(broken(file, before, after), told)


@pytest.mark.parametrize(
    ("file", "before", "after", "told"),
    [
        pytest.param(
            f"{AGAINST}/texts.toml",
            "[fr.question]",
            "[fr.questions]",
            f'{AGAINST}/texts.toml: fr: "questions" is not a word this table knows. Use one of: against,',
            id="a text for a say that is none",
        ),
        pytest.param(
            f"{STOP}/texts.toml",
            "[fr.not-at-once]",
            "[fr.title-only]",
            f'{STOP}/texts.toml: fr: "title-only" is not a word this table knows. Use one of: not-at-once, title.',
            id="a say without a text in one language",
        ),
        pytest.param(
            f"{AGAINST}/texts.toml",
            "[de]\n",
            "[at]\n",
            f'{AGAINST}/texts.toml: "at" is not a word this table knows. Use one of: de, en, fr, nl.',
            id="a language nobody writes",
        ),
        pytest.param(
            f"{AGAINST}/texts.toml",
            'gone = "Eine andere Indikation',
            'gon = "Eine andere Indikation',
            f'{AGAINST}/texts.toml: de.against: "gon" is not a word this table knows. Use one of: action, gone, section,',
            id="a misspelt part of a text",
        ),
        pytest.param(
            f"{AGAINST}/texts.toml",
            'opioid = "An opioid is in use: naltrexone and nalmefene block opioids, so confer first."',
            "",
            f'{AGAINST}/texts.toml: en.note: "opioid" is missing or is not text. Write opioid = "…".',
            id="a note without a text",
        ),
        pytest.param(
            f"{AGAINST}/texts.toml",
            'summary = ["What is this baclofen for, as it is not recommended for alcohol relapse prevention (BCFI 2017)?"]',
            "summary = []",
            f"{AGAINST}/texts.toml: en.question: summary is missing. Give at least one line, the last one without",
            id="no summary",
        ),
        pytest.param(
            f"{AGAINST}/texts.toml",
            '"Baclofen for alcohol dependence: not',
            f'"{"Baclofen for alcohol dependence, " * 4}: not',
            f"{AGAINST}/texts.toml: en.against.summary: up to 185 characters, 139 fit. Shorten it.",
            id="a summary that is too long",
        ),
        pytest.param(
            f"{STOP}/texts.toml",
            '"Do not stop {medicine} at once after long-term use: taper gradually (Paling 2015)."',
            f'"{"Do" * 35} not stop {{medicine}} at once after long-term use: taper (Paling 2015)."',
            f"{STOP}/texts.toml: en.not-at-once.summary: up to 165 characters, 139 fit. Shorten it.",
            id="a summary that is too long once the longest name stands in it",
        ),
        pytest.param(
            f"{AGAINST}/texts.toml",
            "prevention (BCFI 2017)?",
            "prevention (BCFI 2017)",
            f"{AGAINST}/texts.toml: en.question.summary: is no whole sentence. End it with a full stop.",
            id="a summary that is no sentence",
        ),
        pytest.param(
            f"{AGAINST}/texts.toml",
            '  "Baclofen for alcohol dependence: not recommended for relapse prevention (BCFI 2017).",\n',
            "",
            f"{AGAINST}/texts.toml: en.against.summary: the last line needs dose, which may be unknown. Add one without.",
            id="a summary that always needs a figure",
        ),
        pytest.param(
            f"{AGAINST}/texts.toml",
            "If it is for something else, record",
            "If {name} has something else, record",
            f"{AGAINST}/texts.toml: en.against-probably: {{name}} is never filled in. Use one of: alternatives, ceiling,",
            id="a blank that nobody fills",
        ),
        pytest.param(
            f"{AGAINST}/texts.toml",
            "Choose another treatment if you can.",
            "Choose another treatment for this addict.",
            f'{AGAINST}/texts.toml: en.against: "addict" blames the reader\'s patient. Find another word.',
            id="a word that blames",
        ),
        pytest.param(
            f"{STOP}/texts.toml",
            "5 tot 10 % minder",
            "5 tot 10% minder",
            f'{STOP}/texts.toml: nl.not-at-once: "0%" is not how this language writes a share. Write "0 %".',
            id="a share without the space of its language",
        ),
        pytest.param(
            f"{STOP}/texts.toml",
            "5 to 10% less",
            "5 to 10 % less",
            f'{STOP}/texts.toml: en.not-at-once: "0 %" is not how this language writes a share. Write "0%".',
            id="a share with a space in English",
        ),
        pytest.param(
            "texts/fr.toml",
            "environ 20 % arrêtent",
            "environ 20% arrêtent",
            'texts/fr.toml: [message] letter: "0%" is not how this language writes a share. Write "0 %".',
            id="a share in a letter",
        ),
        pytest.param(
            f"{AGAINST}/texts.toml",
            'title = "Baclofen gegen Alkoholrückfall"',
            'title = "Baclofen bei Alkoholmissbrauch"',
            f'{AGAINST}/texts.toml: de.title: "missbrauch" blames the reader\'s patient. Find another word.',
            id="a word that blames, in a title",
        ),
        pytest.param(
            f"{AGAINST}/texts.toml",
            "studie tot 180 mg/dag",
            "studie tot 150 mg/dag",
            f"{AGAINST}/texts.toml: nl.against and en.against differ in the figures 150, 180. Make them equal.",
            id="figures that differ between languages",
        ),
        pytest.param(
            f"{AGAINST}/texts.toml",
            '(CBIP 2017)."\nliver-disease',
            '(CBIP 2018)."\nliver-disease',
            f"{AGAINST}/texts.toml: fr.note.epilepsy and en.note.epilepsy differ in the figures 2017, 2018. Make them equal.",
            id="figures of a note that differ between languages",
        ),
        pytest.param(
            "texts/fr.toml",
            "birth-date =",
            "birthdate =",
            "texts/fr.toml: [gap] birth-date is missing, and another language has it. Write it.",
            id="shared words that one language lacks",
        ),
        pytest.param(
            "override_reasons.toml",
            'fr = "Pour une autre indication"\n',
            "",
            'override_reasons.toml: other-indication: "fr" is missing or is not text. Write fr = "…".',
            id="an override reason without a language",
        ),
        pytest.param(
            "override_reasons.toml",
            "days = 365",
            'days = "a year"',
            "override_reasons.toml: specialist-agreed: needs display and days. Write [specialist-agreed.display]",
            id="an override reason without days",
        ),
    ],
)
def test_a_fault_of_the_words_is_told(
    broken: Callable[[str, str, str], list[str]], file: str, before: str, after: str, told: str
) -> None:
    assert_told(broken(file, before, after), told)


CASE = f"{AGAINST}/cases.toml"
FIRST = 'case 1 "The order says alcohol dependence: against, without asking what it is for"'


@pytest.mark.parametrize(
    ("file", "before", "after", "told"),
    [
        pytest.param(
            CASE,
            "notes = []",
            "note = []",
            f'{CASE}: case 1: "note" is not a word this table knows. Use one of: age, country, devices,',
            id="a misspelt key",
        ),
        pytest.param(
            CASE,
            'expect = "advise"',
            'expect = "speak"',
            f'{CASE}: {FIRST}: expect = "speak" is not known. Use "advise", "quiet" or "cannot-tell".',
            id="an outcome nobody knows",
        ),
        pytest.param(
            CASE,
            'say = "against"',
            'say = "against-all"',
            f'{CASE}: {FIRST}: the rule has no say "against-all". Use one of: against, against-probably, question.',
            id="a say the rule has not",
        ),
        pytest.param(
            CASE,
            "today = 2026-11-21\n",
            "",
            f"{CASE}: {FIRST}: today is not a date. Write today = 2026-11-21; a case never ages.",
            id="no day",
        ),
        pytest.param(
            CASE,
            'state = "active"',
            'state = "activ"',
            f'{CASE}: {FIRST}: problems: state: "activ" is not known. Use one of: active, remission, resolved, unclear.',
            id="a state nobody knows",
        ),
        pytest.param(
            CASE,
            'daily = "30 mg"',
            'daily = "thirty mg"',
            f'{CASE}: {FIRST}: order: daily = "thirty mg" is no dose. Write "30 mg" or "5-10 mg".',
            id="a dose in words",
        ),
        pytest.param(
            CASE,
            'change = "start"',
            'change = "begin"',
            f'{CASE}: {FIRST}: order: change: "begin" is not known. Use one of: start, continue, raise, lower, stop.',
            id="a change nobody knows",
        ),
        pytest.param(
            CASE,
            'order = {medicine = "baclofen", daily',
            "order = {daily",
            f'{CASE}: {FIRST}: order: "medicine" is missing or is not text. Write medicine = "…".',
            id="an order without a medicine",
        ),
        pytest.param(
            CASE,
            'not_told = ["conditions"',
            'not_told = ["condtions"',
            ': not_told: "condtions" is not known. Use one of: patient, conditions, medications, procedures,',
            id="a list nobody asks for",
        ),
        pytest.param(
            CASE,
            'hook = "order-select"',
            'hook = "order"',
            ': hook: "order" is not known. Use one of: order-select, order-sign, medication-refill, patient-view,',
            id="a hook nobody knows",
        ),
        pytest.param(
            CASE,
            'list = "alcohol-dependence"',
            'list = "alcohol-dependance"',
            f'{CASE}: "The order says alcohol dependence: against, without asking what it is for": '
            '"alcohol-dependance" is no code list. Correct it.',
            id="a code list nobody knows",
        ),
        pytest.param(
            CASE,
            'reason = "alcohol-dependence"',
            'reason = "alcohol-dependance"',
            '"alcohol-dependance" is no code list. Correct it.',
            id="a reason in a list nobody knows",
        ),
        pytest.param(
            CASE,
            'route = "oral"',
            'route = "oraal"',
            '"oraal" is no route. Use one of: buccal, cutaneous, epidural, intramuscular, intrathecal, ',
            id="a route nobody knows",
        ),
        pytest.param(
            CASE,
            'expect = "advise"\nsay = "against"\nnotes = []',
            'expect = "quiet"',
            'baclofen-alcohol: "The order says alcohol dependence: against, without asking what it is for" expects quiet, '
            'and the rule says advise "against".',
            id="a case the rule disagrees with",
        ),
        pytest.param(
            CASE,
            "notes = []",
            'notes = ["epilepsy"]',
            'baclofen-alcohol: "The order says alcohol dependence: against, without asking what it is for" expects the notes '
            "['epilepsy'], and the rule adds [].",
            id="a case that expects another note",
        ),
        pytest.param(
            f"{STOP}/cases.toml",
            "doses = [\n  {since = 2024-01-01,",
            "doses = [\n  {from = 2024-01-01,",
            'doses are not dated. Write doses = [{since = 2026-01-01, daily = "10 mg"}].',
            id="a dose without a date",
        ),
    ],
)
def test_a_fault_of_a_case_is_told(
    broken: Callable[[str, str, str], list[str]], file: str, before: str, after: str, told: str
) -> None:
    assert_told(broken(file, before, after), told)


@pytest.mark.parametrize(
    ("kept", "told"),
    [
        ("cannot-tell", [f'{CASE}: no case expects "advise". Add one.', f'{CASE}: no case expects "quiet". Add one.']),
        (
            "quiet",
            [f'{CASE}: no case expects "cannot-tell". Add one.', f'{CASE}: no case makes the rule say "question".'],
        ),
    ],
)
def test_a_rule_without_a_case_for_an_outcome_is_told(copy: Path, kept: str, told: list[str]) -> None:
    path = copy / CASE
    _, *cases = re.split(r"(?=^\[\[case\]\]$)", path.read_text("utf-8"), flags=re.MULTILINE)
    path.write_text("".join(case for case in cases if f'expect = "{kept}"' in case), "utf-8")

    for message in told:
        assert_told(told_of(copy), message)


@pytest.mark.parametrize(
    ("dose", "told"),
    [
        (r"300", "no case stands on 300 mg/d. Add one."),
        (r"(299|29\d\.\d|179\.9|18\d|30\d|79\.9|80\.1|81|60-90)", "no case stands just beside 80 mg/d. Add one."),
    ],
)
def test_a_bound_on_a_dose_without_a_case_on_it_or_beside_it_is_told(copy: Path, dose: str, told: str) -> None:
    path = copy / DOSE / "cases.toml"
    _, *cases = re.split(r"(?=^\[\[case\]\]$)", path.read_text("utf-8"), flags=re.MULTILINE)
    path.write_text("".join(case for case in cases if not re.search(rf'daily = "{dose} mg"', case)), "utf-8")

    assert_told(told_of(copy), f"{DOSE}/cases.toml: {told}")


@pytest.mark.parametrize(
    ("file", "before", "after", "told"),
    [
        pytest.param(
            "codes/alcohol-dependence.csv",
            "snomed,7200002,",
            "snomed,7200003,",
            "codes/alcohol-dependence.csv line 2: 7200003 fails the SNOMED CT check digit. Look the code up again",
            id="a code with a wrong check digit",
        ),
        pytest.param(
            "codes/alcohol-dependence.csv",
            "snomed,7200002,",
            "snomd,7200002,",
            'codes/alcohol-dependence.csv line 2: the system "snomd" is not in systems.toml. Add it there with its URI,',
            id="a code system nobody knows",
        ),
        pytest.param(
            "codes/alcohol-dependence.csv",
            "snomed,7200002,exact",
            "snomed,7200002,exactly",
            'codes/alcohol-dependence.csv line 2: match "exactly" is not known. Use exact, prefix or range.',
            id="a way of matching nobody knows",
        ),
        pytest.param(
            "medicines/acamprosate.toml",
            "classes =",
            "class =",
            'medicines/acamprosate.toml: "class" is not a word this table knows. Use one of: brand, classes,',
            id="a misspelt key of a medicine",
        ),
        pytest.param(
            "medicines/acamprosate.toml",
            "[names]",
            "[[brand]]",
            "medicines/acamprosate.toml: [names] is missing. Give the name in nl, fr, en and de.",
            id="a medicine without names",
        ),
        pytest.param(
            "medicines/acamprosate.toml",
            'en = "acamprosate"',
            'en = "zopiclone"',
            'medicines/zopiclone.toml: the name "zopiclone" also belongs to acamprosate. A name that fits two medicines',
            id="a name of two medicines",
        ),
    ],
)
def test_a_fault_of_the_reference_data_is_told(
    broken: Callable[[str, str, str], list[str]], file: str, before: str, after: str, told: str
) -> None:
    assert_told(broken(file, before, after), told)


@pytest.mark.parametrize("name", ["rule.toml", "cases.toml", "texts.toml"])
def test_a_file_that_is_missing_is_told(copy: Path, name: str) -> None:
    (copy / AGAINST / name).unlink()

    assert told_of(copy) == [f"{name}: is missing. Add it: baclofen-alcohol/{name}."]


@pytest.mark.parametrize(
    ("file", "pattern", "put", "told"),
    [
        (
            f"{AGAINST}/rule.toml",
            r"claims = \[.*\]",
            "claims = []",
            f"{AGAINST}/rule.toml: rests on no claim. Name the",
        ),
        (
            f"{STOP}/rule.toml",
            r"(?s)\[\[speak\]\].*",
            "",
            f"{STOP}/rule.toml: there is no [[speak]] block. A rule that never speaks is no rule; add one.",
        ),
        (f"{STOP}/rule.toml", r"judges = \{.*\}", "", f"{STOP}/rule.toml: judges: missing. Write judges = {{order ="),
        (f"{STOP}/rule.toml", r"review = \{.*\}", "", f"{STOP}/rule.toml: review: missing. Write review = {{status ="),
        (
            f"{STOP}/rule.toml",
            r"(?s)unless = \[.*?\n\]",
            'unless = "never"',
            f'{STOP}/rule.toml: "unless" is not a list of',
        ),
        (f"{STOP}/cases.toml", r"(?s).*", "", f"{STOP}/cases.toml: holds no case. Add [[case]] with a name,"),
        (
            f"{STOP}/texts.toml",
            r"(?s)\[de\].*",
            "",
            f"{STOP}/texts.toml: de: is missing. Write the text; a card without",
        ),
    ],
)
def test_a_part_that_is_missing_or_empty_is_told(copy: Path, file: str, pattern: str, put: str, told: str) -> None:
    path = copy / file
    text = path.read_text("utf-8")
    changed = re.sub(pattern, put, text, count=1)
    assert changed != text
    path.write_text(changed, "utf-8")

    assert_told(told_of(copy), told)


def assert_told(said: list[str], told: str) -> None:
    assert any(told in line for line in said), "\n".join(said) or "no fault was told"
