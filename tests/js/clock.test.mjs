import assert from "node:assert/strict";
import { test } from "node:test";

// The texts come from the page; here there is none.
globalThis.document = { querySelectorAll: () => [] };
const { parseUtc, split } = await import("../../static/js/clock.js");

test("time left is told in its two largest units", () => {
  const day = 86_400;
  assert.deepEqual(split(7 * day), { unit: "days", values: { days: 7, hours: 0 } });
  assert.deepEqual(split(7 * day - 1), { unit: "days", values: { days: 6, hours: 23 } });
  assert.deepEqual(split(day), { unit: "days", values: { days: 1, hours: 0 } });
  assert.deepEqual(split(day - 1), { unit: "hours", values: { hours: 23, minutes: 59 } });
  assert.deepEqual(split(3600), { unit: "hours", values: { hours: 1, minutes: 0 } });
  assert.deepEqual(split(3599), { unit: "minutes", values: { minutes: 59 } });
  assert.deepEqual(split(59.9), { unit: "seconds", values: { seconds: 59 } });
  assert.deepEqual(split(-5), { unit: "seconds", values: { seconds: 0 } });
});

test("revoke_time is UTC whatever the reader's zone", () => {
  assert.equal(parseUtc("2026-11-27 20:16:05"), Date.UTC(2026, 10, 27, 20, 16, 5));
});
