"""A bot for ultimate tic-tac-toe, to begin one's own with. ../bots.md says what it is told.

    pip install websocket-client
    TOKEN=mQ2vT7xLr9Zc python uttt_bot.py ws://127.0.0.1:5000

It accepts every challenge to standard ultimate tic-tac-toe, plays as many matches at once as it is
given, says goodbye, and comes back when the connection breaks. A number after the address is how
many matches it plays before it leaves; without one it stays for good.
"""

import json
import os
import random
import sys
import time

import websocket

LINES = [
    *([(row, column) for column in range(3)] for row in range(3)),
    *([(row, column) for row in range(3)] for column in range(3)),
    [(n, n) for n in range(3)],
    [(n, 2 - n) for n in range(3)],
]
SILENCE = 60  # seconds after which the connection is given up: the house pings more often
LONGEST_WAIT = 60  # seconds between two attempts to come back


# ---- the game: squares are (board row, board column, row, column), all 0 to 2 --------


def board_of(state, board_row, board_column):
    """The nine squares of one board, three rows of 0 (free), 1 (player A) or 2 (player B)."""
    field = state["complete_field"]
    return [row[3 * board_column :][:3] for row in field[3 * board_row :][:3]]


def target(state, board_row, board_column):
    """The board that a move on this square of any board leads to, or None: to any open one."""
    return None if state["global_field"][board_row][board_column] else (board_row, board_column)


def legal_moves(state):
    """Every free square of the board that the last move leads to, or of all that are open."""
    last = state["last_move"]
    sent_to = last and target(state, last["y"], last["x"])
    boards = [sent_to] if sent_to else [(r, c) for r in range(3) for c in range(3)]
    return [
        (*board, row, column)
        for board in boards
        if not state["global_field"][board[0]][board[1]]
        for row in range(3)
        for column in range(3)
        if not board_of(state, *board)[row][column]
    ]


def completes(rows, row, column, mark):
    """Whether a mark there makes three in a row."""
    return any(
        all((r, c) == (row, column) or rows[r][c] == mark for r, c in line)
        for line in LINES
        if (row, column) in line
    )


def worth(state, move, mark):
    """How good a move looks at first sight: what it wins, and what it hands the opponent."""
    board_row, board_column, row, column = move
    points = random.random()
    if completes(board_of(state, board_row, board_column), row, column, mark):
        points += 10
        if completes(state["global_field"], board_row, board_column, mark):
            return 1000
    sent_to = target(state, row, column)
    if sent_to is None:
        return points - 6  # they may play anywhere
    theirs = board_of(state, *sent_to)
    free = [(r, c) for r in range(3) for c in range(3) if not theirs[r][c]]
    if any(completes(theirs, r, c, 3 - mark) for r, c in free):
        points -= 8
    return points


def choose(state, me):
    """The move that looks best, as the house reads it."""
    mark = 1 if state["player_a"] == me else 2
    best = max(legal_moves(state), key=lambda move: worth(state, move, mark))
    return dict(zip(("sub_y", "sub_x", "y", "x"), best, strict=True))


# ---- the house -----------------------------------------------------------------------


class Bot:
    """One connection after another; what there is to know of a match comes with every message."""

    def __init__(self, address, token, matches=None):
        self.address = address
        self.token = token
        self.left = matches
        self.name = None
        self.house = None
        self.playing = set()  # ids of matches that it has heard of and that are not over
        self.patience = 1

    def run(self):
        """Play until as many matches as were asked for are over."""
        while self.left != 0:
            try:
                self.connect()
                while self.left != 0:
                    self.hear(json.loads(self.house.recv()))
            except (OSError, ValueError, websocket.WebSocketException) as problem:
                print(f"away, back in {self.patience} s: {problem}", flush=True)
                time.sleep(self.patience)
                self.patience = min(2 * self.patience, LONGEST_WAIT)
        self.house.close()

    def connect(self):
        self.house = websocket.create_connection(f"{self.address}/ws/uttt", timeout=SILENCE)
        self.say("token_login", token=self.token)

    def say(self, type, **data):
        self.house.send(json.dumps({"type": type, "data": data}))

    def hear(self, message):
        """Do what a message calls for; those that this bot does not know are left alone."""
        answer = {
            "login_response": self.enter,
            "challenge": self.consider,
            "match_update": self.play,
            "error": self.complain,
        }.get(message["type"])
        if answer:
            answer(message["data"])

    def enter(self, answer):
        if not answer["success"]:
            sys.exit(f"not let in: {answer['msg']}")  # a wrong token does not get better
        self.name = answer["user"]
        self.patience = 1
        print(f"here as {self.name}", flush=True)

    def consider(self, offer):
        knows = offer["game"] == "uttt" and offer["variant"] == "standard"
        self.say("accept_challenge" if knows else "decline_challenge", id=offer["id"])

    def play(self, match):
        if "game" in match or match["variant"] != "standard":
            return  # another game than ultimate tic-tac-toe names itself
        state = match["match_state"]
        if state["game_over"]:
            self.finish(match)
            return
        self.playing.add(match["id"])
        if state["current_player"] == self.name:
            # With the version it answers: one that is late or comes twice does no harm.
            self.say("move", id=match["id"], version=match["version"], **choose(state, self.name))

    def finish(self, match):
        if match["id"] not in self.playing:
            return
        self.playing.remove(match["id"])
        self.say("chat", room=f"match:{match['id']}", text="Thank you for the match!")
        state = match["match_state"]
        print(f"{state['player_a']} – {state['player_b']}: {ending(state)}", flush=True)
        if self.left is not None:
            self.left -= 1

    def complain(self, error):
        print(f"refused: {error['request']}: {error['msg']}", flush=True)


def ending(state):
    """How a match ended, in words."""
    if state["player_won"]:
        return f"{state['player_won']} won"
    if "ended_by" in state:
        return f"{state['ended_by']['reason']}, {state['ended_by']['user']}"
    return "drawn"


def main():
    if len(sys.argv) not in (2, 3) or "TOKEN" not in os.environ:
        sys.exit(__doc__)
    matches = int(sys.argv[2]) if len(sys.argv) == 3 else None
    Bot(sys.argv[1], os.environ["TOKEN"], matches).run()


if __name__ == "__main__":
    main()
