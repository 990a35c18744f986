"""The commands' parameters and answers, typed: read from, and described by, these very types.

The order of a command's parameters is the seed's, and so that of its words on a WebSocket.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

Mark = Literal["X", "O", ""]
Tile = Literal["X", "O", "-", ""]

Token = Annotated[
    str, Meta(description="The token that `register` has given.", examples=["mQ2vT7xLr9Zc"])
]
Nick = Annotated[str, Meta(description="A player's name.", examples=["far"])]
Timeout = Annotated[
    float,
    Meta(
        ge=0,
        description="How many seconds to wait for something new, instead of answering at once. "
        "60 is the most; whoever asks for more waits 60.",
    ),
]


# Parameters


class Register(Struct):
    nick: Annotated[
        str, Meta(description="3 to 16 letters, digits, - or _. Kept in small letters.")
    ]


class TokenOnly(Struct):
    token: Token


class Join(Struct):
    token: Token
    nick: Annotated[
        str,
        Meta(description="Who has opened the game. Your own nick opens one.", examples=["far"]),
    ]
    code: (
        Annotated[str, Meta(description="Of a private game; opening one with it, makes it so.")]
        | None
    ) = None
    spectate: Annotated[bool, Meta(description="Only watch.")] = False
    variant: (
        Annotated[
            Literal["swap", "standard"],
            Meta(description="The rules of a game that is opened; swap if nothing is said."),
        ]
        | None
    ) = None


class Chat(Struct):
    token: Token
    msg: Annotated[str, Meta(description="What to say.")] | None = None
    timeout: Timeout | None = None


class Play(Struct):
    token: Token
    type: Annotated[
        Literal["place", "swap"],
        Meta(description="`place` a mark, or `swap` two tiles (in the variant swap only)."),
    ]
    coordinates: Annotated[
        str,
        Meta(
            description="X,Y, each from 1 to 9. To place: the tile of the outer board, and the "
            "place in that tile. To swap: two tiles. 1 is at the top left, 9 at the bottom right.",
            examples=["5,5"],
        ),
    ]


class State(Struct):
    token: Token
    version: (
        Annotated[int, Meta(ge=0, description="Wait until the game is past this version.")] | None
    ) = None
    timeout: Timeout | None = None


class Addresses(Struct):
    token: Token
    IPs: Annotated[
        str,
        Meta(
            description="Addresses or ranges, between commas.",
            examples=["192.0.2.7,2001:db8::/32"],
        ),
    ]


class ShowToken(Struct):
    token: Token
    nick: Nick
    new: Annotated[bool, Meta(description="Give them a new one.")] = False


class OneNick(Struct):
    token: Token
    nick: Nick


class Broadcast(Struct):
    token: Token
    msg: Annotated[str, Meta(description="What to tell everyone.")]


class Logs(Struct):
    token: Token
    X: Annotated[int, Meta(ge=1, description="How many lines of the log's end.")] = 100


# Answers


class Failure(Struct):
    """Why a command was not done."""

    error: str


class GivenToken(Struct):
    """A token: twelve letters and digits."""

    token: Annotated[str, Meta(pattern="^[A-Za-z0-9]{12}$")]


class OpenGame(Struct, omit_defaults=True):
    """An open public game."""

    nick: Annotated[str, Meta(description="Who has opened it.")]
    game: str
    variant: str
    since: Annotated[str, Meta(description="When, in UTC (ISO 8601).")]
    automatic: Annotated[
        bool, Meta(description="A bot has opened it. Left out where a person has.")
    ] = False


class Done(Struct):
    """What has been done, in words."""

    msg: str


class Entered(Struct):
    """A game has been joined."""

    msg: str
    char: Annotated[Mark, Meta(description="X for who opened it, O for who joined, else empty.")]


class Last(Struct):
    """The last turn."""

    type: Literal["place", "swap"]
    coordinates: str
    char: Mark


class Chars(Struct):
    """Something for each player."""

    X: str
    O: str  # noqa: E741 the marks are called so


class Swaps(Struct):
    """How many swaps each player has left."""

    X: int
    O: int  # noqa: E741 the marks are called so


class GameState(Struct, rename={"tiles": "global"}):
    """The joined game, as this client sees it."""

    id: Annotated[str, Meta(description="The page of the match is /match/ and this.")]
    game: str
    variant: str
    version: Annotated[
        int,
        Meta(
            description="0 while the second player is awaited, 1 as it begins, and 1 more a turn."
        ),
    ]
    started: bool
    over: bool
    you: Annotated[Mark, Meta(description="Your mark; empty for a spectator.")]
    turn: Annotated[Mark, Meta(description="Whose turn it is; empty when it is nobody's.")]
    winner: Annotated[Mark, Meta(description="Empty while it runs, and where nobody has won.")]
    reason: Annotated[
        str,
        Meta(description="How it ended: line, draw, resign, timeout or abort; empty before."),
    ]
    players: Annotated[Chars, Meta(description="Nicks; empty for the player still awaited.")]
    spectators: Annotated[list[str], Meta(description="The nicks of those who watch.")]
    board: Annotated[
        list[list[Mark]],
        Meta(description="Nine tiles of nine places, both from the top left, row by row."),
    ]
    tiles: Annotated[list[Tile], Meta(description="Who has won each tile; - where it is drawn.")]
    allowed: Annotated[
        list[int], Meta(description="The tiles, from 1 to 9, that a mark may be placed in now.")
    ]
    swaps_left: Swaps
    last: Annotated[Last | None, Meta(description="The last turn; null before the first.")]


class OtherState(Struct):
    """The joined game, where it is another than ultimate tic-tac-toe."""

    id: str
    game: str
    variant: str
    version: int
    started: bool
    over: bool
    seat: Annotated[int | None, Meta(description="Yours, from 0; null for a spectator.")]
    players: list[str]
    spectators: list[str]
    view: Annotated[object, Meta(description="The position as you may see it.")]


class Played(Struct):
    """A turn has been made."""

    msg: str
    state: GameState
