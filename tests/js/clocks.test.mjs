import assert from "node:assert/strict";
import { test } from "node:test";

// A page of which only the two faces matter, and a running time of our own.
const faces = new Map(
  ["0", "1"].map((seat) => [
    `[data-clock="${seat}"]`,
    { textContent: "", parentElement: { classList: { toggle() {} } } },
  ]),
);
globalThis.document = {
  querySelectorAll: () => [{ textContent: '{"clock_low": "{seconds} left"}' }],
  querySelector: (selector) => faces.get(selector) ?? null,
};
let now = 0;
Object.defineProperty(globalThis, "performance", { value: { now: () => now } });
globalThis.setInterval = () => 1; // time is turned by hand
globalThis.clearInterval = () => {};
const { Clocks, clockText } = await import("../../static/js/clocks.js");

const shown = () => [...faces.values()].map(({ textContent }) => textContent);

test("a clock shows what the server's does", () => {
  const said = new Map([
    [0, "0.0"], [99, "0.0"], [100, "0.1"], [9_999, "9.9"], [10_000, "0:10"], [59_999, "0:59"],
    [60_000, "1:00"], [3_599_999, "59:59"], [3_600_000, "1:00:00"], [3_723_000, "1:02:03"],
  ]);
  for (const [left, text] of said) assert.equal(clockText(left), text);
  assert.equal(clockText(-5), "0.0");
});

test("only the running clock counts, from when it was told", () => {
  const clocks = new Clocks({ seat: null, announce: assert.fail });
  now = 1_000_000;
  clocks.take({ left: [180_000, 60_000], running: 1 });
  assert.deepEqual(shown(), ["3:00", "1:00"]);
  now += 55_500;
  clocks.show();
  assert.deepEqual(shown(), ["3:00", "4.5"]);
  now += 60_000;
  clocks.show();
  assert.deepEqual(shown(), ["3:00", "0.0"]); // the house says when it is over
  clocks.take({ left: [180_000, 2_500], running: 0 });
  now += 1_000;
  clocks.show();
  assert.deepEqual(shown(), ["2:59", "2.5"]);
  clocks.take({ left: [178_000, 0], running: null });
  now += 5_000;
  clocks.show();
  assert.deepEqual(shown(), ["2:58", "0.0"]);
});

test("a player is told twice, and of their own clock alone", () => {
  const told = [];
  const clocks = new Clocks({ seat: 0, announce: (text) => told.push(text) });
  clocks.take({ left: [40_000, 40_000], running: 1 });
  now += 35_000;
  clocks.show();
  assert.deepEqual(told, []);
  clocks.take({ left: [40_000, 5_000], running: 0 });
  for (let tick = 0; tick < 350; tick += 1) {
    now += 100;
    clocks.show();
  }
  assert.deepEqual(told, ["30 left", "10 left"]);
  clocks.take({ left: [15_000, 5_000], running: 0 }); // an increment is no reason to begin again
  now += 6_000;
  clocks.show();
  assert.equal(told.length, 2);
});

test("after a nap what is left is told once, as it is", () => {
  const told = [];
  const clocks = new Clocks({ seat: 1, announce: (text) => told.push(text) });
  clocks.take({ left: [60_000, 60_000], running: 1 });
  now += 56_500;
  clocks.show();
  assert.deepEqual(told, ["4 left"]);
});

test("who starts below a mark is not told of it", () => {
  const told = [];
  const clocks = new Clocks({ seat: 0, announce: (text) => told.push(text) });
  clocks.take({ left: [30_000, 30_000], running: 0 });
  now += 1_000;
  clocks.show();
  assert.deepEqual(told, []);
});
