"""The parts of the scopa protocol that need no house: what is on offer, what is read, the order
in which things are told.
"""

from __future__ import annotations

import logging
import threading
from typing import Any

import pytest

from app.games import GAMES
from app.legacy.envelope import Malformed
from app.legacy.scopa.controls import decode
from app.legacy.scopa.dialect import DOCUMENTED, OLD, VARIANTS, variant_called
from app.legacy.scopa.inbox import Inbox
from app.legacy.scopa.names import is_showable
from app.legacy.scopa.sequence import Sequence


def test_every_variant_of_the_house_is_on_offer_for_as_many_as_may_play_it() -> None:
    info = GAMES["scopa"].info
    assert {variant.key for variant in VARIANTS} == set(info.variants)
    for variant in VARIANTS:
        for players in info.seats:
            raw = {"variant": variant.key, "players": players}
            if players in variant.players:
                GAMES["scopa"].parse_options(raw)
            else:
                with pytest.raises(Exception, match="players"):
                    GAMES["scopa"].parse_options(raw)


def test_the_documented_clients_are_offered_what_their_page_says() -> None:
    games = DOCUMENTED.games()
    assert games["classic_scopa"] == {"name": "Classic Scopa", "number_of_players": [2, 4]}
    assert games["cirulla"] == {"name": "Cirulla", "number_of_players": [2, 4]}
    assert games["scopone"] == {"name": "Scopone", "number_of_players": [4]}
    assert games.keys() == {"classic_scopa", "cirulla", "cucita", "rebello", "scopone"}


def test_either_word_means_the_classic_game() -> None:
    assert variant_called("classic") == variant_called("classic_scopa") == VARIANTS[0]
    assert variant_called("Classic") is variant_called("") is variant_called("briscola") is None
    assert (OLD.word_for("classic"), DOCUMENTED.word_for("classic")) == ("classic", "classic_scopa")
    assert OLD.word_for("cirulla") == DOCUMENTED.word_for("cirulla") == "cirulla"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "bad_json"),
        ("{", "bad_json"),
        ("[" * 100_000, "bad_json"),
        ("[]", "malformed"),
        ("null", "malformed"),
        ('"login"', "malformed"),
        ("{}", "malformed"),
        ('{"control": null}', "malformed"),
        ('{"control": 7, "data": {}}', "malformed"),
        ('{"type": "login", "data": {}}', "malformed"),
    ],
)
def test_what_is_no_control(text: str, code: str) -> None:
    with pytest.raises(Malformed) as refused:
        decode(text)
    assert refused.value.code == code


def test_a_control_may_come_without_data() -> None:
    assert decode('{"control": "chat"}') == ("chat", None)
    assert decode('{"control": "chat", "data": "hi", "more": 1}') == ("chat", "hi")


@pytest.mark.parametrize("name", ["john", "j-9", "x__"])
def test_names_that_fit_into_a_selector(name: str) -> None:
    assert is_showable(name)


@pytest.mark.parametrize("name", ["", "9lives", "-dash", "_low", "ünder"])
def test_names_that_do_not(name: str) -> None:
    assert not is_showable(name)


def message(version: int, text: str = "") -> dict[str, Any]:
    return {"version": version, "text": text}


def told(sequence: Sequence, version: int) -> list[str]:
    return [each["text"] for each in sequence.complete(version)]


def test_messages_of_a_version_come_out_together_once_it_is_whole() -> None:
    sequence = Sequence(-1)
    sequence.add(message(0, "deal"))
    sequence.add(message(0, "waiting"))
    assert told(sequence, 0) == ["deal", "waiting"]
    assert told(sequence, 0) == []
    assert (sequence.version, sequence.gap) == (0, False)


def test_a_later_version_waits_for_the_one_before() -> None:
    sequence = Sequence(0)
    sequence.add(message(2, "second"))
    assert told(sequence, 2) == []
    assert sequence.gap
    sequence.add(message(1, "first"))
    assert told(sequence, 1) == ["first", "second"]
    assert (sequence.version, sequence.gap) == (2, False)


def test_nothing_is_told_twice() -> None:
    sequence = Sequence(3)
    for version in (1, 2, 3):
        sequence.add(message(version, "old"))
        assert told(sequence, version) == []
    sequence.add(message(4, "new"))
    assert told(sequence, 4) == ["new"]
    sequence.add(message(4, "again"))
    assert told(sequence, 4) == []


def test_a_version_of_which_nothing_has_come_is_not_whole() -> None:
    sequence = Sequence(0)
    assert told(sequence, 1) == []
    sequence.add(message(1, "late"))
    assert told(sequence, 1) == ["late"]


def test_what_comes_while_a_client_asks_is_told_after_the_answer() -> None:
    heard: list[Any] = []
    inbox = Inbox(lambda type, data: heard.append((type, data)))
    inbox.put("a", 1)
    with inbox.asking():
        inbox.put("b", 2)
        heard.append("the answer")
    assert heard == [("a", 1), "the answer", ("b", 2)]


def test_what_a_piece_brings_about_is_told_after_it() -> None:
    heard: list[Any] = []

    def take(type: str, data: Any) -> None:
        if data:
            inbox.put(type, data - 1)
        heard.append(data)

    inbox = Inbox(take)
    inbox.put("count", 3)
    assert heard == [3, 2, 1, 0]


def test_a_piece_that_fails_keeps_neither_its_publisher_nor_the_next(
    caplog: pytest.LogCaptureFixture,
) -> None:
    heard: list[Any] = []

    def take(type: str, data: Any) -> None:
        heard.append(1 / data)

    inbox = Inbox(take)
    with caplog.at_level(logging.ERROR):
        inbox.put("bad", 0)
    inbox.put("good", 1)
    assert heard == [1]


def test_a_request_that_fails_leaves_the_inbox_open() -> None:
    heard: list[Any] = []
    inbox = Inbox(lambda type, data: heard.append(data))

    def ask() -> None:
        with inbox.asking():
            inbox.put("a", 1)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        ask()
    assert heard == [1]


def test_many_at_once_are_told_one_after_another() -> None:
    heard: list[int] = []
    working: list[bool] = []

    def take(type: str, data: int) -> None:
        assert not working, "two at once"
        working.append(True)
        heard.append(data)
        working.pop()

    inbox = Inbox(take)

    def publisher(first: int) -> None:
        for number in range(first, 400, 4):
            inbox.put("n", number)

    threads = [threading.Thread(target=publisher, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(heard) == list(range(400))
    for start in range(4):
        assert [n for n in heard if n % 4 == start] == list(range(start, 400, 4))
