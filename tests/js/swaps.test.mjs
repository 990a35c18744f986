import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

import * as uttt from "../../static/js/uttt.js";

const FILED = new URL("../games/playthroughs/", import.meta.url);
const PAIRS = [];
for (let one = 0; one < 9; one += 1) {
  for (let other = one + 1; other < 9; other += 1) PAIRS.push([one, other]);
}

/** Every legal move of a position, by name. */
function legal(position) {
  const marks = [];
  for (let row = 0; row < 9; row += 1) {
    for (let column = 0; column < 9; column += 1) {
      const name = uttt.at(row, column);
      if (uttt.isPlayable(position, uttt.parseSquare(name))) marks.push(name);
    }
  }
  const swaps = PAIRS.filter((pair) => uttt.isSwappable(position, pair)).map(uttt.swapName);
  return [...marks, ...swaps];
}

function after(names) {
  return uttt.positionAt(names.split(" "), Infinity, true);
}

test("moves have names, and every name is one of a move", () => {
  for (const [name, move] of [
    ["1=5", { swap: [0, 4] }],
    ["8=9", { swap: [7, 8] }],
    ["e5", { sub_x: 1, sub_y: 1, x: 1, y: 1 }],
  ]) {
    assert.deepEqual(uttt.parseMove(name), move);
    assert.equal(uttt.moveName(move), name);
  }
  assert.equal(uttt.swapName([4, 0]), "1=5");
  for (const odd of ["5=1", "1=1", "0=1", "1=10", "1-5", "", "1=5 ", "j1"]) {
    assert.throws(() => uttt.parseMove(odd), RangeError, odd);
  }
});

test("move counts agree with the rules", () => {
  const start = uttt.initial(true);
  assert.equal(legal(start).length, 81 + 36);
  const second = legal(start).map((name) => legal(uttt.play(start, uttt.parseMove(name))).length);
  assert.equal(second.reduce((sum, count) => sum + count), 13_572);
});

test("nobody is sent anywhere", () => {
  assert.deepEqual(uttt.allowedBoards(after("a9")), [0, 1, 2, 3, 4, 5, 6, 7, 8]);
});

test("a swap takes its turn, carries what is in the boards, and may not be undone at once", () => {
  const position = after("b8 1=5");
  assert.equal(uttt.markAt(position, uttt.parseSquare("e5")), 1);
  assert.equal(uttt.markAt(position, uttt.parseSquare("b8")), 0);
  assert.equal(uttt.plies(position), 2);
  assert.equal(uttt.markToMove(position), 1);
  assert.equal(uttt.lastMove(position), "1=5");
  assert.equal(position.last_move, null);
  assert.deepEqual(position.swaps_left, [3, 2]);
  assert.equal(uttt.isSwappable(position), true);
  assert.equal(uttt.isSwappable(position, [4, 0]), false);
  assert.equal(uttt.isSwappable(position, [4, 1]), true);
  assert.throws(() => uttt.play(position, { swap: [0, 4] }), RangeError);
  const later = uttt.play(position, uttt.parseMove("a9"));
  assert.equal(uttt.isSwappable(later, [0, 4]), true);
  assert.equal(uttt.lastMove(later), "a9");
});

test("three swaps each", () => {
  const position = after("1=2 2=3 1=2 2=3 1=2 2=3");
  assert.deepEqual(position.swaps_left, [0, 0]);
  assert.equal(uttt.isSwappable(position), false);
  assert.equal(legal(position).length, 81);
});

test("in a standard match boards are not swapped", () => {
  assert.equal(uttt.isSwappable(uttt.initial(), [0, 1]), false);
  assert.throws(() => uttt.play(uttt.initial(), { swap: [0, 1] }), RangeError);
});

test("lines of both players show", () => {
  assert.deepEqual(uttt.inLine([1, 1, 1, 2, 2, 2, 0, 0, 0]).sort(), [0, 1, 2, 3, 4, 5]);
  assert.deepEqual(uttt.inLine([1, 1, 1, 1, 0, 0, 1, 0, 0]).sort(), [0, 1, 2, 3, 6]);
  assert.deepEqual(uttt.inLine([3, 3, 3, 1, 2, 1, 0, 0, 0]), []);
});

for (const file of readdirSync(FILED).filter((name) => name.startsWith("uttt-"))) {
  test(`${file} goes as the house has it`, () => {
    const { options, log, views } = JSON.parse(readFileSync(new URL(file, FILED)));
    const moves = log.filter(({ actor }) => actor !== "system").map(({ move }) => move);
    const names = moves.map(uttt.moveName);
    const position = uttt.positionAt(names, names.length, options.variant === "swap");
    const [view] = views;
    const fields = ["complete_field", "global_field", "last_move", "swaps_left", "last_swap"];
    for (const field of fields) assert.deepEqual(position[field], view[field], field);
    assert.equal(uttt.plies(position), names.length);
    if (moves.length !== log.length) return; // it was not the board that ended it
    assert.equal(position.game_over, true);
    assert.equal(position.barred_swap ?? null, null);
  });
}
