"""The settings in a browser: the language at once, one's data as a file, and good-bye."""

from __future__ import annotations

import json
from zipfile import ZipFile

from playwright.sync_api import expect

from tests.browser.checks import violations
from tests.browser.conftest import Arrive
from tests.support.server import Server

PHONE = {"width": 360, "height": 740}


def test_language_data_and_deletion_on_a_phone(arrive: Arrive, server: Server) -> None:
    person = arrive(guest=True, at="/settings", viewport=PHONE)
    page = person.page
    html = page.locator("html")
    page.get_by_role("group", name="Language").get_by_role("button", name="Deutsch").click()
    expect(html).to_have_attribute("lang", "de")
    pressed = page.locator('main button[name="language"][aria-pressed="true"]')
    expect(pressed).to_have_text("Deutsch")
    assert violations(page, dark=True) == []
    page.locator('main button[name="language"][value=""]').press("Enter")
    expect(html).to_have_attribute("lang", "en")

    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download my data").click()
    with ZipFile(waiting.value.path()) as archive:
        assert json.loads(archive.read("account.json"))["name"] == person.name

    page.get_by_role("link", name="Delete this guest…").click()
    assert violations(page, dark=True) == []
    width = "document.documentElement.scrollWidth"
    assert page.evaluate(width) == PHONE["width"]
    page.get_by_role("button", name="Delete this guest").click()
    expect(page.locator("#sure-error")).to_be_visible()
    page.get_by_label("I mean it").check()
    page.get_by_role("button", name="Delete this guest").click()
    expect(page.locator(".flash")).to_contain_text("You are deleted here.")
    page.goto("/privacy")
    assert violations(page, dark=True) == []
    assert page.evaluate(width) == PHONE["width"]
    foot = page.locator("footer")
    foot.get_by_role("button", name="Italiano").click()
    expect(html).to_have_attribute("lang", "it")
    expect(page).to_have_url("/privacy")


def test_the_contents_of_wide_settings_lead_to_each_part(arrive: Arrive) -> None:
    page = arrive(at="/settings", viewport={"width": 1440, "height": 900}).page
    links = page.locator(".settings-contents a")
    assert links.count() > 8
    for address in links.evaluate_all("(all) => all.map((each) => each.getAttribute('href'))"):
        expect(page.locator(address)).to_have_count(1)
    links.last.click()
    expect(page.locator("#delete")).to_be_in_viewport()
    expect(links.first).to_be_in_viewport()
    assert violations(page) == []
