"""What the house relies on in every game. To test a new one, give it a kit."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import Any

import pytest

from app.games import DEFAULT, GAMES
from app.games.api import (
    ENDINGS,
    SYSTEM,
    SYSTEM_KINDS,
    Game,
    GameOver,
    Illegal,
    Json,
    Malformed,
    NotYourTurn,
    RuleError,
    Seat,
    SystemMove,
    parse_system,
    replay,
    system_json,
)
from tests.games.kits import KITS
from tests.games.matches import Match, encode, play, through_json

MANY = 100

# The game itself


def test_every_game_has_a_kit() -> None:
    assert KITS.keys() == GAMES.keys()


def test_info(game: Game[Any, Any]) -> None:
    info = game.info
    assert GAMES[info.key] is game
    assert info.name
    assert info.seats
    assert list(info.seats) == sorted(set(info.seats))
    assert 1 <= info.teams <= max(info.seats)
    assert info.variants
    assert len(set(info.variants)) == len(info.variants)
    assert set(info.rated_variants) <= set(info.variants)
    assert info.rules_version >= 1
    assert info.hidden is (KITS[info.key].reshuffle is not None)


def test_the_registry_cannot_be_changed(game: Game[Any, Any]) -> None:
    with pytest.raises(TypeError):
        GAMES[game.info.key] = game  # type: ignore[index]


@pytest.mark.parametrize(
    ("key", "variant"),
    [(key, variant) for key, game in GAMES.items() for variant in game.info.variants],
)
def test_however_it_is_played_it_ends(key: str, variant: str) -> None:
    """The other tests look at few matches from all sides; this one at many, from the end."""
    game = GAMES[key]
    for number in range(MANY):
        match = play(game, variant, number)
        last = match.states[-1]
        outcome = game.outcome(last)
        assert outcome is not None
        assert len(outcome.scores) == game.info.teams
        assert not game.actors(last)
        assert not any(game.legal_moves(last, seat) for seat in match.seats)
        assert game.load(through_json(game.dump(last))) == last


def test_options(game: Game[Any, Any]) -> None:
    assert game.parse_options({}).variant == game.info.variants[0]
    for variant in game.info.variants:
        options = game.parse_options({"variant": variant})
        assert options.variant == variant
        assert game.parse_options(through_json(asdict(options))) == options
        assert game.players(options) in game.info.seats


def test_the_number_of_players(match: Match) -> None:
    assert match.game.players(match.options) == len(match.seats)


def test_the_game_whose_rating_stands_beside_a_name() -> None:
    assert GAMES[DEFAULT].info.rating is not None


def test_what_is_no_options(game: Game[Any, Any]) -> None:
    for raw in KITS[game.info.key].not_options:
        with pytest.raises(Malformed):
            game.parse_options(raw)


def test_moves_survive_json(game: Game[Any, Any]) -> None:
    moves = KITS[game.info.key].moves
    texts = set()
    for move in moves:
        raw = through_json(game.move_json(move))
        assert game.parse_move(raw) == move
        texts.add(encode(raw))
    assert len(texts) == len(moves)


def test_what_is_no_move(game: Game[Any, Any]) -> None:
    for raw in KITS[game.info.key].not_moves:
        with pytest.raises(Malformed):
            game.parse_move(raw)


def test_what_is_no_state(game: Game[Any, Any]) -> None:
    for raw in KITS[game.info.key].not_states:
        with pytest.raises(Malformed):
            game.load(raw)


# Every position of a match


def test_someone_may_act_until_there_is_an_outcome(match: Match) -> None:
    game = match.game
    for state in match.states:
        actors = game.actors(state)
        assert actors <= set(match.seats)
        assert bool(actors) is (game.outcome(state) is None)
        if actors:
            assert any(game.legal_moves(state, seat) for seat in actors)


def test_the_outcome_is_whole(match: Match) -> None:
    outcome = match.game.outcome(match.states[-1])
    assert outcome is not None
    assert outcome.reason
    assert outcome.reason not in SYSTEM_KINDS
    assert len(outcome.scores) == match.game.info.teams
    assert set(outcome.scores) <= {0, 0.5, 1}
    assert set(outcome.winners) <= set(match.seats)
    assert bool(outcome.winners) is (1 in outcome.scores)


def test_a_state_survives_storage(match: Match) -> None:
    game = match.game
    for state in match.states:
        loaded = game.load(through_json(game.dump(state)))
        assert loaded == state
        assert hash(loaded) == hash(state)
        assert encode(game.dump(loaded)) == encode(game.dump(state))
        for seat in match.seats:
            assert game.legal_moves(loaded, seat) == game.legal_moves(state, seat)


def test_the_log_gives_the_snapshots(match: Match) -> None:
    game = match.game
    log = [
        (ply.seat, game.parse_move(through_json(game.move_json(ply.move)))) for ply in match.plies
    ]
    options = game.parse_options(through_json(asdict(match.options)))
    steps = list(replay(game, options, match.seed, log))
    assert steps == [match.first, *(ply.step for ply in match.plies)]


def test_who_may_not_act_has_no_move(match: Match) -> None:
    game = match.game
    for ply in match.plies:
        idle = set(match.seats) - game.actors(ply.before)
        for seat in {*idle, -1, len(match.seats)}:
            assert game.legal_moves(ply.before, seat) == ()
            if ply.move in game.asides(ply.before, seat):
                continue
            with pytest.raises((NotYourTurn, Illegal) if ply.aside else NotYourTurn):
                game.apply(ply.before, seat, ply.move)


def test_legal_moves_are_accepted_and_no_others(match: Match) -> None:
    game = match.game
    for ply in match.plies:
        for seat in game.actors(ply.before):
            legal = game.legal_moves(ply.before, seat)
            assert len(set(legal)) == len(legal)
            assert set(legal) <= set(match.kit.moves)
            asides = game.asides(ply.before, seat)
            for move in match.kit.moves:
                if move in legal or move in asides:
                    assert game.apply(ply.before, seat, move).state != ply.before
                else:
                    with pytest.raises(Illegal) as refusal:
                        game.apply(ply.before, seat, move)
                    assert refusal.value.code == "illegal"
                    assert refusal.value.msg.endswith(".")


def test_asides_are_accepted_whoever_is_to_move(match: Match) -> None:
    game = match.game
    for seat in (-1, len(match.seats)):
        assert not any(game.asides(state, seat) for state in match.states)
    for ply in match.plies:
        for seat in match.seats:
            asides = game.asides(ply.before, seat)
            assert len(set(asides)) == len(asides)
            assert set(asides) <= set(match.kit.moves)
            assert not set(asides) & set(game.legal_moves(ply.before, seat))
            for move in asides:
                step = game.apply(ply.before, seat, move)
                assert step.state != ply.before
                assert step.events
            if seat not in game.actors(ply.before):
                for move in set(match.kit.moves) - set(asides):
                    with pytest.raises((NotYourTurn, Illegal)):
                        game.apply(ply.before, seat, move)


def test_apply_changes_nothing(match: Match) -> None:
    game = match.game
    for ply in match.plies:
        before = encode(game.dump(ply.before)), hash(ply.before), repr(ply.before)
        again = game.apply(ply.before, ply.seat, ply.move)
        assert again == ply.step
        assert (encode(game.dump(ply.before)), hash(ply.before), repr(ply.before)) == before


def test_views_are_json_of_their_own(match: Match) -> None:
    game = match.game
    for state in match.states:
        looks = [partial(game.view, state, viewer) for viewer in match.viewers]
        for look in (*looks, partial(game.open_view, state)):
            view = look()
            text = encode(through_json(view))
            _spoil(view)
            assert encode(look()) == text
    dump = game.dump(match.states[-1])
    _spoil(dump)
    assert game.dump(match.states[-1]) != dump


def _spoil(value: Json) -> None:
    """Empty every container in a JSON value."""
    if isinstance(value, (dict, list)):
        for part in value.values() if isinstance(value, dict) else value:
            _spoil(part)
        value.clear()


def test_the_open_view_has_what_any_viewer_sees(match: Match) -> None:
    game = match.game
    for state in match.states:
        opened = game.open_view(state)
        spectator = game.view(state, None)
        assert opened.keys() == spectator.keys()
        assert game.info.hidden or opened == spectator


def test_events_tell_the_match(match: Match) -> None:
    game = match.game
    for ply in match.plies:
        assert ply.step.events
        for event in ply.step.events:
            for viewer in match.viewers:
                seen = game.event_view(event, viewer)
                assert seen is None or set(through_json(seen)) == {"type", "data"}
        kinds = [event.kind for event in ply.step.events]
        over = game.outcome(ply.step.state) is not None
        assert kinds.count("over") == over
        assert not over or kinds[-1] == "over"


def test_nothing_follows_the_end(match: Match) -> None:
    game, last = match.game, match.states[-1]
    for seat in match.seats:
        assert game.legal_moves(last, seat) == ()
        assert game.asides(last, seat) == ()
        for move in (*match.kit.moves, SystemMove("resign", seat)):
            with pytest.raises(GameOver):
                game.apply(last, seat, move)
        with pytest.raises(GameOver):
            game.apply(last, SYSTEM, SystemMove("resign", seat))
    with pytest.raises(GameOver):
        game.apply(last, SYSTEM, SystemMove("abort"))


# What the house does to a match


def test_system_moves_end_a_match_at_any_time(match: Match) -> None:
    game = match.game
    moves = [SystemMove(kind, seat) for kind in ENDINGS for seat in match.seats]
    for state in match.states[:-1]:
        before = encode(game.dump(state))
        for move in (*moves, SystemMove("abort")):
            step = game.apply(state, SYSTEM, move)
            outcome = game.outcome(step.state)
            assert outcome is not None
            assert outcome.reason == move.kind
            assert len(outcome.scores) == game.info.teams
            if move.kind == "abort":
                assert (set(outcome.scores), outcome.winners) == ({0}, ())
            else:
                assert sorted(outcome.scores) == [0] + [1] * (game.info.teams - 1)
                assert move.seat not in outcome.winners
                assert outcome.winners
            assert game.actors(step.state) == frozenset()
            assert [event.kind for event in step.events][-1] == "over"
            assert game.load(through_json(game.dump(step.state))) == step.state
        assert encode(game.dump(state)) == before


def test_another_plays_on_in_a_seat_where_that_can_be(match: Match) -> None:
    game = match.game
    for state in match.states[:-1]:
        for seat in match.seats:
            move = SystemMove("replace", seat)
            if not match.kit.replaced:
                with pytest.raises(Malformed):
                    game.apply(state, SYSTEM, move)
                continue
            step = game.apply(state, SYSTEM, move)
            assert step.state == state
            assert [event.kind for event in step.events] == ["replaced"]
        for stranger in (-1, len(match.seats)):
            with pytest.raises(Malformed):
                game.apply(state, SYSTEM, SystemMove("replace", stranger))


def test_actors_and_moves_of_different_kinds(match: Match) -> None:
    game = match.game
    for ply in match.plies:
        with pytest.raises(Malformed):
            game.apply(ply.before, ply.seat, SystemMove("resign", ply.seat))
        with pytest.raises(Malformed):
            game.apply(ply.before, SYSTEM, ply.move)
        for seat in (-1, len(match.seats), None):
            with pytest.raises(Malformed):
                game.apply(ply.before, SYSTEM, SystemMove("resign", seat))


@pytest.mark.parametrize("kind", SYSTEM_KINDS)
@pytest.mark.parametrize("seat", [0, 1, 3])
def test_system_moves_survive_json(kind: Any, seat: Seat) -> None:
    move = SystemMove(kind, seat)
    assert parse_system(through_json(system_json(move))) == move
    nobody = SystemMove("abort")
    assert parse_system(through_json(system_json(nobody))) == nobody


@pytest.mark.parametrize(
    "raw",
    [
        *(None, 0, "resign", [], {}, {"system": "resign"}, {"seat": 0}),
        {"system": "resign", "seat": None},
        {"system": "timeout", "seat": None},
        {"system": "win", "seat": 0},
        {"system": ["resign"], "seat": 0},
        {"system": None, "seat": 0},
        {"system": "resign", "seat": 0, "more": 0},
        *({"system": "resign", "seat": seat} for seat in (-1, True, 0.0, "0", [0])),
    ],
)
def test_what_is_no_system_move(raw: Json) -> None:
    with pytest.raises(Malformed):
        parse_system(raw)


def test_refusals_have_a_code_and_a_sentence() -> None:
    kinds = {Malformed: "malformed", Illegal: "illegal"}
    for kind, code in kinds.items():
        error: RuleError = kind("So it is.")
        assert (error.code, error.msg, str(error)) == (code, "So it is.", "So it is.")
    assert (NotYourTurn().code, NotYourTurn().msg) == ("not_your_turn", "It is not your turn.")
    assert (GameOver().code, GameOver().msg) == ("game_over", "The match is over.")
