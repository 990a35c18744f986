import assert from "node:assert/strict";
import { test } from "node:test";

import { othersOf, playersOf } from "../../static/js/players.js";

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
