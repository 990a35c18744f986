import assert from "node:assert/strict";
import { test } from "node:test";

import {
  apply, isDealOver, isMine, lying, news, settle, takesOf, unpack,
} from "../../static/js/scopa.js";

const card = (place, suit, value) => ({ place, suit, value });
const wire = (place, suit = 0, value = 0) => ({ id: place, suit, value });

/** A view of two players' table: ann (seat 0) to play, three cards each, four on the table. */
function view(more = {}) {
  return {
    variant: "classic", players: 2, target: 11, deal: 1, first: 0, to_move: 0,
    table: [card(0, 1, 4), card(1, 2, 3), card(2, 3, 10), card(3, 0, 2)],
    hands: [[card(4, 0, 7), card(5, 1, 1), card(6, 2, 9)], [{ place: 7 }, { place: 8 }, { place: 9 }]],
    deck: 30, piles: [0, 0], scope: [[], []], declared: [0, 0], taker: null, points: [],
    totals: [0, 0], takes: [[[0, 1]], [], [[0, 1, 3], [2]]], over: false,
    seats: [{ name: "ann" }, { name: "ben" }],
    ...more,
  };
}

const start = (more) => settle(null, view(more), { seat: 0 });
const played = (name, one, on) => ({
  infos: [],
  moves: [{
    source: `hand_${name}`, dest: "table_cards", cards: [one], visible: true,
    ...(on && { move_on: on }),
  }],
  cards: [],
});
const taken = (team, cards, infos = []) => ({
  infos, moves: [{ source: "table_cards", dest: `cards_${team}`, cards, visible: true }], cards: [],
});
const places = (slots) => slots.map((each) => each && each.place);

test("a state is the view, with slots and the captures of each card", () => {
  const state = start();
  assert.deepEqual(places(state.table), [0, 1, 2, 3]);
  assert.deepEqual(state.names, ["ann", "ben"]);
  assert.deepEqual(takesOf(state, 4), [[0, 1]]);
  assert.deepEqual(takesOf(state, 5), []);
  assert.equal(takesOf(state, 6).length, 2);
  assert.ok(isMine(state));
  assert.ok(!isMine(settle(null, view(), { seat: 1 })));
  assert.ok(!isMine(settle(null, view(), { seat: null })));
  assert.equal(lying(state).length, 10);
});

test("a card laid down takes a free slot, and nothing else moves", () => {
  const state = start({ table: [card(0, 1, 4), card(1, 2, 3)] });
  const after = apply(state, played("ann", wire(5, 1, 1)));
  assert.deepEqual(places(after.table), [0, 1, 5]);
  assert.deepEqual(places(after.hands[0]), [4, null, 6]);
  assert.deepEqual(places(state.hands[0]), [4, 5, 6], "the state before is as it was");
  assert.deepEqual(after.last, {
    kind: "laid", seat: 0, card: card(5, 1, 1), taken: [], scopa: false,
  });
});

test("a card that takes lies on what it takes until they go", () => {
  const before = apply(start(), played("ann", wire(4, 0, 7), wire(0, 1, 4)));
  assert.deepEqual(before.laid, { card: card(4, 0, 7), on: 0 });
  assert.deepEqual(places(before.table), [0, 1, 2, 3]);
  assert.deepEqual(news(before, played("ann", wire(4, 0, 7), wire(0, 1, 4))), [before.last]);
  const message = taken(0, [wire(0, 1, 4), wire(1, 2, 3), wire(4, 0, 7)]);
  const after = apply(before, message);
  assert.deepEqual(places(after.table), [null, null, 2, 3]);
  assert.equal(after.laid, null);
  assert.equal(after.piles[0], 3);
  assert.equal(after.taker, 0);
  const [told] = news(after, message);
  assert.equal(told.kind, "took");
  assert.deepEqual(told.taken, [card(0, 1, 4), card(1, 2, 3)]);
  assert.equal(told.scopa, false);
});

test("a hidden card shows itself where it is played from", () => {
  const after = apply(start({ to_move: 1 }), played("ben", wire(8, 3, 6)));
  assert.deepEqual(places(after.hands[1]), [7, null, 9]);
  assert.deepEqual(after.table.at(-1), card(8, 3, 6));
});

test("a scopa, and the pile as the house counts it", () => {
  const laid = apply(
    start({ table: [card(0, 1, 7)] }), played("ann", wire(4, 0, 7), wire(0, 1, 7)),
  );
  const after = apply(laid, taken(0, [wire(0, 1, 7), wire(4, 0, 7)], [{ info: "scopa", data: "ann" }]));
  assert.ok(after.last.scopa);
  const counted = apply(after, {
    infos: [], moves: [],
    cards: [{ id: "cards_0", type: "deck", length: 2, side_cards: [wire(4, 0, 7), null] }],
  });
  assert.deepEqual(counted.scope[0], [card(4, 0, 7), null]);
  assert.equal(counted.piles[0], 2);
});

test("what is left goes to the last to take, and the deal is over until the next begins", () => {
  let state = start({ taker: 1, table: [card(0, 1, 4)], hands: [[], []] });
  const left = taken(1, [wire(0, 1, 4)]);
  state = apply(state, left);
  assert.deepEqual(news(state, left)[0], {
    kind: "left", seat: 1, card: null, taken: [card(0, 1, 4)], scopa: false,
  });
  const sides = [{ partial: 1, total: 1 }, { partial: 3, total: 3 }];
  state = apply(state, { infos: [{ info: "summary", data: sides }], moves: [], cards: [] });
  assert.ok(isDealOver(state));
  assert.ok(!isMine(state));
  assert.deepEqual(state.totals, [1, 3]);
  assert.deepEqual(state.points, [[1, 3]]);
  const dealt = {
    infos: [{ info: "first_player", data: "ben" }],
    moves: [
      { source: "main_deck", dest: "table_cards", cards: [wire(0, 3, 3)], visible: true },
      { source: "main_deck", dest: "hand_ann", cards: [wire(4, 2, 2)], visible: false },
      { source: "main_deck", dest: "hand_ben", cards: [wire(7)], visible: false },
    ],
    cards: [{ id: "main_deck", length: 30 }],
  };
  state = apply(state, dealt);
  assert.ok(!isDealOver(state));
  assert.deepEqual([state.deal, state.first, state.deck], [2, 1, 30]);
  assert.deepEqual(state.piles, [0, 0]);
  assert.deepEqual(state.hands, [[card(4, 2, 2)], [{ place: 7 }]]);
  assert.deepEqual(news(state, dealt), [{ kind: "begins", seat: 1, deal: 2 }]);
});

test("cards that are dealt again go back", () => {
  const again = { source: "table_cards", dest: "main_deck", cards: [wire(0, 1, 10)], visible: true };
  const state = apply(start({ table: [card(0, 1, 10)] }), { moves: [again] });
  assert.deepEqual(state.table, []);
  assert.deepEqual(news(state, { moves: [again] }).map(({ kind }) => kind), ["misdealt"]);
});

test("what is declared is told by name", () => {
  const message = { infos: [{ info: "3_equal_cards", data: "ben" }], moves: [], cards: [] };
  assert.deepEqual(news(apply(start(), message), message), [
    { kind: "declared", seat: 1, what: "three_alike" },
  ]);
});

test("cards keep their slots when the house says how the match stands", () => {
  const shown = apply(start(), taken(0, [wire(1, 2, 3)]));
  const stood = settle(shown, view({ table: [card(0, 1, 4), card(2, 3, 10), card(3, 0, 2)] }), {
    seat: 0, version: 1,
  });
  assert.deepEqual(places(stood.table), [0, null, 2, 3]);
  const next = settle(stood, view({ deal: 2, table: [card(0, 2, 2)] }), { seat: 0, version: 2 });
  assert.deepEqual(places(next.table), [0], "a new deal begins anew");
});

test("a new hand begins with the first slot", () => {
  const empty = apply(start({ hands: [[card(4, 0, 7)], []] }), played("ann", wire(4, 0, 7)));
  const dealt = settle(empty, view({ hands: [[card(10, 1, 5), card(11, 1, 6)], []] }), { seat: 0 });
  assert.deepEqual(places(dealt.hands[0]), [10, 11]);
});

test("cards of somebody who is not there are refused, as when a guest has a new name", () => {
  assert.throws(() => apply(start(), played("carl", wire(4, 0, 7))), RangeError);
});

test("a packed position of a replay is a view again", () => {
  const common = { seats: view().seats, players: 2, target: 51, points: [] };
  const state = settle(null, unpack({
    deal: 3, to_move: 1, matta: [16, 9], piles: [3, 0], declared: [1, 0],
    cards: { table: [16, 0], hands: [[39], []], scope: [[null, 6], []] },
    last: { kind: "took", seat: 0, card: 6, taken: [9], scopa: true },
  }, common));
  assert.deepEqual(state.table[0], { place: 16, suit: 1, value: 7, new_value: 9 });
  assert.deepEqual(state.table[1], card(0, 0, 1));
  assert.deepEqual(state.hands[0], [card(39, 3, 10)]);
  assert.deepEqual(state.scope[0], [null, card(6, 0, 7), null], "a declared point has no card");
  assert.deepEqual(state.last.taken, [card(9, 0, 10)]);
});
