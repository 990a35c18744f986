"""Who is new to a game."""

from __future__ import annotations

from collections.abc import Callable

from app.services import lobby, matches, newcomers
from app.services.house import House
from app.services.sessions import Caller

Account = Callable[[str], Caller]


def test_one_is_new_until_three_matches_of_the_game_are_over(
    house: House, account: Account
) -> None:
    anna, bert = account("anna"), account("bert")
    for number in range(newcomers.FIRST):
        assert newcomers.is_new(house, anna.user_id, "uttt"), number
        record = lobby.invite(house, anna, "bert")
        assert newcomers.is_new(house, anna.user_id, "uttt")
        matches.end(house, bert, record.id)
    assert not newcomers.is_new(house, anna.user_id, "uttt")
    assert newcomers.is_new(house, anna.user_id, "scopa")
