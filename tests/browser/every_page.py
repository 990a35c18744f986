"""A house in which every page has something to show, and where each of them is to be found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Final

from flask import Flask

from app import create_app
from app.extensions import db
from app.services import accounts, chat, friends, lobby, matches, moderation, reports, tables
from app.services.audit import HOST
from app.services.bridge import tables as bridge_tables
from app.services.channels import Viewer
from app.services.house import House
from app.services.records import MatchRecord, Setup
from app.services.sessions import Caller
from tests.conftest import settings_for_tests
from tests.services.bridge_deals import TABLE, analyse, bid, dealt
from tests.services.conftest import CLIENT
from tests.web.bridge_deals import go_on
from tests.web.scopa_tables import begin
from tests.web.scopa_tables import go_on as play_scopa

PASSWORD: Final = "only a test"
STRANGER, PLAYER, ADMIN = "", "anna", "eve"
OTHERS: Final = ("bert", "carl", "dora")
PEOPLE: Final = (PLAYER, *OTHERS, ADMIN)

# Where the pages of each endpoint are, and who looks at them; names in braces are `made`.
PLACES: Final[Mapping[str, tuple[str, ...]]] = {
    "admin.bans_page": ("/admin/bans",),
    "admin.broadcast_page": ("/admin/broadcast",),
    "admin.confirm_ban": ("/admin/players/bert/ban",),
    "admin.confirm_delete": ("/admin/players/bert/delete",),
    "admin.confirm_stop": ("/admin/stop/restart",),
    "admin.index": ("/admin",),
    "admin.log": ("/admin/log",),
    "admin.matches": ("/admin/matches",),
    "admin.online": ("/admin/online",),
    "admin.player": ("/admin/players/bert",),
    "admin.players": ("/admin/players",),
    "admin.record": ("/admin/audit",),
    "admin.reports_page": ("/admin/reports",),
    "admin.status": ("/admin/status",),
    "api.page": ("/api",),
    "app.offline": ("/offline",),
    "auth.register": ("/register",),
    "auth.sign_in": ("/sign-in",),
    "bridge.board": ("/bridge/board/{board}",),
    "bridge.hall": ("/bridge",),
    "bridge.leaving": ("/bridge/table/{table}/leave",),
    "bridge.session_page": ("/bridge/session/{session}",),
    "bridge.table": ("/bridge/table/{table}",),
    "friends.index": ("/friends",),
    "lobby.index": ("/lobby",),
    "messages.about": ("/chat/line/{line}",),
    "messages.alone": ("/chat/lobby",),
    "messages.index": ("/messages",),
    "messages.talk": ("/messages/bert",),
    "play.leave": ("/match/{uttt}/end",),
    "play.match": ("/match/{uttt}", "/match/{uttt_over}", "/match/{scopa}", "/match/{scopa_over}"),
    "play.replay": (
        "/match/{uttt_over}/replay?ply=4",
        "/match/{scopa_over}/replay?ply=4",
        "/match/{deal}/replay?ply=20",
    ),
    "play.verify": ("/match/{scopa_over}/verify", "/match/{deal}/verify"),
    "privacy.page": ("/privacy",),
    "profile.player": ("/player/bert", "/player/anna?game=bridge"),
    "rankings.bots": ("/rankings/uttt/bots",),
    "rankings.index": ("/rankings",),
    "rankings.of": ("/rankings/uttt",),
    "rules.bridge": ("/rules/bridge",),
    "rules.index": ("/rules",),
    "rules.scopa": ("/rules/scopa",),
    "rules.uttt": ("/rules/uttt",),
    "settings.index": ("/settings",),
    "mydata.delete": ("/settings/delete",),
    "start.index": ("/",),
    "tables.join_named": ("/table/join",),
    "tables.new": ("/table/new", "/table/new?game=scopa", "/table/new?player=bert"),
    "tables.table": ("/table/{open}",),
    "tokens.sign_in": ("/sign-in/token",),
    "watch.best": ("/watch/best", "/watch/best/uttt"),
    "watch.index": ("/watch",),
}

# What is no page: files, what scripts ask for, and what leads on.
NO_PAGES: Final = {
    "static",
    "app.current_version",
    "app.manifest",
    "app.worker",
    "analysis.progress",
    "bridge.board_file",
    "bridge.deal_file",
    "bridge.meanings",
    "bridge.session_file",
    "play.export_json",
    "play.export_text",
}

# Strangers see these; all others are looked at by a player, those of admins by one.
OUTSIDE: Final = ("auth", "start", "app", "tokens", "api", "rules", "privacy", "watch")


def who_looks(endpoint: str) -> str:
    """The name of whoever looks at the pages of an endpoint; empty: a stranger."""
    area = endpoint.partition(".")[0]
    if area == "admin":
        return ADMIN
    return STRANGER if area in OUTSIDE else PLAYER


def endpoints(app: Flask) -> set[str]:
    """Every endpoint that can be visited."""
    return {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}


@dataclass(frozen=True)
class Made:
    """What stands in the house: by the names of `PLACES`."""

    ids: Mapping[str, object]

    def paths(self, endpoint: str) -> list[str]:
        return [place.format_map(self.ids) for place in PLACES[endpoint]]


def fill(instance: Path) -> Made:
    """Fill the database of `instance`, which has its tables; nobody serves it yet."""
    config = replace(settings_for_tests(instance), SECRET_KEY="")
    app = create_app(config)
    house: House = app.extensions["house"]
    people = [accounts.register(house, name, PASSWORD, client=CLIENT).caller for name in PEOPLE]
    anna, bert, carl, dora, _ = people
    moderation.make_admin(house, HOST, ADMIN)
    ids: dict[str, object] = {"session": TABLE}
    ids["uttt_over"] = _played(house, anna, bert, None).id
    ids["uttt"] = _played(house, anna, bert, 9).id
    ids["scopa_over"] = play_scopa(house, begin(house, [anna.user_id, bert.user_id])).id
    ids["scopa"] = play_scopa(house, begin(house, [anna.user_id, carl.user_id]), 5).id
    record = dealt(house, anna, bert, carl, dora)
    bid(house, record.id, [anna, bert, carl, dora], "1Z", "pass", "3Z", "pass", "pass", "pass")
    assert record.board_id is not None
    analyse(house, record.board_id)
    go_on(house, record, [anna, bert, carl, dora], Random(0), asides=False)
    ids |= {"deal": record.id, "board": record.board_id}
    table = bridge_tables.open(house, anna)
    for person, side in zip((bert, carl, dora), "ESW", strict=True):
        bridge_tables.sit(house, person, table.id, side)
    ids["table"] = table.id
    ids["open"] = tables.open(house, anna, Setup("uttt")).id
    tables.challenge(house, dora, "anna", Setup("scopa", "classic"))
    friends.add(house, anna, "bert")
    said = chat.say(
        house, bert, Viewer(bert.user_id, "192.0.2.1"), "lobby", "good evening to all of you"
    )
    chat.say(house, bert, Viewer(bert.user_id, "192.0.2.1"), "with:anna", "shall we play?")
    reports.report(house, anna, Viewer(anna.user_id, "192.0.2.1"), said.id, "far too friendly")
    ids["line"] = said.id
    with app.app_context():
        db.engine.dispose()
    return Made(ids)


def _played(house: House, one: Caller, other: Caller, plies: int | None) -> MatchRecord:
    """A match of ultimate tic-tac-toe between them: to its end, or so many moves of it."""
    record = lobby.invite(house, one, other.name)
    callers = {caller.user_id: caller for caller in (one, other)}
    random = Random(1)
    while not record.over and (plies is None or record.version < plies):
        seat = min(record.actors)
        move = random.choice(record.engine.legal_moves(record.state, seat))
        mover = callers[record.seats[seat].user_id or 0]
        record = matches.submit(house, mover, record.id, record.engine.move_json(move))
    return record
