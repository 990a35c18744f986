import assert from "node:assert/strict";
import { test } from "node:test";

const texts = {
  amount_d: "{n} d", amount_h: "{n} h", amount_min: "{n} min", amount_s: "{n} s",
  a_move: "{time} a move", a_clock: "{base}+{increment}",
  game_uttt: "Ultimate tic-tac-toe", variant_standard: "{game}", variant_swap: "{game}, swap",
  game_scopa: "Scopa", variant_cirulla: "{game}, cirulla", unusual: "{kind} ({options})",
  unusual_matta_seven_of_coins: "matta the seven of coins",
  unusual_grande_downwards: "grande counted downwards",
  seats_free: "{free} of {players} seats free",
  rated: "rated", casual: "casual",
};
globalThis.document = { querySelectorAll: () => [{ textContent: JSON.stringify(texts) }] };
const { kindWords, playWords, timeWords } = await import("../../static/js/kinds.js");

test("times are said as the server says them", () => {
  const said = {
    600: "10 min a move", 86400: "1 d a move", 259200: "3 d a move", 604800: "7 d a move",
    5: "5 s a move", 7200: "2 h a move", 0: "0 s a move",
    "60+1": "1+1", "180+2": "3+2", "90+0": "1:30+0", "10800+60": "180+60",
  };
  for (const [time, words] of Object.entries(said)) assert.equal(timeWords(time), words);
});

test("what is offered and what is played", () => {
  const row = { game: "uttt", variant: "swap", rated: false, time: "180+2" };
  assert.equal(kindWords(row), "Ultimate tic-tac-toe, swap · casual · 3+2");
  assert.equal(playWords({ ...row, variant: "standard" }), "Ultimate tic-tac-toe · 3+2");
  assert.equal(playWords({ ...row, variant: "standard", time: null }), "Ultimate tic-tac-toe");
});

test("options are said where they are not the usual ones, and seats where there are several", () => {
  const seats = ["taken", "free", "asked", "free"].map((kind) => ({ kind }));
  const options = { players: 4, matta: "seven_of_cups", grande: "five" };
  const row = {
    game: "scopa", variant: "cirulla", options, rated: true, time: "600", players: 4, seats,
  };
  assert.equal(kindWords(row), "Scopa, cirulla · 2 of 4 seats free · rated · 10 min a move");
  const odd = { ...options, matta: "seven_of_coins" };
  assert.equal(
    kindWords({ ...row, options: odd, players: 2, seats: seats.slice(2) }),
    "Scopa, cirulla (matta the seven of coins) · rated · 10 min a move",
  );
  assert.equal(
    playWords({ ...row, options: { ...odd, grande: "downwards" } }),
    "Scopa, cirulla (matta the seven of coins, grande counted downwards) · 10 min a move",
  );
});
