"""Who may see a match, and how often one may guess."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from app.services import access, matches
from app.services.access import Viewer
from app.services.errors import ServiceError
from app.services.house import House
from app.services.limits import Limits
from app.services.matches import Setup
from app.services.sessions import Caller
from tests.services.conftest import move

HERE, THERE = "192.0.2.1", "198.51.100.7"
CODE = "plum-7"
Account = Callable[[str], Caller]


@pytest.fixture
def house(house: House) -> House:
    rates = {"code": "3 per minute", "code_game": "5 per hour", "register": "99 per minute"}
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
    assert matches.featured(house) is None
