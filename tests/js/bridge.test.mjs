import assert from "node:assert/strict";
import { test } from "node:test";

import {
  auctionRows, beatOf, columns, declarersTricks, fan, isAble, mustAnswer, newsOf, onTable,
  placesFrom, trumpOf, waitingFor,
} from "../../static/js/bridge.js";

const call = (side, bid) => ({ side, bid, alert: null });
const card = (side, number) => ({ side, card: number });

/** A view of a deal that North has dealt. */
function view(more = {}) {
  return {
    dealer: "N", vuln: "none", phase: "auction", auction: [], contract: null, declarer: null,
    dummy: null, trick: [], last_trick: null, played: [], to_move: "N", actor: "N", claim: null,
    undo: null, over: false, ...more,
  };
}

const play = (more) => view({
  phase: "play", contract: "4S", declarer: "S", dummy: "N", auction: [call("N", "pass")],
  to_move: "W", actor: "W", ...more,
});

test("a hand lies by suits, each from the highest card on, and trumps come first in columns", () => {
  const held = [0, 12, 13, 26, 38, 51];
  assert.deepEqual(fan(held), [51, 38, 26, 12, 0, 13]);
  assert.deepEqual(columns(held, "D"), [["D", [13]], ["S", [51]], ["H", [38, 26]], ["C", [12, 0]]]);
  assert.deepEqual(columns([51], "D"), [["S", [51]]]);
  assert.equal(trumpOf({ contract: "4HXX" }), "H");
  for (const contract of ["3Z", "pass", null]) assert.equal(trumpOf({ contract }), null);
});

test("sides sit clockwise from whoever looks", () => {
  assert.deepEqual(placesFrom("S"), { S: "bottom", W: "left", N: "top", E: "right" });
  assert.deepEqual(placesFrom("E"), { E: "bottom", S: "left", W: "top", N: "right" });
});

test("the auction stands in rows from West on, under its dealer", () => {
  const auction = ["1C", "pass", "1H", "dbl"].map((bid, turn) => call("SWNE"[turn], bid));
  const rows = auctionRows(view({ dealer: "S", auction }));
  assert.deepEqual(rows.map((row) => row.map((each) => each && [each.number, each.bid])), [
    [null, null, null, [0, "1C"]],
    [[1, "pass"], [2, "1H"], [3, "dbl"], null],
  ]);
  assert.deepEqual(auctionRows(view({ dealer: "W" })), []);
  assert.deepEqual(auctionRows(view({ dealer: "E" })), [[null, null, null, null]]);
});

test("who is waited for, and who may act", () => {
  assert.deepEqual(waitingFor(view()), ["N"]);
  const dummys = play({ to_move: "N", actor: "S" });
  assert.deepEqual([isAble(dummys, "S"), isAble(dummys, "N"), isAble(dummys, null)], [true, false, false]);
  const claimed = play({ claim: { side: "S", tricks: 10, waiting: ["W", "E"], accepted: [] } });
  assert.deepEqual(waitingFor(claimed), ["W", "E"]);
  assert.deepEqual([isAble(claimed, "W"), mustAnswer(claimed, "W"), mustAnswer(claimed, "S")], [false, true, false]);
  assert.equal(mustAnswer(view(), null), false);
  assert.deepEqual(waitingFor(play({ to_move: null, actor: null, over: true })), []);
});

test("a complete trick lies on the table until the next one is led", () => {
  const cards = [card("W", 3), card("N", 4), card("E", 5), card("S", 6)];
  const done = play({ played: [cards], last_trick: { cards, winner: "S" } });
  assert.deepEqual(onTable(done), { cards, done: true, winner: "S" });
  const led = play({ ...done, trick: [card("S", 20)] });
  assert.deepEqual(onTable(led), { cards: [card("S", 20)], done: false, winner: null });
});

test("what happened between two views", () => {
  const kinds = (before, after) => newsOf(before, after).map(({ kind }) => kind);
  const bids = view({ auction: [call("N", "1S")] });
  assert.deepEqual(newsOf(view(), bids), [{ kind: "call", call: call("N", "1S") }]);
  assert.deepEqual(kinds(bids, view()), ["undone"]);
  const made = play({ auction: [call("N", "1S"), call("E", "pass")] });
  assert.deepEqual(kinds(bids, made), ["call", "contract"]);
  const cards = [card("W", 3), card("N", 4), card("E", 5), card("S", 6)];
  const three = play({ trick: cards.slice(0, 3) });
  assert.deepEqual(newsOf(play(), three).map(({ lead }) => lead), [true, false, false]);
  const four = play({ played: [cards], last_trick: { cards, winner: "S" } });
  assert.deepEqual(newsOf(three, four), [
    { kind: "card", side: "S", card: 6, lead: false }, { kind: "trick", winner: "S" },
  ]);
  assert.deepEqual(kinds(four, three), ["undone"]);
  const claim = { side: "S", tricks: 10, waiting: ["W"], accepted: [] };
  assert.deepEqual(kinds(four, play({ ...four, claim })), ["claim"]);
  assert.deepEqual(kinds(play({ ...four, claim }), four), ["declined"]);
  assert.deepEqual(kinds(play({ ...four, claim }), play({ ...four, over: true })), []);
  const undo = { side: "S", waiting: ["W", "E"] };
  assert.deepEqual(kinds(four, play({ ...four, undo })), ["undo"]);
  assert.deepEqual(kinds(play({ ...four, undo }), four), ["undo_declined"]);
  assert.deepEqual(kinds(play({ ...four, undo }), three), ["undone"]);
  assert.deepEqual([beatOf(three, four), beatOf(play(), three), beatOf(view(), bids), beatOf(four, four)],
    ["trick", "card", "call", null]);
});

test("tricks claimed by a defender are not declarer's", () => {
  const { declarer, dummy } = play();
  const sides = ["S", "N", "W", "E"].map((side) => declarersTricks({ declarer, dummy }, side, 9));
  assert.deepEqual(sides, [9, 9, 4, 4]);
});
