"""No room on the disk: nothing is acknowledged that is not kept, and the house goes on after it."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from app.live.commands import handle
from app.services import accounts, housekeeping, lobby, presence
from app.services.house import House
from app.services.sessions import Caller, Client
from tests.faults.bots import Witness, legal_moves, start_match, state_of
from tests.faults.ledger import check_matches, open_house
from tests.live.test_links import Connection
from tests.support.rawclient import RawClient
from tests.support.server import Server
from tests.support.site import Visitor

PROGRAM = Client("192.0.2.7", "test")
SIZE = "8m"
PATIENCE = 60.0  # seconds; two cores may be busy with other tests


class Disk:
    """How much room the database of a house in this process has: as much as it takes, or none."""

    def __init__(self, house: House) -> None:
        self._full = False
        self._engine = house.store.engine
        event.listen(self._engine, "checkout", self._ration)

    def _ration(self, connection: Any, _record: Any, _proxy: Any) -> None:
        free = connection.execute("PRAGMA freelist_count").fetchone()[0]
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        most = pages if self._full else 2**30
        assert not (self._full and free), "there is room left in the file itself"
        connection.execute(f"PRAGMA max_page_count={most}").fetchone()

    def fill(self) -> None:
        self._full = True

    def make_room(self) -> None:
        self._full = False


@pytest.fixture
def disk(house: House) -> Disk:
    presence.arrive(house)
    return Disk(house)


def register(house: House, name: str) -> Caller:
    return accounts.register(house, name, "pw", client=PROGRAM).caller


def refused_in_the_end(ask: Callable[[], Any]) -> Any:
    """What `ask` gives once it is refused: pages that are begun already still take something."""
    for _ in range(2_000):
        result = ask()
        if result.error is not None:
            return result
    raise AssertionError("there is no end to the room")


def test_what_is_refused_is_not_done_and_is_done_once_there_is_room(
    house: House, disk: Disk
) -> None:
    ann, ben = register(house, "ann"), register(house, "ben")
    link = Connection(ann)
    said: list[str] = []

    def say() -> Any:
        text = f"{len(said)} " + "x" * 280
        result = handle(house, link, "chat", {"room": "with:ben", "text": text})
        if result.error is None:
            said.append(text)
        return result

    disk.fill()
    refused = refused_in_the_end(say)
    assert refused.ack["error"]["code"] == "unavailable"
    assert [reply.type for reply in refused.replies] == ["error"]
    assert refused.replies[0].data["request"] == "chat"
    room = {"room": "with:ben"}
    lines = handle(house, link, "chat_history", room).more["lines"]  # reading needs no room
    assert [line["text"] for line in lines] == said[-len(lines) :]
    disk.make_room()
    assert say().error is None
    lines = handle(house, Connection(ben), "chat_history", {"room": "with:ann"}).more["lines"]
    assert [line["text"] for line in lines] == said[-len(lines) :]


def test_pages_can_be_read_and_forms_say_what_is_wrong(
    house: House, disk: Disk, client: FlaskClient
) -> None:
    client.application.config["WTF_CSRF_ENABLED"] = False
    ann, ben = register(house, "ann"), register(house, "ben")
    match = lobby.invite(house, ann, "ben")
    assert client.post("/sign-in", data={"name": "ann", "password": "pw"}).status_code == 302
    with house.store.write() as unit:  # the page will want to note that she is here
        unit.connection().exec_driver_sql("UPDATE session SET used_at = '2020-01-01 00:00:00'")
        unit.connection().exec_driver_sql("UPDATE session SET used_at = datetime('now', '-1 hour')")
    disk.fill()
    link = Connection(ben)
    body = {"room": "with:ann"}
    refused_in_the_end(lambda: handle(house, link, "chat", body | {"text": os.urandom(140).hex()}))
    for path in ("/", "/lobby", f"/match/{match.id}", "/rankings", "/friends"):
        page = client.get(path, follow_redirects=True)
        assert page.status_code == 200, (path, page.status_code)
    answer = client.post("/register", data={"name": "new-" + "x" * 12, "password": "pw"})
    codes = [answer.status_code]
    for number in range(200):
        if codes[-1] == 503:
            break
        name = {"name": f"new{number}", "password": "pw"}
        answer = client.application.test_client().post("/register", data=name)
        codes.append(answer.status_code)
    assert codes[-1] == 503
    assert answer.headers["Retry-After"]
    assert "our books" in answer.text
    disk.make_room()
    name = {"name": "at-last", "password": "pw"}
    assert client.application.test_client().post("/register", data=name).status_code == 302


def test_who_goes_meanwhile_is_gone_once_there_is_room(house: House, disk: Disk) -> None:
    ann = register(house, "ann")
    one, other = [presence.connect(house, ann, "raw") for _ in range(2)]
    run = house.store.group.run

    def fails(_key: str, _work: Any) -> Any:
        with house.store.write() as unit:
            unit.connection().exec_driver_sql("PRAGMA max_page_count=1")
            unit.connection().exec_driver_sql("CREATE TABLE too_much (a)")

    house.store.group.run = fails  # type: ignore[method-assign]
    for each in (one, other):
        with pytest.raises(Exception, match="full"):
            presence.disconnect(house, each)
    house.store.group.run = run  # type: ignore[method-assign]
    assert presence.count(house) == 1
    assert housekeeping.run(house)["partings_noted"] == 2
    assert presence.count(house) == 0
    assert not house.departed
    assert housekeeping.run(house)["partings_noted"] == 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of a few megabytes, which can be filled."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)]
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip(f"only root may mount a disk to fill: {done.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """Leave no byte free; the file that takes them."""
    file = folder / "filler"
    with file.open("wb", buffering=0) as filler:
        for size in (65_536, 4_096, 1):
            try:
                while True:
                    filler.write(b"x" * size)
            except OSError:
                pass
    return file


def test_a_server_whose_disk_is_full_keeps_its_word_and_goes_on(
    small_disk: Path, make_server: Callable[..., Server]
) -> None:
    server = make_server(instance=small_disk, HOUSEKEEPING_INTERVAL="1")
    witness = Witness()
    visitor = Visitor(server.url).register("cat")
    with RawClient(server.host, server.port) as ann, RawClient(server.host, server.port) as ben:
        ann.login("ann")
        ben.login("ben")
        players = {"ann": ann, "ben": ben}
        update = start_match(ann, ben, "ben")
        filler = fill(small_disk)
        refused, deadline = 0, time.monotonic() + PATIENCE
        while refused < 3:
            assert time.monotonic() < deadline, "the disk is not full"
            state = update["match_state"]
            if state["game_over"]:
                update = start_match(ann, ben, "ben")
                continue
            mover = players[state["current_player"]]
            mover.send("move", {"id": update["id"], **legal_moves(state)[0]})
            while True:
                kind, data = mover.receive()
                if kind == "error":
                    assert data["code"] == "unavailable", data
                    assert data["request"] == "move"
                    refused += 1
                if kind == "match_update" and data["id"] == update["id"]:
                    break  # the move's, or after a refusal how the match stands
            witness.saw(data["id"], data["version"], data["match_state"]["complete_field"])
            update = data
        for path in ("/", "/lobby", f"/match/{update['id']}"):
            assert visitor.http.get(server.url + path).status_code == 200, path
        with RawClient(server.host, server.port) as dan:
            dan.send("login", {"name": "dan", "pw": "pw"})
            answer = dan.expect("login_response")
            assert (answer["success"], answer["id"]) == (False, None)
        filler.unlink()
        version = state_of(ann, update["id"])["version"]
        mover = players[update["match_state"]["current_player"]]
        mover.send("move", {"id": update["id"], **legal_moves(update["match_state"])[0]})
        while (data := mover.until("match_update"))["version"] == version:
            pass
        witness.saw(data["id"], data["version"], data["match_state"]["complete_field"])
    server.kill()
    assert witness.problems == []
    assert check_matches(open_house(server.instance), witness) >= 1
    log = server.log()
    assert "Traceback" not in log, log
    assert "the database is full" in log
    assert "make room" in log
