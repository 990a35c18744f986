"""In which language a page is: chosen in the account, in this browser, or as the browser asks."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.services.records import MatchRecord
from app.web.languages import LANGUAGES
from tests.web.conftest import Visitor

Make = Callable[[str], Visitor]

GERMAN = {"headers": {"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}}


def lang(person: Visitor, path: str = "/rules", **options: object) -> str:
    page = person.get(path, **options)
    assert page.status_code == 200
    return page.text.partition('<html lang="')[2].partition('"')[0]


def test_a_stranger_reads_what_their_browser_asks_for(visitor: Callable[[], Visitor]) -> None:
    person = visitor()
    assert lang(person) == "en"
    assert lang(person, **GERMAN) == "de"
    assert lang(person, headers={"Accept-Language": "fr"}) == "en"
    assert "Accept-Language" in person.get("/rules").headers["Vary"]


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_stranger_chooses_in_the_foot_of_any_page(
    visitor: Callable[[], Visitor], code: str
) -> None:
    person = visitor()
    assert f'lang="{code}"' in person.text("/rules")
    chosen = person.post("/settings/language", look_at="/rules", language=code, next="/watch")
    assert (chosen.status_code, chosen.location) == (303, "/watch")
    assert lang(person, "/watch", **GERMAN) == code
    assert f'value="{code}" lang="{code}" aria-pressed="true"' in person.text("/watch")
    assert person.post("/settings/language", language="").status_code == 303
    assert lang(person, **GERMAN) == "de"


def test_an_accounts_language_goes_with_it(account: Make, visitor: Callable[[], Visitor]) -> None:
    ann, elsewhere = account("ann"), visitor()
    ann.post("/settings/language", look_at="/settings", language="it", next="/settings")
    assert lang(ann, "/settings") == "it"
    elsewhere.post("/settings/language", look_at="/rules", language="de")
    elsewhere.sign_in("ann")
    assert lang(elsewhere, "/settings") == "it"
    elsewhere.post("/sign-out")
    assert lang(elsewhere) == "de", "what was chosen in that browser"


def test_it_may_follow_the_browser_again(account: Make) -> None:
    ann = account("ann")
    ann.post("/settings/language", look_at="/settings", language="it")
    ann.post("/settings/language", language="")
    assert lang(ann, "/settings", **GERMAN) == "de"
    assert 'name="language" value="" aria-pressed="true"' in ann.text("/settings")


def test_no_other_language_is_known(visitor: Callable[[], Visitor]) -> None:
    person = visitor()
    assert person.post("/settings/language", language="tlh").status_code == 400
    person.client.set_cookie("language", '"><script>')
    assert lang(person) == "en"


def test_nobody_is_sent_elsewhere_by_it(visitor: Callable[[], Visitor]) -> None:
    answer = visitor().post("/settings/language", language="it", next="https://evil.example")
    assert answer.location == "/"


def test_a_change_needs_the_forms_token(visitor: Callable[[], Visitor]) -> None:
    assert visitor().client.post("/settings/language", data={"language": "it"}).status_code == 400


def test_a_move_that_the_rules_refuse_is_told_in_it(
    account: Make, play: Callable[..., MatchRecord]
) -> None:
    one, other = account("ann"), account("ben")
    record = play(one, other, plies=1)
    path = f"/match/{record.id}"
    other.post("/settings/language", look_at="/settings", language="it")
    other.post(f"{path}/move", look_at=path, square="z9")
    assert "Le caselle vanno da a1 a i9." in other.text(path)
