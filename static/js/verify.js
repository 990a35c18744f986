/** The page that computes every deal of a finished match anew and compares it with the cards. */

import { pageData } from "./page.js";
import { bytesOf, commitment, firstSeat, isAble, rightPlaces } from "./verify-deals.js";
import { say } from "./words.js";

const data = pageData("verify");

function mark(element, good, text) {
  element.classList.add(good ? "good" : "bad");
  if (text) element.lastElementChild.textContent = text;
}

async function checkSeed(seed) {
  const good = (await commitment(seed)) === data.commitment;
  const line = document.querySelector('[data-check="seed"]');
  mark(line, good, say(good ? "verify_seed" : "verify_seed_wrong"));
  return good;
}

async function checkFirst(seed) {
  const { first } = data.dealings.find((each) => each.first !== null);
  const good = (await firstSeat(seed, data.players)) === first;
  const line = document.querySelector('[data-check="first"]');
  mark(line, good, say(good ? "verify_first" : "verify_first_wrong"));
  return good;
}

async function checkDeal(seed, dealing, index) {
  const row = document.querySelector(`[data-deal="${index}"]`);
  const right = await rightPlaces(seed, dealing, data.deck);
  const good = right.length === dealing.cards.length;
  for (const card of row.querySelectorAll("[data-at]")) {
    card.classList.toggle("wrong", !right.includes(Number(card.dataset.at)));
  }
  const says = row.querySelector("[data-says]");
  says.textContent = say("verify_deal", { same: right.length, count: dealing.cards.length });
  says.classList.add(good ? "good" : "bad");
  return good;
}

async function checkAll() {
  const seed = bytesOf(data.seed);
  const checks = [await checkSeed(seed), await checkFirst(seed)];
  for (const [index, dealing] of data.dealings.entries()) {
    checks.push(await checkDeal(seed, dealing, index));
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
