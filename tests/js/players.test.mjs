import assert from "node:assert/strict";
import { test } from "node:test";

import { isAtTable, othersOf, playersOf, waitedFor } from "../../static/js/players.js";

test("players are found in the state of every game, in the order of their seats", () => {
  assert.deepEqual(playersOf({ player_a: "ann", player_b: "ben" }), ["ann", "ben"]);
  const seats = ["ann", "ben", "carl", "cpu1"].map((name) => ({ name }));
  assert.deepEqual(playersOf({ seats }), ["ann", "ben", "carl", "cpu1"]);
  assert.deepEqual(playersOf(undefined), []);
  assert.deepEqual(playersOf(null), []);
});

test("the others are all but oneself", () => {
  const seats = ["ann", "ben", "carl", "cpu1"].map((name) => ({ name }));
  assert.deepEqual(othersOf({ seats }, "carl"), ["ann", "ben", "cpu1"]);
  assert.deepEqual(othersOf({ player_a: "ann", player_b: "ben" }, "ben"), ["ann"]);
});

const deal = {
  table: "5c",
  actor: "S",
  claim: null,
  undo: null,
  players: { W: { name: "dora" }, S: { name: "carl" }, E: { name: "ben" }, N: { name: "ann" } },
};

test("the players of a deal of bridge stand by their sides", () => {
  assert.deepEqual(playersOf(deal), ["ann", "ben", "carl", "dora"]);
  assert.deepEqual(othersOf(deal, "carl"), ["ann", "ben", "dora"]);
  assert.ok(isAtTable(deal));
  assert.ok(!isAtTable({ player_a: "ann", player_b: "ben" }));
  assert.ok(!isAtTable(null));
});

test("what scopa calls players and table is something else", () => {
  const scopa = { players: 2, table: [{ place: 3 }], seats: [{ name: "ann" }, { name: "ben" }] };
  assert.deepEqual(playersOf(scopa), ["ann", "ben"]);
  assert.deepEqual(waitedFor({ ...scopa, current_player: "ben" }), ["ben"]);
  assert.ok(!isAtTable(scopa));
});

test("a match waits for whoever is to play, or to answer", () => {
  assert.deepEqual(waitedFor({ player_a: "ann", player_b: "ben", current_player: "ben" }), ["ben"]);
  assert.deepEqual(waitedFor({ seats: [], current_player: null }), []);
  assert.deepEqual(waitedFor(deal), ["carl"]);
  const claim = { side: "S", waiting: ["W", "E"] };
  assert.deepEqual(waitedFor({ ...deal, claim }), ["ben", "dora"]);
  const undo = { side: "S", waiting: ["W"] };
  assert.deepEqual(waitedFor({ ...deal, undo }), ["dora"]);
  assert.deepEqual(waitedFor({ ...deal, actor: null }), []);
});
