import assert from "node:assert/strict";
import { test } from "node:test";

import { positionAt, ranksOf } from "../../static/js/bridge-paper.js";

const call = (side) => ({ kind: "bid", side, card: null, led: false, won: null });
const card = (side, number, { led = false, won = null } = {}) => {
  return { kind: "card", side, card: number, led, won };
};

const DEAL = { N: [0, 12, 51], E: [13], S: [26], W: [39] };
const STEPS = [
  call("N"), call("E"),
  card("N", 0, { led: true }), card("E", 13), card("S", 26), card("W", 39, { won: "N" }),
  card("N", 12, { led: true }),
];

test("a hand is written by suits, from the highest rank on", () => {
  assert.equal(ranksOf([0, 8, 12, 51], "C"), "A 10 2");
  assert.equal(ranksOf([0, 8, 12, 51], "S"), "A");
  assert.equal(ranksOf([0, 8, 12, 51], "H"), "–");
});

test("before the first call everybody has all cards", () => {
  const found = positionAt(DEAL, STEPS, 0);
  assert.deepEqual(found.hands, DEAL);
  assert.deepEqual([found.calls, found.trick, found.tricks], [0, [], { NS: 0, EW: 0 }]);
});

test("calls take no cards, and cards go from the hands to the table", () => {
  assert.equal(positionAt(DEAL, STEPS, 1).calls, 1);
  const found = positionAt(DEAL, STEPS, 4);
  assert.equal(found.calls, 2);
  assert.deepEqual(found.hands, { N: [12, 51], E: [], S: [26], W: [39] });
  assert.deepEqual(found.trick.map(({ side }) => side), ["N", "E"]);
});

test("a trick lies until the next card is led, and is counted at once", () => {
  const full = positionAt(DEAL, STEPS, 6);
  assert.equal(full.trick.length, 4);
  assert.deepEqual(full.tricks, { NS: 1, EW: 0 });
  const next = positionAt(DEAL, STEPS, 7);
  assert.deepEqual(next.trick.map(({ card: number }) => number), [12]);
  assert.deepEqual(next.tricks, { NS: 1, EW: 0 });
});

test("the deal stays as it was", () => {
  positionAt(DEAL, STEPS, STEPS.length);
  assert.deepEqual(DEAL.N, [0, 12, 51]);
});
