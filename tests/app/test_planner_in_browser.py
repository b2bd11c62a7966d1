"""The planner page in a browser that reaches nothing but Wane: by keyboard, on a phone, on paper."""

import base64
import re
from collections.abc import Iterator

import pytest
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select, WebDriverWait

from tests.browser import chromium, wane_process

pytestmark = pytest.mark.browser

PLAN = "medicine=diazepam&country=NL&morning=5&night=10&products=tablet:2/2&products=tablet:5/2&scheme=bcfi-tenth"
REFUSED = "medicine=zopiclone&country=NL&night=7.5"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with wane_process() as running:
        yield running


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    with chromium(tmp_path_factory.mktemp("profile")) as browser:
        yield browser


@pytest.fixture
def browser(started: webdriver.Chrome) -> webdriver.Chrome:
    sized(started, 1280)
    started.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    started.get_log("browser")  # type: ignore[no-untyped-call]
    return started


def sized(browser: webdriver.Chrome, width: int) -> None:
    """A window this wide, also where no desktop window gets so narrow."""
    size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


def severe(browser: webdriver.Chrome) -> list[str]:
    return [entry["message"] for entry in browser.get_log("browser") if entry["level"] == "SEVERE"]  # type: ignore[no-untyped-call]


def wait_for(browser: webdriver.Chrome, selector: str, text: str) -> None:
    """Until an element says so: a form that was sent is on its way for a while."""
    wait = WebDriverWait(browser, 20, ignored_exceptions=[StaleElementReferenceException])
    wait.until(lambda b: any(text in each.text for each in b.find_elements(By.CSS_SELECTOR, selector)))


def press(browser: webdriver.Chrome, *keys: str) -> None:
    ActionChains(browser).send_keys(*keys).perform()


def focused(browser: webdriver.Chrome) -> str:
    return browser.switch_to.active_element.get_attribute("name") or browser.switch_to.active_element.tag_name


def tab_to(browser: webdriver.Chrome, name: str) -> None:
    for _ in range(60):
        press(browser, Keys.TAB)
        if focused(browser) == name:
            return
    raise AssertionError(f"the keyboard does not reach {name}")


def test_a_plan_is_made_with_the_keyboard_alone(browser: webdriver.Chrome, address: str) -> None:
    browser.get(f"{address}/taper?lang=en")
    tab_to(browser, "medicine")
    press(browser, "diazepam")
    tab_to(browser, "country")
    press(browser, "Netherlands")
    tab_to(browser, "night")
    press(browser, "10")
    tab_to(browser, "products_1_mg")
    press(browser, "1")
    press(browser, Keys.ENTER)
    wait_for(browser, "h2", "Step by step")
    assert browser.find_element(By.CSS_SELECTOR, ".dose-curve.wide").is_displayed()
    tab_to(browser, "checked")
    press(browser, Keys.SPACE, Keys.ENTER)
    WebDriverWait(browser, 20).until(lambda b: "checked=on" in b.current_url)
    assert severe(browser) == []


def test_the_page_works_without_scripts(browser: webdriver.Chrome, address: str) -> None:
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    browser.get(f"{address}/taper?lang=nl")
    Select(browser.find_element(By.ID, "medicine")).select_by_value("diazepam")
    browser.find_element(By.ID, "night").send_keys("10")
    browser.find_element(By.NAME, "products_1_mg").send_keys("1")
    browser.find_element(By.CSS_SELECTOR, ".ask button").click()
    wait_for(browser, "h2", "Stap voor stap")
    assert not browser.find_element(By.ID, "print").is_displayed()


@pytest.mark.parametrize("language", ["nl", "fr", "en", "de"])
@pytest.mark.parametrize("query", ["", PLAN, REFUSED], ids=["empty", "plan", "refused"])
def test_nothing_is_wider_than_a_narrow_phone(
    browser: webdriver.Chrome, address: str, language: str, query: str
) -> None:
    sized(browser, 320)
    browser.get(f"{address}/taper?{query}&lang={language}")
    assert browser.execute_script("return document.documentElement.scrollWidth") == 320
    if query == PLAN:
        assert browser.find_element(By.CSS_SELECTOR, ".dose-curve.narrow").is_displayed()
        assert not browser.find_element(By.CSS_SELECTOR, ".dose-curve.wide").is_displayed()
    assert severe(browser) == []


def test_fingers_can_hit_what_is_to_be_hit(browser: webdriver.Chrome, address: str) -> None:
    sized(browser, 320)
    browser.get(f"{address}/taper?{PLAN}&lang=en")
    for control in browser.find_elements(By.CSS_SELECTOR, ".ask input:not([type]), .ask select, button, .links a"):
        if control.is_displayed():
            assert control.size["height"] >= 40, control.get_attribute("name")


@pytest.mark.parametrize("language", ["nl", "fr", "en", "de"])
def test_every_field_has_a_name_and_every_id_is_one_of_a_kind(
    browser: webdriver.Chrome, address: str, language: str
) -> None:
    browser.get(f"{address}/taper?{PLAN}&lang={language}")
    unnamed = browser.execute_script(
        "return [...document.querySelectorAll('input:not([type=hidden]), select')]"
        ".filter(e => !e.labels.length && !e.ariaLabel).map(e => e.name)"
    )
    ids = browser.execute_script("return [...document.querySelectorAll('[id]')].map(e => e.id)")
    assert unnamed == []
    assert len(ids) == len(set(ids))


def test_the_printed_page_is_the_plan_and_not_the_form(browser: webdriver.Chrome, address: str) -> None:
    browser.get(f"{address}/taper?{PLAN}&lang=en")
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        assert not browser.find_element(By.CSS_SELECTOR, ".ask").is_displayed()
        assert not browser.find_element(By.CSS_SELECTOR, ".links").is_displayed()
        assert browser.find_element(By.CSS_SELECTOR, ".steps").is_displayed()
        assert browser.find_element(By.CSS_SELECTOR, ".unreviewed").is_displayed()
        assert browser.find_element(By.CSS_SELECTOR, ".about").is_displayed()
        sized(browser, 680)  # 180 mm in CSS pixels
        assert browser.execute_script("return document.documentElement.scrollWidth") <= 680
        head = browser.find_element(By.CSS_SELECTOR, ".steps thead")
        assert head.size["height"] > 10, "on paper the rows stay a table"
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


@pytest.mark.parametrize("path", ["leaflet", "letter"])
def test_what_is_for_paper_fits_on_it(browser: webdriver.Chrome, address: str, path: str) -> None:
    """As wide as A4 without its margins: nothing is cut off at the right."""
    browser.get(f"{address}/taper/{path}?{PLAN}&lang=de")
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        sized(browser, 680)  # 180 mm in CSS pixels
        assert browser.execute_script("return document.documentElement.scrollWidth") <= 680
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    paper = base64.b64decode(browser.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})["data"])
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) in (1, 2, 3)
    assert severe(browser) == []


def test_the_error_list_leads_to_the_field(browser: webdriver.Chrome, address: str) -> None:
    browser.get(f"{address}/taper?medicine=diazepam&night=x&lang=en")
    browser.find_element(By.CSS_SELECTOR, ".errors a").click()
    WebDriverWait(browser, 20).until(lambda b: b.current_url.endswith("#night"))
    assert browser.find_element(By.ID, "night").get_attribute("aria-invalid") == "true"


def test_a_plan_is_changed_and_the_change_undone(browser: webdriver.Chrome, address: str) -> None:
    browser.get(f"{address}/taper?{PLAN}&first_day=2026-12-01&lang=en")
    before = browser.find_element(By.CSS_SELECTOR, ".steps").get_attribute("data-plan")
    Select(browser.find_element(By.ID, "new_row")).select_by_value("2")
    Select(browser.find_element(By.ID, "new_change")).select_by_value("back")
    browser.find_element(By.CSS_SELECTOR, ".change button").click()
    wait_for(browser, "#plan", f"row 2 of plan {(before or '')[:16]}")
    browser.find_element(By.CSS_SELECTOR, ".change .do a").click()
    wait_for(browser, ".planname", (before or "")[:16])
