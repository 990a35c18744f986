import assert from "node:assert/strict";
import { test } from "node:test";

import {
  bytesOf, commitment, firstSeat, range, rightPlaces, shuffled,
} from "../../static/js/verify-deals.js";

const seed = new TextEncoder().encode("seed");

test("the shuffle is the one of app/games/rng.py", async () => {
  assert.deepEqual(await shuffled(seed, "an example", range(10)), [6, 9, 0, 1, 5, 3, 4, 8, 2, 7]);
});

test("a long shuffle goes on over many blocks, and is one", async () => {
  const order = await shuffled(seed, "long", range(400));
  assert.deepEqual(order.toSorted((a, b) => a - b), range(400));
  assert.notDeepEqual(order, range(400));
});

test("what was published is the hash of the seed", async () => {
  const empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  assert.equal(await commitment(bytesOf("")), empty);
  assert.notEqual(await commitment(bytesOf("00")), empty);
  assert.deepEqual(bytesOf("00ff10"), Uint8Array.of(0, 255, 16));
});

test("cards that are not where the seed has them are found out", async () => {
  const order = await shuffled(seed, "scopa deal 1 0", range(40));
  const cards = order.map((card, place) => [place, card]);
  const dealing = { deal: 2, attempt: 0, cards };
  assert.equal((await rightPlaces(seed, dealing, 40)).length, 40);
  const swapped = [[0, order[5]], [5, order[0]], ...cards.slice(1, 5), ...cards.slice(6)];
  const right = await rightPlaces(seed, { ...dealing, cards: swapped }, 40);
  assert.equal(right.length, 38);
  assert.ok(!right.includes(0) && !right.includes(5));
  assert.ok((await rightPlaces(seed, { ...dealing, deal: 1 }, 40)).length < 12, "another deal");
  assert.ok((await rightPlaces(seed, { ...dealing, attempt: 1 }, 40)).length < 12);
});

test("who leads is drawn, too", async () => {
  const seats = new Set();
  for (let number = 0; number < 16; number += 1) {
    seats.add(await firstSeat(Uint8Array.of(number), 4));
  }
  assert.deepEqual([...seats].toSorted(), [0, 1, 2, 3]);
});
