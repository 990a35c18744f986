import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.document = {
  querySelectorAll: () => [{ textContent: JSON.stringify({ yes: "yes" }) }],
};
const { summaryRows } = await import("../../static/js/scopa-score.js");

const side = (values) => ({
  cards: 20, coins: 5, seven_of_coins: 0, primiera: 70, scopa: 0, partial: 0, total: 0, ...values,
});
const row = (rows, key) => rows.find((each) => each.key === key);

test("a point for whoever has more, and for nobody in a tie", () => {
  const rows = summaryRows([side({ coins: 6, partial: 1 }), side({ coins: 4 })]);
  assert.deepEqual(row(rows, "cards").points, [0, 0]);
  assert.deepEqual(row(rows, "coins"), { key: "coins", values: ["6", "4"], points: [1, 0] });
});

test("the primiera goes to the side that the points say, more or not", () => {
  // 75 without one suit loses to 71 with all four.
  const rows = summaryRows([
    side({ primiera: 75, scopa: 2, partial: 2 }),
    side({ primiera: 71, seven_of_coins: 1, partial: 2 }),
  ]);
  assert.deepEqual(row(rows, "primiera").points, [0, 1]);
  assert.deepEqual(row(rows, "scopa").points, [2, 0]);
  assert.deepEqual(row(rows, "seven_of_coins").values, ["–", "yes"]);
});

test("only what a variant has is shown", () => {
  const keys = (extra) => summaryRows([side(extra), side(extra)]).map(({ key }) => key);
  assert.deepEqual(keys({}), ["cards", "coins", "seven_of_coins", "primiera", "scopa"]);
  assert.deepEqual(keys({ re_bello: 0 }).at(-1), "re_bello");
  assert.ok(!keys({ declared: 0 }).includes("declared"), "nothing was declared");
  const cirulla = keys({ declared: 3, piccola: 0, grande: 5, partial: 8 });
  assert.deepEqual(cirulla.slice(-3), ["declared", "piccola", "grande"]);
});
