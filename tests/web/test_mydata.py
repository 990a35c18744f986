"""One's own data on the website: taking it away, deleting it, and what the house says it keeps."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from pathlib import Path
from zipfile import ZipFile

import pytest
from flask import Flask

from app.services import chat, lobby, matches, moderation
from app.services.access import Viewer
from app.services.audit import HOST
from app.services.house import House
from app.store import Base
from app.store.people import DELETED_NAME
from app.web import privacy
from config import ROOT, Config
from tests.web.conftest import PASSWORD, Visitor

Make = Callable[[str], Visitor]
Play = Callable[..., matches.MatchRecord]


def archive(person: Visitor) -> ZipFile:
    answer = person.post("/settings/data", look_at="/settings")
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert answer.headers["Cache-Control"] == "no-store"
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    return ZipFile(io.BytesIO(answer.data))


# To take away


def test_the_archive_has_every_game_in_its_own_notation(
    account: Make, house: House, play: Play
) -> None:
    ann, ben = account("ann"), account("ben")
    record = play(ann, ben)
    with archive(ann) as found:
        assert json.loads(found.read("account.json"))["name"] == "ann"
        text = found.read("matches/uttt-001.txt").decode()
        assert f"# {record.id}\n 1. " in text
        (logged,) = json.loads(found.read("matches/uttt-001.json"))
        assert logged["players"] == ["ann", "ben"]


def test_it_is_named_and_asked_for_by_form(account: Make, visitor: Callable[[], Visitor]) -> None:
    ann = account("ann")
    said = ann.post("/settings/data", look_at="/settings").headers["Content-Disposition"]
    assert re.fullmatch(r'attachment; filename="ann-\d{4}-\d\d-\d\d\.zip"', said)
    assert ann.get("/settings/data").status_code == 405
    assert visitor().post("/settings/data").location.startswith("/sign-in")


# To delete


def test_an_account_is_deleted_with_its_password(
    account: Make, visitor: Callable[[], Visitor], house: House
) -> None:
    ann = account("ann")
    page = ann.text("/settings/delete")
    assert "Delete your account?" in page
    assert "What stays" in page
    for password, complaint in (("", "The password is missing."), ("no", "not your password")):
        refused = ann.post("/settings/delete", password=password, sure="1")
        assert refused.status_code == 422
        assert complaint in refused.text
    assert moderation.is_known(house, "ann")
    done = ann.post("/settings/delete", password=PASSWORD)
    assert (done.status_code, done.location) == (303, "/")
    assert "You are deleted here." in ann.text("/")
    assert ann.get("/settings").status_code == 302
    assert visitor().sign_in("ann").status_code == 422
    assert visitor().register("ann").status_code == 302


def test_a_guest_ticks_that_they_mean_it(guest: Make, house: House) -> None:
    passer = guest("passer-by")
    page = passer.text("/settings/delete")
    assert "Delete this guest?" in page
    assert 'type="password"' not in page
    assert passer.post("/settings/delete").status_code == 422
    assert passer.post("/settings/delete", sure="y").status_code == 303
    assert not moderation.is_known(house, "passer-by")


def test_the_last_admin_is_told_what_to_do(account: Make, house: House) -> None:
    ann = account("ann")
    moderation.make_admin(house, HOST, "ann")
    refused = ann.post("/settings/delete", look_at="/settings/delete", password=PASSWORD)
    assert refused.status_code == 422
    assert "You are the only admin." in refused.text


def test_the_page_says_what_becomes_of_running_matches(account: Make, play: Play) -> None:
    ann, ben = account("ann"), account("ben")
    assert "in the middle of" not in ann.text("/settings/delete")
    play(ann, ben, 3)
    assert "in the middle of 1 match:" in ann.text("/settings/delete")


def test_opponents_see_a_deleted_player_without_a_page(
    account: Make, house: House, play: Play
) -> None:
    ann, ben = account("ann"), account("ben")
    finished = play(ann, ben)
    running = lobby.invite(house, ben.caller(house), "ann")
    chat.say(house, ann.caller(house), Viewer(ann.caller(house).user_id, ""), "lobby", "bye")
    ann.post("/settings/delete", look_at="/settings/delete", password=PASSWORD)
    ben.post("/settings/language", look_at="/settings", language="")
    for path in (f"/match/{finished.id}/replay", f"/match/{running.id}", "/player/ben", "/lobby"):
        page = ben.text(path)
        assert "/player/deleted" not in page
        assert ">ann<" not in page
        assert "/player/ann" not in page
    assert f'<span class="player muted">{DELETED_NAME}</span>' in ben.text(f"/match/{running.id}")
    assert ben.get("/player/deleted%20player").status_code == 404


# What the house says of it


def test_the_page_names_every_table_that_names_a_user() -> None:
    named = {
        table.name
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name == "user"
    }
    told = {table for row in privacy.STORED for table in row.tables}
    assert named <= told
    assert told <= set(Base.metadata.tables), "a table that there is no more"


def sources() -> dict[Path, str]:
    folders = ("app", "static/js")
    files = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.[pj][ys]"))]
    return {path: path.read_text() for path in files}


def constant(text: str, name: str) -> str:
    """What a module's own constant of that name is."""
    found = re.search(rf'^(?:const )?{name}(?:: Final)? = "([^"]+)"', text, re.MULTILINE)
    return found[1] if found else name


def test_the_page_names_every_cookie(app: Flask) -> None:
    used = {app.config["SESSION_COOKIE_NAME"]}
    for path, text in sources().items():
        for name in re.findall(r"set_cookie\(\s*(?:\w+\.)?(\w+)", text):
            where = text if constant(text, name) != name else _defining(name, path, text)
            used.add(constant(where, name))
        used.update(re.findall(r"document\.cookie = `(\w+)=", text))
    with app.test_request_context():
        told = {cookie.name for cookie in privacy.cookies()}
    assert used == told


def _defining(name: str, path: Path, text: str) -> str:
    """The module that a name comes from: `languages.COOKIE` or `from … import THEME_COOKIE`."""
    of = re.search(rf"set_cookie\(\s*(\w+)\.{name}\b", text)
    if of:
        return (path.parent / f"{of[1]}.py").read_text()
    found = re.search(rf"^from ([\w.]+) import [^\n]*\b{name}\b", text, re.MULTILINE)
    assert found, f"{path}: where does {name} come from?"
    return (ROOT / found[1].replace(".", "/")).with_suffix(".py").read_text()


def test_the_page_names_all_that_scripts_keep() -> None:
    used = set()
    for text in sources().values():
        for name in re.findall(r"Storage\.\w+Item\(([A-Z_]+)", text):
            used.add(constant(text, name))
    told = {key for stored in privacy.BROWSER for key in stored.keys}
    assert used == told


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(60, "1 minute"), (3_600, "1 hour"), (20 * 86_400, "20 days"), (5_400, "90 minutes"),
     (129_600, "36 hours"), (7, "7 seconds")],
)  # fmt: skip
def test_periods_are_said_whole(app: Flask, seconds: int, words: str) -> None:
    with app.test_request_context():
        assert privacy.span(seconds) == words


def test_the_page_has_the_houses_own_periods(
    app: Flask, config: Config, visitor: Callable[[], Visitor], account: Make
) -> None:
    house: House = app.extensions["house"]
    other = replace(
        config, SESSION_TTL=777 * 86_400, CHAT_TTL=888 * 86_400, ACCOUNT_TTL=999 * 86_400
    )
    app.extensions["house"] = replace(house, config=other)
    for person in (visitor(), account("ann")):
        page = unescape(person.text("/privacy"))
        for words in ("777 days", "888 days", "999 days"):
            assert words in page
    assert "999 days" not in visitor().text("/rules")


@pytest.mark.parametrize("path", ["/", "/register", "/rules", "/sign-in"])
def test_it_is_never_far(visitor: Callable[[], Visitor], path: str) -> None:
    assert 'href="/privacy"' in visitor().text(path)
