"""Settings: password, theme, blocks and sessions."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.services import sessions
from app.services.house import House
from app.web.settings import device
from tests.web.conftest import PASSWORD, Visitor

Make = Callable[[str], Visitor]


def test_a_changed_password_ends_the_other_sessions(
    account: Make, visitor: Callable[[], Visitor], house: House
) -> None:
    here, elsewhere = account("ann"), visitor()
    elsewhere.sign_in("ann")
    token = elsewhere.token()
    changed = here.post("/settings/password", old=PASSWORD, new="newer", again="newer")
    assert changed.status_code == 302
    assert here.get("/settings").status_code == 200
    assert token
    assert sessions.resume(house, token) is None
    assert elsewhere.get("/settings").status_code == 302
    assert visitor().sign_in("ann").status_code == 422
    assert visitor().sign_in("ann", "newer").status_code == 302


@pytest.mark.parametrize(
    ("old", "new", "again", "complaint"),
    [
        ("wrong", "newer", "newer", "That is not your old password."),
        ("", "newer", "newer", "The old password is missing."),
        (PASSWORD, "newer", "other", "The two new passwords differ."),
        (PASSWORD, "", "", "Choose a password."),
        (PASSWORD, "x" * 129, "x" * 129, "at most 128"),
    ],
)
def test_a_refused_password_says_why(
    account: Make, visitor: Callable[[], Visitor], old: str, new: str, again: str, complaint: str
) -> None:
    response = account("ann").post("/settings/password", old=old, new=new, again=again)
    assert response.status_code == 422
    assert complaint in response.text
    assert visitor().sign_in("ann").status_code == 302


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_theme_is_kept_and_drawn_by_the_server(
    visitor: Callable[[], Visitor], theme: str
) -> None:
    person = visitor()
    response = person.post("/settings/theme", theme=theme, next="/rules/uttt")
    assert (response.status_code, response.location) == (302, "/rules/uttt")
    page = person.text("/sign-in")
    assert f'data-theme="{theme}"' in page
    assert f'value="{theme}" aria-pressed="true"' in page
    person.post("/settings/theme", theme="system")
    assert "data-theme=" not in person.text("/sign-in").split("<body")[0]


def test_no_other_theme_is_known(visitor: Callable[[], Visitor]) -> None:
    person = visitor()
    assert person.post("/settings/theme", theme='"><script>').status_code == 400
    person.client.set_cookie("theme", "pink")
    assert "pink" not in person.text("/sign-in")


def test_sessions_are_listed_and_can_be_ended(
    account: Make, visitor: Callable[[], Visitor], house: House
) -> None:
    here, phone, library = account("ann"), visitor(), visitor()
    phone.client.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (iPhone) Safari/604.1"
    phone.sign_in("ann")
    library.sign_in("ann")
    page = here.text("/settings")
    assert "Safari on iPhone" in page
    assert "127.0.0.1" in page
    phone_session = phone.caller(house).session_id
    assert here.post("/settings/sessions", id=phone_session).status_code == 302
    assert phone.get("/settings").status_code == 302
    assert library.get("/settings").status_code == 200
    assert here.post("/settings/sessions/others").status_code == 302
    assert library.get("/settings").status_code == 302
    own = here.caller(house).session_id
    assert here.post("/settings/sessions", id=own).location == "/"
    assert here.get("/settings").status_code == 302


def test_nobody_ends_anothers_session(account: Make, house: House) -> None:
    ann, ben = account("ann"), account("ben")
    bens = ben.caller(house).session_id
    ann.post("/settings/sessions", id=bens)
    assert "That session has ended already." in ann.text("/settings")
    ann.post("/settings/sessions/others")
    assert ben.get("/settings").status_code == 200
    assert ann.post("/settings/sessions", id="one").status_code == 400


def test_blocked_players_can_be_let_back(account: Make) -> None:
    ann = account("ann")
    account("ben")
    ann.post("/friends/block", player="ben")
    assert "/player/ben" in ann.text("/settings")
    assert ann.post("/friends/unblock", player="ben", next="/settings").location == "/settings"
    page = ann.text("/settings")
    assert "ben can reach you again." in page
    assert "/player/ben" not in page


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("raw", "A JSON client"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko Firefox/140.0", "Firefox on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Safari/537", "Chrome on Android"),
        ("curl/8.0", "curl/8.0"),
        ("", "Something that gave no name"),
    ],
)
def test_sessions_have_names_that_people_know(app_context: None, label: str, words: str) -> None:
    assert device(label) == words
