"""What a deal is told as: every message to every viewer, with its fields and their types."""

from __future__ import annotations

import doctest
from types import ModuleType
from typing import Any

import pytest

from app.games.api import SYSTEM, SystemMove
from app.games.bridge import BRIDGE, SIDES, Answer, Call, Claim, Play, Undo
from app.live.bridge import TYPES, messages, talk, whole_table, wire
from tests.games.bridge_positions import LONG_SUITS, called, card, do, played, played_out, start
from tests.live.bridge_match import BOARD, NAMES, TABLE, VIEWERS, Table, all_the_same, record_of

PAGE = f"/bridge/board/{BOARD}"
HANDS = {side: list(hand) for side, hand in zip(SIDES, LONG_SUITS, strict=True)}


def hand(side: str, cards: list[int] | None = None) -> tuple[str, Any]:
    return "hand", {"side": side, "cards": HANDS[side] if cards is None else cards}


def bid(side: str, call: str, dbl_mode: str, alert: str = "") -> tuple[str, Any]:
    return "bid", {"side": side, "bid": call, "alert": alert, "dbl_mode": dbl_mode}


def test_the_deal_is_each_players_own_hand() -> None:
    step = BRIDGE.initial(BRIDGE.parse_options({"board": 7}), b"seed")
    record = record_of(step.state, 0)
    start_bidding = ("start.bidding", {"dealer": "S", "vuln": "both", "board": 7})
    for viewer in VIEWERS:
        told = list(map(tuple, messages(record, step.events, viewer)))
        if viewer is None:
            assert told == [start_bidding]
        else:
            own = hand(SIDES[viewer], list(step.state.deal[viewer]))
            assert told == [own, start_bidding]


def test_a_bid_and_what_the_next_may_do_to_it() -> None:
    table = Table()
    assert all_the_same(table.do(Call("1C"))) == [bid("N", "1C", "dbl")]
    assert all_the_same(table.do(Call("dbl"))) == [bid("E", "dbl", "rdbl")]
    assert all_the_same(table.do(Call("rdbl"))) == [bid("S", "rdbl", "none")]
    assert all_the_same(table.do(Call("pass"))) == [bid("W", "pass", "none")]


def test_an_alert_for_all_but_the_partner() -> None:
    heard = Table().do(Call("1Z", "12 to 14"))
    for viewer, told in heard.items():
        assert told == [bid("N", "1Z", "dbl", "" if viewer == 2 else "12 to 14")]


@pytest.mark.parametrize(
    ("calls", "contract"),
    [("7C pass pass pass", "7C"), ("7C dbl pass pass pass", "7CX"),
     ("7C dbl rdbl pass pass pass", "7CXX")],
)  # fmt: skip
def test_the_contract_and_the_lead(calls: str, contract: str) -> None:
    table = Table()
    *before, last = calls.split()
    for call in before:
        table.do(Call(call))
    caller = SIDES[len(before) % 4]
    assert all_the_same(table.do(Call(last))) == [
        bid(caller, last, "none"),
        ("start.play", {"contract": contract, "lead": "E"}),
    ]


@pytest.fixture
def table() -> Table:
    """7C by North, East to lead: each has a suit, so North has all the tricks."""
    table = Table()
    table.state = called(table.state, "7C - - -")
    return table


def lead(text: str, following: str, **more: Any) -> tuple[str, Any]:
    side = SIDES["CDHS".index(text[0])]
    return "move", {"side": side, "card": str(card(text)), "next": following, **more}


def test_the_opening_lead_opens_dummy(table: Table) -> None:
    heard = table.do(Play(card("D2")))
    move, dummy = lead("D2", "S"), hand("S")
    assert heard == {
        None: [move, dummy],
        0: [lead("D2", "S", allowed="all"), dummy],
        1: [move, dummy],
        2: [move, dummy, hand("N")],
        3: [move, dummy],
    }


def test_a_trick_is_plus_one_for_its_winners(table: Table) -> None:
    table.do(Play(card("D2")))
    heard = table.do(Play(card("H2")))
    assert heard.pop(3) == [lead("H2", "W", allowed="all")]
    assert all_the_same(heard) == [lead("H2", "W")]
    heard = table.do(Play(card("S2")))
    assert heard.pop(0) == [lead("S2", "N", allowed="all")]
    assert all_the_same(heard) == [lead("S2", "N")]
    assert table.do(Play(card("C2"))) == {
        None: [lead("C2", "N", trick=1)],
        0: [lead("C2", "N", trick=1, allowed="all")],
        1: [lead("C2", "N", trick=-1)],
        2: [lead("C2", "N", trick=1)],
        3: [lead("C2", "N", trick=-1)],
    }


def test_the_suit_that_must_be_followed() -> None:
    deal = [list(hand) for hand in LONG_SUITS]
    deal[1][12], deal[2][12] = deal[2][12], deal[1][12]  # East has DA, South HA: exchanged
    table = Table(deal=deal)
    table.state = called(table.state, "7C - - -")
    heard = table.do(Play(card("D2")))
    assert heard[0][0] == lead("D2", "S", allowed="D")
    assert heard[2][0] == lead("D2", "S")


def test_a_claim_shows_hands_to_those_who_answer(table: Table) -> None:
    table.state = played(table.state, "D2 H2 S2 C2")
    heard = table.do(Claim(13), "N")
    claim = ("claim", {"side": "N", "tricks": 13, "result": 1440})
    shown = [hand("N", HANDS["N"][1:]), hand("S", HANDS["S"][1:]), claim]
    assert heard == {None: [claim], 0: [claim], 1: shown, 2: [claim], 3: shown}
    assert all_the_same(table.do(Answer(True), "E")) == []
    assert all_the_same(table.do(Answer(False), "W")) == [("claim.decline", {})]


def test_a_concession_is_shown_to_the_others(table: Table) -> None:
    table.state = played(table.state, "D2 H2 S2 C2")
    heard = table.do(Claim(0), "W")
    claim = ("claim", {"side": "W", "tricks": 0, "result": 1440})
    shown = [hand("W", HANDS["W"][1:]), claim]
    assert heard == {None: [claim], 0: shown, 1: shown, 2: [claim], 3: [claim]}
    table.do(Answer(True), "E")
    assert all_the_same(table.do(Answer(True), "N")) == [end("7C", "N", 1440, 13, 1440)]


def end(
    contract: str, declarer: str, points: int, tricks: int, score_ns: int
) -> tuple[str, dict[str, Any]]:
    data = {"contract": contract, "declearer": declarer, "points": points, "tricks": tricks}
    return "end.play", {**data, "protocol_url": PAGE, "score_ns": score_ns}


def test_the_end_of_the_last_trick() -> None:
    table = Table()
    table.state = called(table.state, "- 1D - - -")
    step_before = None
    while table.state.outcome is None:
        step_before = table.do(Play(table.state.play.legal[0]))  # type: ignore[union-attr]
    assert step_before is not None
    for viewer, told in step_before.items():
        (kind, move), over = told
        assert kind == "move"
        assert "next" not in move
        assert "allowed" not in move
        assert move["trick"] == (1 if viewer in (1, 3) else -1)
        assert over == end("1D", "E", 190, 13, -190)


def test_a_deal_that_is_passed_out() -> None:
    table = Table()
    for _ in range(3):
        table.do(Call("pass"))
    assert all_the_same(table.do(Call("pass"))) == [
        bid("W", "pass", "none"),
        end("pass", "", 0, 0, 0),
    ]


def test_a_deal_that_the_house_ends(table: Table) -> None:
    step = BRIDGE.apply(table.state, SYSTEM, SystemMove("abort", None))
    for viewer in VIEWERS:
        told = messages(record_of(step.state), step.events, viewer)
        assert list(map(tuple, told)) == [end("pass", "", 0, 0, 0)]


def test_a_seat_that_changes_hands_is_told_by_the_table(table: Table) -> None:
    step = BRIDGE.apply(table.state, SYSTEM, SystemMove("replace", 1))
    assert not any(messages(record_of(step.state), step.events, viewer) for viewer in VIEWERS)


# Taking back


def test_what_is_taken_back_is_followed_by_all_that_is_left() -> None:
    table = Table()
    table.do(Call("1C", "strong"))
    table.do(Call("1D"))
    assert all_the_same(table.do(Undo(), "E")) == [("undo", {"side": "E"})]
    heard = table.do(Answer(True), "S")
    sits = [
        ("player.sit", {"tid": TABLE, "name": name, "position": side})
        for side, name in zip(SIDES, NAMES, strict=True)
    ]
    start_bidding = ("start.bidding", {"dealer": "N", "vuln": "none", "board": 1})
    for viewer, told in heard.items():
        own = [] if viewer is None else [hand(SIDES[viewer])]
        alert = "" if viewer == 2 else "strong"
        assert told == [*sits, *own, start_bidding, bid("N", "1C", "dbl", alert)]


def test_what_stands_after_all() -> None:
    table = Table()
    table.do(Call("1C"))
    table.do(Undo(), "N")
    assert all_the_same(table.do(Answer(False), "W")) == [("undo.decline", {})]


# The whole table


def test_whoever_comes_in_the_middle_finds_everything(table: Table) -> None:
    state = played(table.state, "D2 H2 S2 C2 C3 D3")
    sits = [
        ("player.sit", {"tid": TABLE, "name": name, "position": side})
        for side, name in zip(SIDES, NAMES, strict=True)
    ]
    bids = [bid("N", "7C", "dbl"), *(bid(side, "pass", mode) for side, mode in PASSES)]
    public = [
        ("start.bidding", {"dealer": "N", "vuln": "none", "board": 1}),
        *bids,
        ("start.play", {"contract": "7C", "lead": "E"}),
        ("tricks", {"NS": 1, "EW": 0}),
        lead("D2", "S"),
        lead("H2", "W"),
        lead("S2", "N"),
        lead("C2", "N"),
        lead("C3", "E"),
    ]
    held = {"N": HANDS["N"][2:], "E": HANDS["E"][2:], "S": HANDS["S"][1:], "W": HANDS["W"][1:]}
    seen = {None: "S", 0: "NS", 1: "ES", 2: "NS", 3: "SW"}
    for viewer in VIEWERS:
        hands = [hand(side, held[side]) for side in seen[viewer]]
        # South is dummy: North plays next.
        last = lead("D3", "S", allowed="all") if viewer == 0 else lead("D3", "S")
        told = list(map(tuple, whole_table(record_of(state), viewer)))
        assert told == [*sits, *hands, *public, last]


PASSES = [("E", "none"), ("S", "dbl"), ("W", "none")]


def test_whoever_comes_to_a_claim_may_answer_it(table: Table) -> None:
    state = played(table.state, "D2 H2 S2 C2")
    state = do(state, Claim(12), 0).state
    claim = ("claim", {"side": "N", "tricks": 12, "result": -50})
    for viewer in VIEWERS:
        told = list(map(tuple, whole_table(record_of(state), viewer)))
        assert told[-1] == claim
        # Declined, the play goes on with nothing more being told of it.
        allowed = [data["allowed"] for _, data in told if "allowed" in data]
        assert allowed == (["all"] if viewer == 0 else [])
    (seen,) = [data for type, data in whole_table(record_of(state), 3)[4:5] if type == "hand"]
    assert seen == {"side": "N", "cards": HANDS["N"][1:]}


def test_whoever_comes_to_a_request_hears_of_it() -> None:
    state = do(called(start(), "1C"), Undo(), 0).state
    assert tuple(whole_table(record_of(state), 1)[-1]) == ("undo", {"side": "N"})


def test_whoever_comes_at_the_end_hears_how_it_was() -> None:
    state = played_out(called(start(), "- 1D - - -"))
    for viewer in VIEWERS:
        told = list(map(tuple, whole_table(record_of(state), viewer)))
        assert told[-1] == end("1D", "E", 190, 13, -190)


def test_all_that_old_clients_know_is_told_here() -> None:
    """The rest is of the hall and of chats."""
    table = Table()
    told = {"hand", "start.bidding"}  # the deal
    for call in ("7C", "pass", "pass", "pass"):
        told |= {type for type, _ in table.do(Call(call))[1]}
    told |= {type for type, _ in table.do(Play(card("D2")))[1]}
    told |= {type for type, _ in table.do(Claim(13), "N")[1]}
    told |= {type for type, _ in table.do(Answer(False), "E")[1]}
    told |= {type for type, _ in whole_table(record_of(table.state), 1)}
    while table.state.outcome is None:
        told |= {type for type, _ in table.do(Play(table.state.play.legal[0]))[1]}  # type: ignore[union-attr]
    hall = {"table.add", "table.remove", "player.leave", "chat.add", "chat.message"}
    assert told | hall == TYPES
    assert not told & hall
    assert len(TYPES) == 15


@pytest.mark.parametrize("module", [talk, wire], ids=lambda module: module.__name__)
def test_the_examples(module: ModuleType) -> None:
    ran = doctest.testmod(module)
    assert ran.attempted
    assert not ran.failed
