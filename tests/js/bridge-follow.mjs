/**
 * Steps through deals as the page of a replay does (tests/web/test_bridge_replay.py writes the
 * file) and fails where it shows another position than the house.
 */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { positionAt, ranksOf } from "../../static/js/bridge-paper.js";

let shown = 0;
for (const { deal, steps, positions } of JSON.parse(readFileSync(process.argv[2], "utf8"))) {
  const before = JSON.stringify({ deal, steps });
  for (const [ply, { ranks, ...position }] of positions.entries()) {
    const found = positionAt(deal, steps, ply);
    assert.deepEqual(found, position, `after ${ply}`);
    for (const [side, letters] of Object.entries(ranks)) {
      const texts = [..."SHDC"].map((letter) => ranksOf(found.hands[side], letter));
      assert.deepEqual(texts, letters, `${side} after ${ply}`);
    }
    shown += 1;
  }
  assert.equal(JSON.stringify({ deal, steps }), before, "what a position is made of changed");
}
console.log(`${shown} positions`);
