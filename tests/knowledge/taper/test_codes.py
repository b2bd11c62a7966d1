"""The codes are a contract: texts in four languages and other programs hang on them. A change here is a new version."""

from enum import StrEnum

import pytest

from knowledge.taper import Alternative, Answer, Because, Caution, Fact, Feasibility, Flag, Form, Kind, When
from knowledge.taper.request import HoldReason

CODES: dict[type[StrEnum], str] = {
    Form: "tablet capsule ml drop",
    When: "morning noon evening night day",
    Answer: "yes no not-told",
    Fact: (
        "pregnancy breast-feeding epilepsy withdrawal-seizure withdrawal-delirium suicidality aggression "
        "alcohol-dependence drug-dependence palliative-care spasticity stiff-person second-bzra "
        "hepatic-disease nursing-home used-for-sleep programme-past-year"
    ),
    Kind: "baseline switch hold reduction stop",
    HoldReason: "asked back slower pace first-preparation last-dose",
    Flag: (
        "hold rounded above-asked above-usual above-cap-low-dose waits faster-than-asam inferred-percentage "
        "unverified-strength many-units"
    ),
    Feasibility: "as-asked larger-steps low-dose-above-cap",
    Caution: (
        "not-told division-not-told unverified-strength scheme-unverified percentages-inferred-linear "
        "asked-above-usual faster-than-asam high-dose high-dose-possible programme-not-first "
        "programme-conditions programme-year-not-told conversion-range conversion-gradually "
        "conversion-elderly long-plan ends-above-none withdrawn-product"
    ),
    Because: (
        "medicine-unknown dose-unknown dose-range dose-not-positive as-needed route-not-oral under-18 "
        "indication-unknown division-repeats-a-moment division-does-not-add-up no-products "
        "product-of-other-medicine mixed-release dose-not-makeable taken-units-differ strengths-too-fine "
        "scheme-unknown scheme-not-known-in-full scheme-not-for-medicine step-out-of-range "
        "interval-out-of-range start-below-dose too-many-holds hold-too-long hold-after-the-end "
        "last-dose-fixed-by-scheme last-dose-not-makeable last-dose-too-high at-or-below-target "
        "step-above-cap stop-from-too-high plan-too-long conversion-never conversion-same-medicine "
        "conversion-equivalence-unknown conversion-hepatic-disease conversion-hepatic-not-told "
        "conversion-not-makeable programme-country programme-country-not-told programme-age-not-told "
        "programme-nursing-home programme-residence-not-told programme-second-bzra-not-told "
        "programme-use-too-short programme-use-not-told programme-not-once-daily programme-division-not-told "
        "programme-not-for-sleep programme-reason-not-told programme-dose-above-limit "
        "programme-limit-unknown programme-high-dose programme-equivalence-unknown programme-used-this-year "
        "programme-modified-release replan-no-such-row replan-stopped replan-nothing-before "
        "replan-not-slower"
    ),
    Alternative: "smaller-strength liquid compounded-capsules switch-to-diazepam other-scheme",
}


@pytest.mark.parametrize("codes", CODES, ids=lambda codes: codes.__name__)
def test_the_codes_are_these(codes: type[StrEnum]) -> None:
    assert " ".join(codes) == CODES[codes]
