import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { parts } from "../../static/js/linkify.js";

const cases = JSON.parse(readFileSync(new URL("../web/links.json", import.meta.url)));

for (const [text, links] of cases) {
  test(`links in ${text}`, () => {
    const pieces = parts(text);
    assert.deepEqual(pieces.filter(([, isLink]) => isLink).map(([piece]) => piece), links);
    assert.equal(pieces.map(([piece]) => piece).join(""), text);
  });
}

test("a very long text costs no time", () => {
  const started = performance.now();
  parts(`https://${"a".repeat(100_000)}`);
  parts("https://a/".repeat(10_000));
  parts(`https://example.org/${")".repeat(300)}`);
  assert.ok(performance.now() - started < 500);
});
