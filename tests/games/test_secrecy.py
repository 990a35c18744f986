"""Nobody is shown what they may not know: in every game, and by a check that finds a leak."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import pytest

from app.games.api import Event, Game, Json, Seat, Step
from app.games.uttt import State, Uttt
from tests.games.kits import KITS
from tests.games.matches import Match, encode, play


def check_secrecy(match: Match) -> None:
    """Non-interference: what a viewer cannot see makes no difference to what they are shown.

    Where information is hidden, the position is exchanged for one that this viewer cannot tell from
    it, and views and events must stay the same to the byte, before the move and after. Where
    nothing is hidden, every viewer must be shown the same.
    """
    game, reshuffle = match.game, match.kit.reshuffle
    assert game.info.hidden is (reshuffle is not None)
    random = Random(0)
    for ply in match.plies:
        for viewer in match.viewers:
            before, step = ply.before, ply.step
            shown = _shown(game, before, step, None)
            if reshuffle is not None:
                before = reshuffle(ply.before, ply.seat, ply.move, viewer, random)
                step = game.apply(before, ply.seat, ply.move)
                shown = _shown(game, ply.before, ply.step, viewer)
            assert _shown(game, before, step, viewer) == shown


def _shown(game: Game[Any, Any], before: Any, step: Step[Any], viewer: Seat | None) -> str:
    """All a viewer is shown of a move, as text."""
    seen = [game.event_view(event, viewer) for event in step.events]
    events = [event for event in seen if event is not None]
    return encode([game.view(before, viewer), events, game.view(step.state, viewer)])


def test_secrecy(match: Match) -> None:
    check_secrecy(match)


class _Leaky(Uttt):
    """Shows seat 1 more than the others."""

    def view(self, state: State, viewer: Seat | None) -> Json:
        return {**super().view(state, viewer), "more": viewer == 1}


class _Whispering(Uttt):
    """Tells seat 1 more than the others."""

    def event_view(self, event: Event, viewer: Seat | None) -> Json | None:
        return super().event_view(event, viewer) if viewer == 1 else None


class _Open(Uttt):
    """Says that whose marks are whose is hidden, and shows it all the same."""

    info = replace(Uttt.info, hidden=True)


class _Blind(_Open):
    """Shows nothing but the cells that are taken."""

    def view(self, state: State, viewer: Seat | None) -> Json:
        return [a | b for a, b in zip(*state.marks, strict=True)]

    def event_view(self, event: Event, viewer: Seat | None) -> Json | None:
        return None


def _exchange_colours(state: State, *_: object) -> State:
    return replace(state, marks=state.marks[::-1])


@pytest.mark.parametrize("leak", [_Leaky, _Whispering])
def test_a_viewer_who_is_shown_more_is_found(leak: type[Uttt]) -> None:
    with pytest.raises(AssertionError):
        check_secrecy(play(leak(), "standard", 0))


def test_a_secret_that_shows_is_found() -> None:
    kit = replace(KITS["uttt"], reshuffle=_exchange_colours)
    with pytest.raises(AssertionError):
        check_secrecy(play(_Open(), "standard", 0)._replace(kit=kit))
    check_secrecy(play(_Blind(), "standard", 0)._replace(kit=kit))
