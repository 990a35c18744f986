"""How a match comes about: asking for one, being asked, and what becomes of it.

A proposal is a table of the house whose seats are all kept (`services.tables`). A client has one
before it at a time: its own, or one that it is asked to; what the website asks for it sees alike,
once everybody in it has a name.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final, Literal

import msgspec

from app.legacy.scopa.client import Client, Proposal
from app.legacy.scopa.controls import Control, Vocabulary, read
from app.legacy.scopa.dialect import GAME, Variant, variant_called
from app.legacy.scopa.names import is_showable, shown
from app.services import tables
from app.services.errors import ServiceError
from app.services.tables import Ask, Bot, Plan, Setup, TableRow, Unavailable
from app.services.time_control import PER_MOVE, TimeControl

words = Vocabulary()

STRENGTH: Final = "medium"  # of the computer, which clients cannot choose
REFUSED: Final = "player_refused"
TEAMS: Final = 2


class Seat(msgspec.Struct):
    """A player: a human by the name of an account, or the computer by any other."""

    name: str
    type: Literal["human", "cpu"]


class NewMatch(msgspec.Struct):
    """A game, and who plays it: two teams, each in the order in which they sit."""

    game: str
    teams: list[list[Seat]]


class Invitation:
    """What `new_match` asks for: the variant, the seats in their order, and the asker's."""

    def __init__(self, client: Client, asked: NewMatch) -> None:
        """Raises `bad_game`, `bad_teams`, `bad_name`."""
        variant = variant_called(asked.game)
        if variant is None:
            raise ServiceError("bad_game", f"There is no game {shown(asked.game)}.")
        self.variant: Variant = variant
        self.seats = self._in_order(asked.teams)
        humans = [seat.name for seat in self.seats if seat.type == "human"]
        if client.user.name not in humans:
            raise ServiceError("bad_teams", "You are not among the players.")
        self.seat = [seat.name for seat in self.seats].index(client.user.name)

    def plans(self) -> list[Plan]:
        """Who is to have the other seats."""
        return [
            Ask(seat.name) if seat.type == "human" else Bot(STRENGTH, seat.name)
            for number, seat in enumerate(self.seats)
            if number != self.seat
        ]

    def _in_order(self, teams: Sequence[Sequence[Seat]]) -> list[Seat]:
        if len(teams) != TEAMS or len(teams[0]) != len(teams[1]):
            raise ServiceError("bad_teams", "There are two teams, as large as each other.")
        if TEAMS * len(teams[0]) not in self.variant.players:
            raise ServiceError("bad_teams", f"Not so many can play {self.variant.name}.")
        seats = [Seat(seat.name.lower(), seat.type) for pair in zip(*teams, strict=True)
                 for seat in pair]  # fmt: skip
        if len({seat.name for seat in seats}) < len(seats):
            raise ServiceError("bad_teams", "Somebody is there twice.")
        for seat in seats:
            if not is_showable(seat.name):
                raise ServiceError("bad_name", "A name begins with a letter.")
        return seats


@words.handles("new_match")
def _new_match(client: Client, control: Control) -> None:
    asked: NewMatch = read(control, NewMatch)
    try:
        if client.game is not None:
            raise ServiceError("in_match", "You are in a match.")
        invitation = Invitation(client, asked)
        grace = client.house.config.SCOPA_GRACE
        players = {"players": len(invitation.seats)}
        time = TimeControl(PER_MOVE[0])
        setup = Setup(GAME, invitation.variant.key, time=time, options=players, grace=grace)
        plans, seat = invitation.plans(), invitation.seat
        done = tables.open(client.house, client.user, setup, plans, seat=seat)
    except Unavailable as refusal:
        client.say(REFUSED, shown(refusal.name))
    except ServiceError as error:
        client.error(error.code, error.msg)
        if not client.dialect.keeps_up:  # it waits for the others' answers
            client.say(REFUSED, client.user.name)
    else:
        if isinstance(done, TableRow):
            client.proposal = Proposal(done, answered=True)


@words.handles("match_proposal")
def _answer(client: Client, control: Control) -> None:
    word: str = read(control, Literal["accept", "refuse"])
    proposal = client.proposal
    if proposal is None or proposal.answered:
        raise ServiceError("no_proposal", "Nobody asks you for a match.")
    _ANSWERS[word](client, proposal)


def _accept(client: Client, proposal: Proposal) -> None:
    proposal.answered = True
    try:
        tables.accept(client.house, client.user, proposal.row.id)
    except ServiceError as error:
        # Who cannot play has refused: the others must not wait, nor may this client.
        client.error(error.code, error.msg)
        _decline(client, proposal)
        _end(client, client.user.name)


def _refuse(client: Client, proposal: Proposal) -> None:
    _decline(client, proposal)
    look(client)


def _decline(client: Client, proposal: Proposal) -> None:
    client.proposal = None
    with suppress(ServiceError):  # gone already, by somebody else's doing
        tables.decline(client.house, client.user, proposal.row.id)


_ANSWERS: Final = {"accept": _accept, "refuse": _refuse}


# What rooms bring


def look(client: Client) -> None:
    """Show the client what it is asked to, unless it plays, or waits for others' answers."""
    proposal = client.proposal
    if client.caller is None or (client.game is not None and not client.game.over):
        return
    if proposal is not None and proposal.answered:
        return
    asked, _ = tables.challenges(client.house, client.user.user_id)
    if proposal is not None and proposal.row.id not in [row.id for row in asked]:
        _look_elsewhere(client, proposal)
        return
    # What does not wait for long comes first.
    ready = sorted(filter(_is_ready, asked), key=lambda row: row.grace is None)
    row = ready[0] if ready else None
    if proposal is not None:
        if row is not None and _is_same(row, proposal.row):
            return
        client.say(REFUSED, proposal.row.owner)
    client.proposal = None if row is None else Proposal(row, answered=False)
    if row is not None:
        game = client.dialect.word_for(row.variant)
        client.say("match_proposal", {"game": game, "teams": _teams(row)})


def gone(client: Client, data: dict[str, Any]) -> None:
    """A table is there no more, or asks no more; if it has become a match, that is told apart."""
    proposal = client.proposal
    if proposal is None or proposal.row.id != data["id"]:
        look(client)
    elif data.get("reason") != "accepted":
        _end(client, data.get("by") or _who_kept_silent(client, proposal.row))


def leave(client: Client) -> None:
    """The client is gone for good: what waits for its answer, or is its own, goes, too."""
    proposal, client.proposal = client.proposal, None
    if proposal is None or proposal.row.grace is None:
        return
    act = tables.withdraw if proposal.row.owner_id == client.user.user_id else tables.decline
    with suppress(ServiceError):
        act(client.house, client.user, proposal.row.id)


def _end(client: Client, by: str) -> None:
    client.proposal = None
    client.say(REFUSED, by)
    look(client)


def _look_elsewhere(client: Client, proposal: Proposal) -> None:
    """The client is asked no more: it has said yes in another place, or the word is on its way."""
    seats = tables.seated(client.house, client.user.user_id)
    proposal.answered = proposal.row.id in [row.id for row in seats]


def _is_ready(row: TableRow) -> bool:
    """Whether an old client can be shown a table: everybody in it has a name, and a fit one."""
    names = [seat.name for seat in row.seats]
    return row.game == GAME and all(name is not None and is_showable(name) for name in names)


def _is_same(one: TableRow, other: TableRow) -> bool:
    """Whether a client would see the same, whoever has said yes by now."""
    return (one.id, _players(one)) == (other.id, _players(other))


def _players(row: TableRow) -> list[tuple[str | None, bool]]:
    return [(seat.name, seat.kind == "bot") for seat in row.seats]


def _teams(row: TableRow) -> list[list[dict[str, Any]]]:
    """Who plays with whom, as the protocol has it."""
    players = [
        {"name": name, "type": "cpu" if is_bot else "human"} for name, is_bot in _players(row)
    ]
    return [players[team::TEAMS] for team in range(TEAMS)]


def _who_kept_silent(client: Client, row: TableRow) -> str:
    """Whom to name where nobody has said no."""
    me = client.user.name
    asked = [seat.name for seat in row.seats if seat.kind == "asked" and seat.name != me]
    return row.owner if row.owner != me or not asked else str(asked[0])
