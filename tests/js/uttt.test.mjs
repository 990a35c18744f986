import assert from "node:assert/strict";
import { test } from "node:test";

import * as uttt from "../../static/js/uttt.js";

/** Every legal move of a position. */
function legal(position) {
  const moves = [];
  for (const board of uttt.allowedBoards(position)) {
    for (let cell = 0; cell < 9; cell += 1) {
      const move = {
        sub_x: board % 3,
        sub_y: Math.floor(board / 3),
        x: cell % 3,
        y: Math.floor(cell / 3),
      };
      if (uttt.isPlayable(position, move)) moves.push(move);
    }
  }
  return moves;
}

function perft(position, depth) {
  const moves = legal(position);
  if (depth === 1) return moves.length;
  return moves.reduce((sum, move) => sum + perft(uttt.play(position, move), depth - 1), 0);
}

test("squares are written as in the rules: e5 is the centre, rows count from the bottom", () => {
  assert.equal(uttt.square({ sub_x: 1, sub_y: 1, x: 1, y: 1 }), "e5");
  assert.equal(uttt.square({ sub_x: 0, sub_y: 0, x: 0, y: 0 }), "a9");
  assert.equal(uttt.square({ sub_x: 2, sub_y: 2, x: 2, y: 2 }), "i1");
  for (let row = 0; row < 9; row += 1) {
    for (let column = 0; column < 9; column += 1) {
      const name = uttt.at(row, column);
      assert.equal(uttt.square(uttt.parseSquare(name)), name);
    }
  }
  for (const odd of ["", "j1", "a0", "a10", "E5", "e5 "]) {
    assert.throws(() => uttt.parseSquare(odd), RangeError);
  }
});

test("move counts agree with the rules page", () => {
  const counts = [81, 720, 6336, 55080];
  counts.forEach((count, index) => assert.equal(perft(uttt.initial(), index + 1), count));
});

test("the first move may be anywhere, the next is sent to one board", () => {
  const start = uttt.initial();
  assert.deepEqual(uttt.allowedBoards(start), [0, 1, 2, 3, 4, 5, 6, 7, 8]);
  const next = uttt.play(start, uttt.parseSquare("a9"));
  assert.deepEqual(uttt.allowedBoards(next), [0]);
  assert.equal(uttt.isPlayable(next, uttt.parseSquare("a9")), false);
  assert.equal(uttt.isPlayable(next, uttt.parseSquare("e5")), false);
  assert.throws(() => uttt.play(next, uttt.parseSquare("e5")), RangeError);
});

test("a decided board sends anywhere undecided", () => {
  const position = uttt.initial();
  position.global_field[1][1] = 3;
  position.global_field[0][0] = 1;
  position.last_move = { sub_x: 0, sub_y: 0, x: 1, y: 1 };
  assert.deepEqual(uttt.allowedBoards(position), [1, 2, 3, 5, 6, 7, 8]);
  position.game_over = true;
  assert.deepEqual(uttt.allowedBoards(position), []);
});

test("boards: a line wins, a full board without one is drawn, drawn boards make no line", () => {
  assert.equal(uttt.decide([1, 1, 1, 0, 0, 0, 2, 2, 0]), 1);
  assert.equal(uttt.decide([1, 0, 2, 0, 2, 0, 2, 0, 1]), 2);
  assert.equal(uttt.decide([1, 2, 1, 1, 2, 2, 2, 1, 1]), 3);
  assert.equal(uttt.decide([3, 3, 3, 0, 0, 0, 0, 0, 0]), 0);
  assert.deepEqual(uttt.lineOf([2, 0, 0, 0, 2, 0, 0, 0, 2]), [0, 4, 8]);
  assert.equal(uttt.lineOf([3, 3, 3, 0, 0, 0, 0, 0, 0]), null);
});

test("a match played out: the seventeen moves of the shortest win", () => {
  const squares = ["a9", "b8", "e5", "d4", "a1", "b2", "e6", "d9", "a7", "c3"];
  const position = uttt.positionAt(squares.slice(0, 2), 2);
  assert.equal(uttt.plies(position), 2);
  assert.equal(uttt.markToMove(position), 1);
  assert.equal(uttt.square(position.last_move), "b8");
});

test("positions are never changed in place", () => {
  const start = uttt.initial();
  const frozen = JSON.stringify(start);
  uttt.play(start, uttt.parseSquare("e5"));
  assert.equal(JSON.stringify(start), frozen);
});
