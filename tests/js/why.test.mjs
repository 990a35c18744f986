import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

globalThis.document = { querySelectorAll: () => [] };
const { lesson, sends, why } = await import("../../static/js/why.js");
const { markToMove, parseSquare, positionAt } = await import("../../static/js/uttt.js");

const cases = JSON.parse(readFileSync(new URL("../web/whys.json", import.meta.url)));

function at(moves, swaps = false) {
  const names = moves.split(" ").filter(Boolean);
  return positionAt(names, names.length, swaps);
}

/** As the file has it: [key, board, cell]. */
function listed(reason) {
  return reason && [reason.key, reason.board, reason.cell];
}

test("it says of every position what the server says", () => {
  for (const each of cases) {
    const position = at(each.moves, each.swaps);
    const to = { active: markToMove(position) - 1, seat: each.seat, bots: each.bots };
    assert.deepEqual(listed(why(position, to)), each.why, each.moves);
    if (each.seat !== null) assert.deepEqual(listed(lesson(position, to)), each.lesson, each.moves);
  }
});

test("a square sends the opponent to the board at its own place", () => {
  assert.deepEqual(sends(at(""), parseSquare("a9")), [0]);
  assert.deepEqual(sends(at(""), parseSquare("e5")), [4]);
  assert.deepEqual(sends(at("e5 f6"), parseSquare("i7")), [8]);
});

test("a square that may not be played sends nobody anywhere", () => {
  assert.equal(sends(at("e5 f6"), parseSquare("a1")), null);
  assert.equal(sends(at("e5 d6 a9"), parseSquare("a9")), null);
});

test("who is sent to a decided board may choose, and where it has just been decided, too", () => {
  const others = [0, 1, 2, 4, 5, 6, 7, 8];
  assert.deepEqual(sends(at("c4 g2 a6 a8 b5"), parseSquare("d5")), others);
  // x takes the centre of the centre board, and with it the board.
  const before = at("d5 b5 f5 h5");
  assert.deepEqual(sends(before, parseSquare("e5")), [0, 1, 2, 3, 5, 6, 7, 8]);
});

test("the move that wins the match lights no board", () => {
  const before = at("e5 e6 d8 b4 d3 b9 f8 h5 d5 b5 f5 h6 e8 h4 e2 b6");
  assert.deepEqual(sends(before, parseSquare("f1")), []);
});
