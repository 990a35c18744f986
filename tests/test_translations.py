"""The catalogues: complete, of now, and with the same values in every language."""

from __future__ import annotations

import random
import re
from datetime import UTC, datetime
from functools import cache

import pytest
from babel.dates import format_datetime
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from app.bots.bridge import bidding
from app.games.bridge import SIDES
from app.web import refusals
from app.web.languages import DEFAULT, LANGUAGES
from scripts import messages

OTHERS = sorted(set(LANGUAGES) - {DEFAULT})
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")
MARKUP = re.compile(r"</?[a-z]|&[a-z]+;", re.IGNORECASE)


@cache
def collected() -> Catalog:
    return messages.collect()


@cache
def catalogue(language: str) -> Catalog:
    with messages.path_of(language).open("rb") as file:
        return read_po(file, locale=language)


def entries(language: str) -> list[Message]:
    return [message for message in catalogue(language) if message.id]


def forms(message: Message) -> list[tuple[str, str]]:
    """What is said, and what stands for it: of a plural, each form beside the English plural."""
    if isinstance(message.id, str):
        return [(message.id, message.string)]
    return [(message.id[1], text) for text in message.string]


def values(text: str) -> set[str]:
    return {one or other for one, other in PLACEHOLDER.findall(text)}


def test_every_language_of_the_site_has_a_catalogue():
    assert sorted(messages.LANGUAGES) == OTHERS


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_is_left_untranslated(language):
    missing = [
        message.id
        for message in entries(language)
        if not all(text.strip() for _, text in forms(message))
    ]
    assert not missing, f"{len(missing)} of {len(entries(language))}, the first: {missing[:20]}"


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_is_fuzzy_or_obsolete(language):
    assert not [message.id for message in entries(language) if message.fuzzy]
    assert not catalogue(language).obsolete


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_is_as_make_messages_writes_it(language):
    there = messages.path_of(language).read_text("utf-8")
    assert there == messages.written(language, collected()), "run make messages"


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_values_of_what_it_translates(language):
    wrong = []
    for message in entries(language):
        for said, text in forms(message):
            plural = not isinstance(message.id, str)
            # A form for one alone need not say how many.
            if text and values(said) != values(text) | (
                {"num"} & values(said) if plural else set()
            ):
                wrong.append((said, text))
    assert not wrong


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_keeps_to_what_it_translates(language):
    """No markup that the text has not, the same space around it, the same end of a sentence."""
    wrong = []
    for message in entries(language):
        for said, text in forms(message):
            if not text:
                continue
            bare = MARKUP.search(said) or not MARKUP.search(text)
            space = (said[:1].isspace(), said[-1:].isspace()) == (
                text[:1].isspace(),
                text[-1:].isspace(),
            )
            end = {"…", "?", ":"}
            same = all(said.endswith(mark) == text.endswith(mark) for mark in end)
            if not (bare and space and same):
                wrong.append((said, text))
    assert not wrong


@pytest.mark.parametrize("language", OTHERS)
def test_a_percent_sign_stands_for_itself_alone_in_neither(language):
    """Texts of gettext are formatted with `%`: a lone one would break the page."""
    wrong = []
    for message in entries(language):
        if "python-format" in message.flags:
            for _, text in forms(message):
                if re.search(r"%(?!\(\w+\)[sd]|%)", text):
                    wrong.append(text)
    assert not wrong


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_dates_are_written_by_patterns_that_can_be_read(language):
    at = datetime(2026, 11, 3, 20, 16, tzinfo=UTC)
    patterns = [message for message in collected() if message.context == "date pattern"]
    assert len(patterns) >= 3
    for message in patterns:
        pattern = message.id
        if language != DEFAULT:
            pattern = catalogue(language).get(message.id, message.context).string or message.id
        shown = format_datetime(at, pattern, locale=language)
        assert "3" in shown, pattern
        assert "ov" in shown, pattern
        assert ("20:16" in shown) == ("HH:mm" in message.id), pattern
        assert ("2026" in shown) == ("y" in message.id), pattern


def test_every_sentence_of_a_refusal_is_a_message():
    assert [text for text in refusals.SENTENCES if text not in collected()] == []


def test_whatever_robots_say_of_calls_is_a_message():
    """Over auctions of all kinds: each phrase, and each that is put into one, is collected."""
    known = {message.id for message in collected() if message.context == messages.ROBOTS}
    heard: set[str] = set()

    def say(text: str) -> str:
        heard.add(getattr(text, "template", text))
        for value in getattr(text, "values", {}).values():
            if isinstance(value, str):
                say(value)
        return text

    rng = random.Random(6)
    for number in range(300):
        calls = auction(rng)
        for meaning in bidding.meaning(
            SIDES[number % 4], rng.choice(["none", "NS", "both"]), calls
        ):
            assert meaning.words(say) == meaning.text
    assert heard <= known
    assert len(heard) > 50, "the auctions were of all kinds"


def auction(rng: random.Random) -> list[str]:
    """Calls as people might make them: mostly the next few steps, now and then a double."""
    bids = [level + strain for level in "1234567" for strain in "CDHSZ"]
    calls: list[str] = []
    height, bidder, doubled = -1, -1, 0
    while len(calls) < 4 or calls[-3:] != ["pass"] * 3:
        turn = len(calls)
        theirs = bidder >= 0 and (turn - bidder) % 2 == 1
        chance = rng.random()
        if chance < 0.45 and height + 1 < len(bids):
            height = min(height + rng.choice([1, 1, 2, 3, 4, 5, 6, 9]), len(bids) - 1)
            calls.append(bids[height])
            bidder, doubled = turn, 0
        elif chance < 0.55 and theirs and doubled == 0:
            calls.append("dbl")
            doubled = 1
        elif chance < 0.6 and bidder >= 0 and not theirs and doubled == 1:
            calls.append("rdbl")
            doubled = 2
        else:
            calls.append("pass")
    return calls
