/** The page that deals a board anew from its seed and compares the four hands. */

import { pageData } from "./page.js";
import { bytesOf, commitment, isAble, range, shuffled } from "./verify-deals.js";
import { say } from "./words.js";

const SIDES = "NESW";
const HAND = 13;
const data = pageData("verify");

function mark(name, good, text) {
  const line = document.querySelector(`[data-check="${name}"]`);
  line.classList.add(good ? "good" : "bad");
  if (text) line.lastElementChild.textContent = text;
  return good;
}

async function checkAll() {
  const seed = bytesOf(data.seed);
  const kept = (await commitment(seed)) === data.commitment;
  const checks = [mark("seed", kept, say(kept ? "verify_seed" : "verify_seed_wrong"))];
  const cards = await shuffled(seed, `bridge board ${data.board}`, range(SIDES.length * HAND));
  for (const [seat, side] of [...SIDES].entries()) {
    const hand = cards.slice(seat * HAND, (seat + 1) * HAND).sort((a, b) => a - b);
    checks.push(mark(side, hand.join() === data.deal[side].join()));
  }
  return checks.every(Boolean);
}

const verdict = document.getElementById("verdict");
if (isAble()) {
  const good = await checkAll();
  verdict.textContent = say(good ? "verify_good" : "verify_bad");
  verdict.classList.add(good ? "good" : "bad");
} else {
  verdict.textContent = say("verify_old");
}
