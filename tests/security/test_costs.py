"""Everything that costs has a limit: each form, each request and each command is named here.

Whoever adds one has to say which limit holds it, or why it needs none; and where a limit is named,
it is tried: with that limit used up, what was asked for is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import pytest
from flask import Flask

from app.legacy.commands.table import COMMANDS
from app.live.commands import TYPES, handle
from app.live.links import Link
from app.services import chat, matches, tables
from app.services.access import Viewer
from app.services.bridge import tables as bridge_tables
from app.services.house import House
from app.services.limits import Limits, TooMany
from app.services.records import MatchRecord, Setup
from app.services.sessions import Caller
from tests.security.conftest import People
from tests.web.conftest import PASSWORD

# All that is asked for over HTTP has its address's share (`app.shares`), all that is asked for on a
# connection its MESSAGES_PER_SECOND. That is enough for what is one short transaction at most:
OWN_SEAT: Final = "one move of a match that one is in, of which there are MAX_OPEN_MATCHES"
OWN_TABLE: Final = "changes a table of one's own, of which opening had its limit"
ONE_ROW: Final = "sets one value of one's own"
LEAVES: Final = "takes something away that had its limit when it was made"
READS: Final = "reads what is indexed, a page of it at most"
ADMINS: Final = "for admins alone"
NO_MORE: Final = frozenset({OWN_SEAT, OWN_TABLE, ONE_ROW, LEAVES, READS, ADMINS})

FORMS: Final[Mapping[str, str]] = {
    "auth.sign_in": "sign_in_address",
    "auth.register": "register",
    "auth.guest": "guest",
    "auth.sign_out": LEAVES,
    "tokens.sign_in": "api_token",
    "tokens.first_password": "password",
    "tokens.renew": ONE_ROW,
    "tokens.show": READS,
    "settings.password": "password",
    "settings.keep": "upgrade",
    "settings.bridge": ONE_ROW,
    "settings.theme": ONE_ROW,
    "settings.language": ONE_ROW,
    "settings.revoke": LEAVES,
    "settings.revoke_others": LEAVES,
    "programs.mark": ONE_ROW,
    "mydata.download": "archive",
    "mydata.delete": "password",
    "coach.off": ONE_ROW,
    "notices.close": ONE_ROW,
    "friends.add": "friends",
    "friends.remove": "friends",
    "friends.block": "friends",
    "friends.unblock": "friends",
    "messages.say": "chat",
    "messages.report": "report",
    "computer.play": "invite",
    "lobby.seek": "invite",
    "lobby.challenge": "invite",
    "lobby.cancel": LEAVES,
    "tables.new": "invite",
    "tables.join": "invite",
    "tables.join_named": "invite",
    "tables.accept": "invite",
    "tables.decline": LEAVES,
    "tables.withdraw": LEAVES,
    "tables.close": LEAVES,
    "tables.leave": LEAVES,
    "tables.give": "invite",
    "play.move": OWN_SEAT,
    "play.end": OWN_SEAT,
    "play.rematch": "invite",
    "analysis.ask": "analysis",
    "bridge.open_table": "invite",
    "bridge.robots": "invite",
    "bridge.with_robots": "invite",
    "bridge.sit": "invite",
    "bridge.look": ONE_ROW,
    **dict.fromkeys(("bridge.bid", "bridge.play", "bridge.claim", "bridge.undo"), OWN_SEAT),
    **dict.fromkeys(("bridge.answer", "bridge.ready"), OWN_SEAT),
    **dict.fromkeys(("bridge.fill", "bridge.robot_in", "bridge.robot_out"), OWN_TABLE),
    **dict.fromkeys(("bridge.settings", "bridge.swap"), OWN_TABLE),
    **dict.fromkeys(("bridge.leave", "bridge.unwatch"), LEAVES),
    "bridge.watch": READS,
}

REQUESTS: Final[Mapping[str, str]] = {
    "match_request": "invite",
    "rematch": "invite",
    "challenge": "invite",
    "accept_challenge": "invite",
    "open_table": "invite",
    "join_table": "invite",
    "table.add": "invite",
    "set_seat": "invite",
    "player.sit": "invite",
    "chat": "chat",
    "chat.message": "chat",
    "report": "report",
    "friend_request": "friends",
    "unfriend_request": "friends",
    "block": "friends",
    "unblock": "friends",
    **dict.fromkeys(("bid", "move", "claim", "claim.accept", "claim.decline"), OWN_SEAT),
    **dict.fromkeys(("undo", "undo.accept", "undo.decline", "end_match", "table.ready"), OWN_SEAT),
    **dict.fromkeys(("table.robot", "table.settings", "table.swap"), OWN_TABLE),
    **dict.fromkeys(("close_table", "decline_challenge", "leave_table", "player.leave"), LEAVES),
    **dict.fromkeys(("withdraw_challenge", "unwatch", "table.unwatch"), LEAVES),
    **dict.fromkeys(("chat_history", "chat_unread", "hall", "lobby", "match_data"), READS),
    **dict.fromkeys(("match_log", "match_states_request", "small_boards", "watch"), READS),
    **dict.fromkeys(("table.watch",), READS),
    "chat_read": ONE_ROW,
}


def test_each_form_is_named(app: Flask) -> None:
    posts = {r.endpoint for r in app.url_map.iter_rules() if "POST" in (r.methods or ())}
    others = {endpoint for endpoint in posts if not endpoint.startswith("admin.")}
    assert others - set(FORMS) == set()


def test_each_request_is_named() -> None:
    assert set(REQUESTS) == set(TYPES)


def test_each_command_over_http_is_counted(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    _use_up(monkeypatch, "api")
    for name in (*COMMANDS, "openapi.json", "no-such-command"):
        for method in ("GET", "POST"):
            answer = app.test_client().open(f"/api/{name}", method=method)
            assert answer.status_code == 429, (method, name)


def test_every_limit_that_is_named_is_one(house: House) -> None:
    named = {*FORMS.values(), *REQUESTS.values()} - NO_MORE
    assert named <= set(house.limits._rates)
    # And each one that there is holds something: those that no form or request has are named here.
    elsewhere = {"api", "sign_in", "sign_in_name", "code", "code_game"}
    assert set(house.limits._rates) == named | elsewhere


# Tried out

Fields = dict[str, str]


def _use_up(monkeypatch: pytest.MonkeyPatch, *names: str) -> list[str]:
    """Let there be nothing left of these limits; which were asked for."""
    asked: list[str] = []

    def hit(_self: Limits, name: str, *_key: str) -> None:
        asked.append(name)
        if name in names:
            raise TooMany(1)

    monkeypatch.setattr(Limits, "hit", hit)
    return asked


@pytest.fixture
def places(people: People, house: House, play: Callable[..., MatchRecord]) -> dict[str, str]:
    """What forms and requests are about: a finished match, tables, and a line of the chat."""
    boss = people.admin.caller(house)
    over = play(people.player, people.admin, plies=2)
    matches.end(house, boss, over.id)
    setup = Setup("uttt", rated=False)
    table = tables.open(house, boss, setup)
    asked = tables.challenge(house, boss, "ann", setup)
    line = chat.say(house, boss, Viewer(boss.user_id, "", None), "lobby", "Hello")
    bridge = bridge_tables.open(house, boss)
    return {
        "over": over.id, "table": table.id, "asked": asked.id, "line": str(line.id),
        "bridge": bridge.id,
    }  # fmt: skip


NEW: Final = {"new": "another", "again": "another"}
SENT: Final[Mapping[str, tuple[str, Fields]]] = {
    "auth.sign_in": ("/sign-in", {"name": "ann", "password": "wrong"}),
    "auth.register": ("/register", {"name": "eve", "password": PASSWORD}),
    "auth.guest": ("/guest", {"name": "eve"}),
    "tokens.sign_in": ("/sign-in/token", {"token": "x" * 12}),
    "tokens.first_password": ("/settings/password/first", NEW),
    "settings.password": ("/settings/password", {"old": PASSWORD, **NEW}),
    "settings.keep": ("/settings/keep", {"name": "pat", "password": PASSWORD}),
    "mydata.download": ("/settings/data", {}),
    "mydata.delete": ("/settings/delete", {"password": PASSWORD, "sure": "y"}),
    "friends.add": ("/friends/add", {"player": "boss"}),
    "friends.remove": ("/friends/remove", {"player": "boss"}),
    "friends.block": ("/friends/block", {"player": "boss"}),
    "friends.unblock": ("/friends/unblock", {"player": "boss"}),
    "messages.say": ("/chat", {"room": "lobby", "text": "Hello"}),
    "messages.report": ("/chat/line/report", {"room": "lobby", "id": "{line}", "reason": "spam"}),
    "computer.play": ("/computer", {}),
    "lobby.seek": ("/lobby/seek", {}),
    "lobby.challenge": ("/lobby/challenge", {"player": "boss"}),
    "tables.join": ("/table/{table}/join", {}),
    "tables.give": ("/table/{table}/seat", {"seat": "1", "kind": "free"}),
    "tables.accept": ("/table/{asked}/accept", {}),
    "play.rematch": ("/match/{over}/rematch", {}),
    "analysis.ask": ("/match/{over}/analysis", {}),
    "bridge.open_table": ("/bridge/open", {"position": "N"}),
    "bridge.with_robots": ("/bridge/robots", {}),
    "bridge.sit": ("/bridge/table/{bridge}/sit", {"position": "S"}),
}
WHO: Final = {"settings.keep": "guest"} | dict.fromkeys(
    ("auth.sign_in", "auth.register", "auth.guest", "tokens.sign_in"), "stranger"
)


def test_a_form_whose_limit_is_used_up_is_refused(
    people: People, places: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for endpoint, (path, fields) in SENT.items():
        person = getattr(people, WHO.get(endpoint, "player"))
        given = {name: value.format(**places) for name, value in fields.items()}
        with monkeypatch.context() as patch:
            asked = _use_up(patch, FORMS[endpoint])
            answer = person.post(path.format(**places), look_at="/no-such-page", **given)
        assert FORMS[endpoint] in asked, (endpoint, answer.status)
        text = answer.text if answer.location is None else person.get(answer.location).text
        assert answer.status_code == 429 or "too " in text.lower(), (endpoint, answer.status)


class Asker(Link):
    """Somebody at a connection."""

    def __init__(self, caller: Caller) -> None:
        self.caller = caller
        self.address = "192.0.2.1"
        self.watching: dict[str, int] = {}
        self.gone = False
        self.looking = None
        self.glancing = frozenset()

    def join(self, room: str) -> None:
        """Hear nothing."""

    def leave(self, room: str) -> None:
        """Hear nothing."""


ASKED: Final[Mapping[str, dict[str, Any]]] = {
    "match_request": {"player": "boss"},
    "rematch": {"id": "{over}"},
    "challenge": {"player": "boss"},
    "accept_challenge": {"id": "{asked}"},
    "open_table": {},
    "join_table": {"id": "{table}"},
    "table.add": {},
    "set_seat": {"id": "{table}", "seat": 1, "kind": "free"},
    "player.sit": {"tid": "{bridge}", "position": "S"},
    "chat": {"room": "lobby", "text": "Hello"},
    "chat.message": {"wid": "global", "message": "Hello"},
    "report": {"id": "{line}", "reason": "spam"},
    "friend_request": {"user": "boss"},
    "unfriend_request": {"user": "boss"},
    "block": {"user": "boss"},
    "unblock": {"user": "boss"},
}


def test_all_requests_with_a_limit_are_tried() -> None:
    assert set(ASKED) == {name for name, limit in REQUESTS.items() if limit not in NO_MORE}


def test_a_request_whose_limit_is_used_up_is_refused(
    people: People, places: dict[str, str], house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = Asker(people.player.caller(house))
    for type, given in ASKED.items():
        data: dict[str, Any] = {
            name: value.format(**places) if isinstance(value, str) else value
            for name, value in given.items()
        }
        if type == "report":
            data["id"] = int(data["id"])
        with monkeypatch.context() as patch:
            asked = _use_up(patch, REQUESTS[type])
            result = handle(house, link, type, data)
        assert REQUESTS[type] in asked, (type, result)
        told = [reply.data.get("success") for reply in result.replies]
        refused = result.error is not None and result.error.code in ("too_many", "too_fast")
        assert refused or told == [False], (type, result)
