/**
 * The cards of a match from its seed, as app/games/rng.py deals them: a keyed stream of numbers and
 * the shuffle of Fisher and Yates. Pure but for WebCrypto, which browsers have on secure pages.
 */

const WORD = 4;
const RANGE = 2 ** 32;
const { subtle } = globalThis.crypto ?? {};

/** Can this browser compute it? Not over plain HTTP, except on the machine itself. */
export function isAble() {
  return subtle !== undefined;
}

/** "00ff…" -> bytes. */
export function bytesOf(hex) {
  return Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}

function hexOf(buffer) {
  return Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** What was published of a seed (bytes) before the match: its SHA-256, in hex. */
export async function commitment(seed) {
  return hexOf(await subtle.digest("SHA-256", seed));
}

/** The blocks of bytes that a seed and a label give, one after another. */
async function* blocks(seed, label) {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await subtle.importKey("raw", seed, algorithm, false, ["sign"]);
  const words = new TextEncoder().encode(label);
  const message = new Uint8Array(words.length + 8);
  message.set(words);
  const counter = new DataView(message.buffer, words.length);
  for (let number = 0n; ; number += 1n) {
    counter.setBigUint64(0, number);
    yield new DataView(await subtle.sign("HMAC", key, message));
  }
}

async function* numbers(seed, label) {
  for await (const block of blocks(seed, label)) {
    for (let at = 0; at < block.byteLength; at += WORD) yield block.getUint32(at);
  }
}

async function below(stream, n) {
  const fair = RANGE - (RANGE % n);
  for (;;) {
    const { value } = await stream.next();
    if (value < fair) return value % n;
  }
}

/** `items` in the order that a seed (bytes) and a label give. */
export async function shuffled(seed, label, items) {
  const order = [...items];
  const stream = numbers(seed, label);
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = await below(stream, last + 1);
    [order[last], order[other]] = [order[other], order[last]];
  }
  return order;
}

/** 0, 1, … count - 1. */
export function range(count) {
  return Array.from({ length: count }, (_, index) => index);
}

/** The places (of `[place, card]`) at which a dealing has the cards that the seed gives. */
export async function rightPlaces(seed, { deal, attempt, cards }, deck) {
  const order = await shuffled(seed, `scopa deal ${deal - 1} ${attempt}`, range(deck));
  return cards.filter(([place, card]) => order[place] === card).map(([place]) => place);
}

/** The seat that leads the first deal. */
export async function firstSeat(seed, players) {
  const [seat] = await shuffled(seed, "scopa first", range(players));
  return seat;
}
