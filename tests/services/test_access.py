"""Who may see a match, and how often one may guess."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from app.services import access, best, joined, matches, tables
from app.services.access import Viewer
from app.services.errors import ServiceError
from app.services.house import House
from app.services.limits import Limits
from app.services.matches import Setup
from app.services.sessions import Caller
from config import Config
from tests.services.conftest import move
from tests.services.hall import limited, open_table

HERE, THERE = "192.0.2.1", "198.51.100.7"
CODE = "plum-7"
Account = Callable[[str], Caller]


@pytest.fixture
def house(house: House) -> House:
    rates = {"code": "3 per minute", "code_game": "5 per hour"}
    rates |= dict.fromkeys(("register", "invite"), "99 per minute")
    limits = Limits(
        FixedWindowRateLimiter(MemoryStorage()), {name: parse(rate) for name, rate in rates.items()}
    )
    return replace(house, limits=limits)


@pytest.fixture
def people(account: Account) -> list[Caller]:
    return [account(name) for name in ("anna", "bert", "carl")]


@pytest.fixture
def private_id(house: House, people: list[Caller]) -> str:
    ids = [person.user_id for person in people[:2]]
    with house.store.write() as unit:
        return matches.start(house, unit, Setup("uttt", code=CODE), ids)


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(ServiceError) as caught:
        call()
    return caught.value.code


def test_a_public_match_is_everybodys(house: House, people: list[Caller]) -> None:
    ids = [person.user_id for person in people[:2]]
    with house.store.write() as unit:
        match_id = matches.start(house, unit, Setup("uttt"), ids)
    for viewer in (Viewer(None, HERE), Viewer(people[2].user_id, HERE), Viewer(None, HERE, "x")):
        assert access.look(house, viewer, match_id).id == match_id


def test_a_private_match_is_its_players(
    house: House, people: list[Caller], private_id: str
) -> None:
    for player in people[:2]:
        record = access.look(house, Viewer(player.user_id, HERE), private_id)
        assert record.private


def test_a_private_match_does_not_exist_without_its_code(
    house: House, people: list[Caller], private_id: str
) -> None:
    absent = []
    for match_id in (private_id, "0" * 32, "no id at all"):
        with pytest.raises(ServiceError) as caught:
            access.look(house, Viewer(people[2].user_id, HERE), match_id)
        absent.append((caught.value.code, caught.value.msg))
    assert set(absent) == {("no_such_match", "There is no such match.")}
    assert refusal(lambda: access.look(house, Viewer(None, HERE, "PLUM-7"), private_id)) == (
        "no_such_match"
    )


def test_with_its_code_it_is_seen(house: House, people: list[Caller], private_id: str) -> None:
    for user_id in (None, people[2].user_id):
        assert access.look(house, Viewer(user_id, HERE, CODE), private_id).id == private_id


def test_guessing_is_limited_by_address(house: House, private_id: str) -> None:
    def guess(code: str, address: str = HERE) -> str:
        return refusal(lambda: access.look(house, Viewer(None, address, code), private_id))

    assert [guess(f"guess {n}") for n in range(3)] == ["no_such_match"] * 3
    assert guess("one more") == "too_many"
    assert guess(CODE) == "too_many", "the right one is no way round the limit"
    assert access.look(house, Viewer(None, THERE, CODE), private_id)


def test_guessing_is_limited_by_game(house: House, private_id: str) -> None:
    for n in range(5):
        viewer = Viewer(None, f"198.51.100.{n}", "wrong")
        assert refusal(lambda viewer=viewer: access.look(house, viewer, private_id)) == (  # type: ignore[misc]
            "no_such_match"
        )
    assert refusal(lambda: access.look(house, Viewer(None, THERE, CODE), private_id)) == "too_many"


def test_once_tries_have_run_out_there_is_no_telling(
    house: House, people: list[Caller], private_id: str
) -> None:
    """A private match, a table and nothing at all: the same refusals after as many tries."""
    table_id = open_table(house, people[2], code=CODE).id
    for number, game_id in enumerate((private_id, table_id, "0" * 32, "no id at all")):
        for see in (access.look, tables.get):
            viewer = Viewer(None, f"192.0.2.{number}", "wrong")
            house = limited(house, code="3 per minute")
            absent = "no_such_match" if see is access.look else "no_such_table"
            tries = [refusal(partial(see, house, viewer, game_id)) for _ in range(4)]
            assert tries == [absent] * 3 + ["too_many"]
            right = replace(viewer, code=CODE)
            assert refusal(partial(see, house, right, game_id)) == "too_many"


def test_guesses_at_what_is_not_there_count_alike(house: House, private_id: str) -> None:
    for number, game_id in enumerate((private_id, "0" * 32, "\0", "x" * 60_000)):
        viewer = Viewer(None, f"192.0.2.{number}", "wrong")
        tries = [refusal(partial(access.look, house, viewer, game_id)) for _ in range(4)]
        assert tries == ["no_such_match"] * 3 + ["too_many"]


def test_what_is_public_is_seen_after_any_number_of_guesses(
    house: House, people: list[Caller], private_id: str
) -> None:
    table_id = open_table(house, people[2]).id
    with house.store.write() as unit:
        match_id = matches.start(house, unit, Setup("uttt"), [p.user_id for p in people[1:]])
    viewer = Viewer(None, HERE, "wrong")
    for _ in range(4):
        refusal(partial(access.look, house, viewer, private_id))
    assert refusal(partial(access.look, house, viewer, private_id)) == "too_many"
    assert tables.get(house, viewer, table_id).id == table_id
    assert access.look(house, viewer, match_id).id == match_id


def test_the_code_of_a_table_is_no_guess_at_its_match(house: House, people: list[Caller]) -> None:
    """Links go to tables, and to the matches they become: neither look counts against the other."""
    table_id = open_table(house, people[0], code=CODE).id
    viewer = Viewer(None, HERE, CODE)
    for _ in range(5):
        assert refusal(partial(access.look, house, viewer, table_id)) == "no_such_match"
        assert tables.get(house, viewer, table_id).id == table_id
    tables.join(house, people[1], table_id, CODE, THERE)
    for _ in range(5):
        assert refusal(partial(tables.get, house, viewer, table_id)) == "no_such_table"
        assert access.look(house, viewer, table_id).id == table_id


def test_by_id_and_by_name_it_is_one_counter(house: House, people: list[Caller]) -> None:
    anna, bert, _ = people
    house = limited(house, code_game="5 per hour")
    table_id = open_table(house, anna, code=CODE).id

    def sit_down(number: int) -> str:
        call = partial(tables.join_named, house, bert, "anna", "wrong", f"192.0.2.{number}")
        return refusal(call)

    def watch(number: int) -> str:
        viewer = Viewer(bert.user_id, f"192.0.2.{number}", "wrong")
        return refusal(partial(joined.find_to_watch, house, viewer, "Anna"))

    for number in range(2):
        assert sit_down(number) == watch(number) == "wrong_code"
    look = partial(tables.get, house, Viewer(None, THERE, "wrong"), table_id)
    assert refusal(look) == "no_such_table"
    assert refusal(look) == sit_down(9) == watch(9) == "too_many"


def test_by_name_tries_run_out_alike_whoever_has_that_name(
    house: House, people: list[Caller], private_id: str
) -> None:
    """Anna plays a private match; carl has opened a private table; dora is nobody."""
    open_table(house, people[2], code=CODE)
    for name in ("anna", "carl", "dora"):
        strict = limited(house, code_game="5 per hour")
        tries = []
        for number in range(4):
            viewer = Viewer(None, f"192.0.2.{number}", "wrong")
            by_name = partial(tables.join_named, strict, people[1], name, "wrong", viewer.address)
            tries.append(refusal(by_name))
            tries.append(refusal(partial(joined.find_to_watch, strict, viewer, name)))
        assert tries == ["wrong_code"] * 5 + ["too_many"] * 3, name


def test_what_is_counted_has_no_long_name(house: House, people: list[Caller]) -> None:
    keys: list[str] = []
    counter = house.limits

    class Listening:
        def check(self, name: str, key: str) -> None:
            keys.append(key)
            counter.check(name, key)

        hit = check

    house = replace(house, limits=Listening())  # type: ignore[arg-type]
    for name in ("x" * 60_000, "\ud800" * 60_000):
        viewer = Viewer(None, HERE, "wrong")
        refusal(partial(joined.find_to_watch, house, viewer, name))
        refusal(partial(tables.join_named, house, people[0], name, "wrong", HERE))
        refusal(partial(access.look, house, viewer, name))
    assert len(keys) >= 6
    assert max(map(len, keys)) <= access.LONGEST_KEY
    assert all(key.isascii() for key in keys)


def test_one_address_cannot_lock_a_game() -> None:
    config = Config()

    def an_hour(notation: str) -> float:
        rate = parse(notation)
        return rate.amount * 3600 / rate.get_expiry()

    assert an_hour(config.CODE_LIMIT) < an_hour(config.CODE_GAME_LIMIT)


def test_the_right_code_costs_nothing(house: House, private_id: str) -> None:
    for _ in range(20):
        access.look(house, Viewer(None, HERE, CODE), private_id)


def test_asking_without_a_code_is_not_guessing(house: House, private_id: str) -> None:
    for _ in range(20):
        assert refusal(lambda: access.look(house, Viewer(None, HERE), private_id)) == (
            "no_such_match"
        )
    assert access.look(house, Viewer(None, HERE, CODE), private_id)


@pytest.mark.parametrize("given", ["", "pl\u00fcm", "plum-7\x00", "x" * 10_000])
def test_odd_codes_are_only_wrong(house: House, private_id: str, given: str) -> None:
    assert refusal(lambda: access.check_code(house, HERE, private_id, CODE, given)) == "wrong_code"


def test_acting_in_a_private_match_tells_a_stranger_nothing(
    house: House, people: list[Caller], private_id: str
) -> None:
    carl = people[2]
    assert refusal(lambda: matches.submit(house, carl, private_id, move(4, 4))) == "no_such_match"
    assert refusal(lambda: matches.end(house, carl, private_id)) == "no_such_match"


def test_a_private_match_is_not_shown_to_strangers(
    house: House, people: list[Caller], private_id: str
) -> None:
    matches.submit(house, people[0], private_id, move(4, 4))
    assert best.now(house) is None
