import assert from "node:assert/strict";
import { test } from "node:test";

const carried = [
  { left: "{time} left", error_stale: "The match has moved on." },
  { turn: "{name} to move", both: "{a} and {a} and {b}" },
];
globalThis.document = {
  querySelectorAll: () => carried.map((texts) => ({ textContent: JSON.stringify(texts) })),
};
const { explain, say } = await import("../../static/js/words.js");

test("values go into the text of every section the page carries", () => {
  assert.equal(say("left", { time: "6 d" }), "6 d left");
  assert.equal(say("both", { a: 1, b: 2 }), "1 and 1 and 2");
  assert.equal(say("turn", {}), "{name} to move");
});

test("a value is put in as it is, patterns and all", () => {
  assert.equal(say("turn", { name: "$& {time}" }), "$& {time} to move");
});

test("refusals are told in the page's words, or in the house's own", () => {
  assert.equal(explain({ code: "stale", msg: "?" }), "The match has moved on.");
  assert.equal(explain({ code: "illegal", msg: "That square is taken." }), "That square is taken.");
});
