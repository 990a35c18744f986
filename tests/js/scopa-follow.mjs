/**
 * Follows matches as viewers are told of them (tests/web/test_scopa_model.py writes the file) and
 * fails where what the messages lead to is not what the house says of the match after them.
 */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { apply, cardsIn, news, settle } from "../../static/js/scopa.js";

const byPlace = (cards) => cardsIn(cards).toSorted((one, other) => one.place - other.place);

function compare(state, told, where) {
  const same = (name, one, other) => assert.deepEqual(one, other, `${where}: ${name}`);
  same("table", byPlace(state.table), byPlace(told.table));
  same("laid", state.laid, null);
  state.hands.forEach((hand, seat) => same(`hand ${seat}`, byPlace(hand), byPlace(told.hands[seat])));
  for (const field of ["deal", "deck", "piles", "scope", "totals", "points"]) {
    same(field, state[field], told[field]);
  }
  if (!told.over) same("to_move", state.to_move, told.to_move);
}

let steps = 0;
for (const { name, seat, start, turns } of JSON.parse(readFileSync(process.argv[2], "utf8"))) {
  let state = settle(null, start, { seat });
  for (const { version, messages, after } of turns) {
    for (const message of messages) {
      const before = JSON.stringify(state);
      const next = apply(state, message);
      assert.equal(JSON.stringify(state), before, "a message changed the state before it");
      for (const each of news(next, message)) assert.ok(each.kind);
      state = next;
    }
    const told = settle(state, after, { seat, version });
    compare(state, told, `${name}, seat ${seat}, version ${version}`);
    state = told;
    steps += 1;
  }
}
console.log(`${steps} steps`);
