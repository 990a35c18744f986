"""The site as an app: its manifest, its worker and the page for when nobody answers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy.exc import OperationalError

from app.web.app import OFFLINE_FILES
from app.web.languages import LANGUAGES
from tests.web.conftest import Visitor

People = Callable[[], Visitor]


def facts(text: str) -> dict[str, Any]:
    """What the worker of a page is told."""
    found = re.match(r"self\.house = (\{.*\});\n", text)
    assert found
    told: dict[str, Any] = json.loads(found[1])
    return told


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_manifest_names_icons_that_are_there(visitor: People, language: str) -> None:
    person = visitor()
    answer = person.get(f"/manifest.webmanifest?language={language}")
    assert answer.mimetype == "application/manifest+json"
    said = json.loads(answer.text)
    assert (said["name"], said["lang"], said["start_url"]) == ("Parlour", language, "/")
    for icon in said["icons"]:
        image = Image.open(BytesIO(person.get(icon["src"]).data))
        assert f"{image.width}x{image.height}" == icon["sizes"]
        if icon["purpose"] == "maskable":  # it may be cut to a circle: there is no hole in it
            assert image.convert("RGBA").getchannel("A").getextrema() == (255, 255)
    assert {icon["sizes"] for icon in said["icons"]} == {"192x192", "512x512"}
    for shortcut in said["shortcuts"]:
        assert person.get(shortcut["url"]).status_code in (200, 302)


def test_every_page_leads_to_them_in_its_language(visitor: People) -> None:
    page = visitor().get("/rules", headers={"Accept-Language": "it"}).text
    assert '<link rel="manifest" href="/manifest.webmanifest?language=it">' in page
    assert 'data-worker="/sw.js?language=it"' in page


def test_the_worker_changes_with_the_version(app: Flask, visitor: People) -> None:
    answer = visitor().get("/sw.js?language=de")
    assert answer.mimetype == "text/javascript"
    assert "no-cache" in answer.headers["Cache-Control"]
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    told = facts(answer.text)
    version = json.loads(visitor().get("/version").text)["version"]
    assert told["version"] == version
    assert app.static_url_path == f"/static/{version}"
    assert told["files"] == f"/static/{version}/"
    assert told["offline"] == "/offline?language=de"
    for address in (*told["needed"], told["offline"]):
        assert visitor().get(address).status_code == 200, address


def test_all_that_the_page_without_a_way_needs_is_kept(visitor: People) -> None:
    page = visitor().text("/offline?language=en")
    used = re.findall(r'"/static/[^/]+/([^"#]+)(?:#[^"]*)?"', page)
    beside = {"img/icon-apple.png"}  # asked for when the app is installed, and not before
    assert set(used) - beside == set(OFFLINE_FILES)


def test_it_is_nobodys_page_and_needs_no_database(
    account: Callable[[str], Visitor], monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = account("ann")

    def broken(*_: object) -> None:
        raise OperationalError("SELECT 1", {}, Exception("the disk is gone"))

    monkeypatch.setattr("app.services.sessions.resume", broken)
    for address in ("/offline", "/sw.js", "/manifest.webmanifest", "/version"):
        answer = ann.get(address)
        assert answer.status_code == 200, address
        assert "ann" not in re.findall(r"\w+", answer.text)
        assert "csrf" not in answer.text


@pytest.mark.parametrize("address", ["/offline", "/sw.js", "/manifest.webmanifest"])
def test_a_language_that_there_is_not(visitor: People, address: str) -> None:
    assert visitor().get(f"{address}?language=fr").status_code == 404
