import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

globalThis.document = { querySelectorAll: () => [] };
const { pathsOf } = await import("../../static/js/small-uttt.js");

const cases = JSON.parse(readFileSync(new URL("../web/small_squares.json", import.meta.url)));

cases.forEach(({ board, paths }, number) => {
  test(`position ${number} is drawn as the server draws it`, () => {
    assert.deepEqual(pathsOf(board, board.global_field.flat()), paths);
  });
});
