"""Pages for people, looked at in a browser that reaches nothing but Wane."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from tests.browser import chromium, wane_process
from tests.service import Service

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with wane_process() as running:
        yield running


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    with chromium(tmp_path_factory.mktemp("profile")) as started:
        yield started


def severe(browser: webdriver.Chrome) -> list[str]:
    """What the browser complains about: a file that is not served from here would be among it."""
    return [entry["message"] for entry in browser.get_log("browser") if entry["level"] == "SEVERE"]  # type: ignore[no-untyped-call]


def test_an_example_can_be_sent_from_the_api_page_without_internet(browser: webdriver.Chrome, address: str) -> None:
    browser.get(f"{address}/docs")
    wait = WebDriverWait(browser, 20)
    wait.until(lambda b: b.find_elements(By.ID, "operations-CDS_Hooks-order-select"))
    operation = browser.find_element(By.ID, "operations-CDS_Hooks-order-select")
    operation.find_element(By.CSS_SELECTOR, "button.opblock-summary-control").click()
    wait.until(lambda _: operation.find_elements(By.CSS_SELECTOR, "button.execute"))
    button = operation.find_element(By.CSS_SELECTOR, "button.execute")
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", button)
    button.click()
    wait.until(lambda _: operation.find_elements(By.CSS_SELECTOR, ".live-responses-table .response-col_status"))
    answer = operation.find_element(By.CSS_SELECTOR, ".live-responses-table").text
    assert "200" in answer
    assert "baclofen-alcohol" in answer
    assert severe(browser) == []


@pytest.mark.parametrize("language", ["nl", "fr", "en", "de"])
def test_the_link_of_a_card_leads_to_its_evidence(browser: webdriver.Chrome, address: str, language: str) -> None:
    browser.get(f"{address}/?lang={language}")
    browser.find_element(By.CSS_SELECTOR, "main ul a").click()
    assert browser.find_element(By.TAG_NAME, "html").get_attribute("lang") == language
    assert browser.find_elements(By.CSS_SELECTOR, ".unreviewed")
    assert browser.find_elements(By.CSS_SELECTOR, "main li[id]"), "no claim is shown"
    assert browser.find_elements(By.CSS_SELECTOR, "main tbody tr"), "no case is shown"
    assert severe(browser) == []


def test_a_page_is_not_wider_than_a_phone(browser: webdriver.Chrome, address: str) -> None:
    browser.set_window_size(360, 740)
    browser.get(f"{address}/evidence/bzra-taper?lang=de")
    width = browser.execute_script("return document.documentElement.scrollWidth")
    browser.set_window_size(1100, 1400)
    assert width <= 500  # headless Chromium's narrowest window


@pytest.mark.parametrize("path", ["/", "/docs", "/openapi.json", "/evidence/bzra-stop", "/static/wane.css"])
def test_a_page_names_no_address_outside(wane: Service, path: str) -> None:
    answer = wane.call("GET", path)
    assert answer.status == 200
    text = answer.content.decode()
    for outside in ("cdn.", "unpkg", "jsdelivr", "googleapis", 'src="http', 'href="http'):
        assert outside not in text


def test_the_vendored_files_say_what_they_are() -> None:
    folder = Path(__file__).parents[2] / "app" / "pages" / "static" / "swagger"
    assert {"LICENSE", "NOTICE", "swagger-ui.css", "swagger-ui-bundle.js"} <= {path.name for path in folder.iterdir()}
