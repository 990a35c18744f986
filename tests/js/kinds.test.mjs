import assert from "node:assert/strict";
import { test } from "node:test";

const texts = {
  amount_d: "{n} d", amount_h: "{n} h", amount_min: "{n} min", amount_s: "{n} s",
  a_move: "{time} a move", a_clock: "{base}+{increment}",
  game_uttt: "Ultimate tic-tac-toe", variant_standard: "{game}", variant_swap: "{game}, swap",
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
});
