/**
 * The form for a table: "rated" can be chosen only where the match can be rated, and the button
 * says what it will do. What does not apply, the stylesheet hides; here it is switched off, too.
 */

import { say } from "./words.js";

const form = document.getElementById("table-form");
const button = document.getElementById("open-button");
const hint = document.getElementById("open-hint");
const rated = form.elements.rated;
const seats = [...form.querySelectorAll(".seat-row")];
let wanted = rated.checked;

function isShown(element) {
  return element.offsetParent !== null;
}

/** What is chosen for each of the other seats that there are: "free", "ask" or "bot-…". */
function plans() {
  if (form.elements.opponent) return [form.elements.opponent.value];
  for (const seat of seats) {
    const there = isShown(seat);
    for (const field of seat.querySelectorAll("select, input")) field.disabled = !there;
  }
  return seats.filter(isShown).map((seat) => seat.querySelector("select").value);
}

const isBot = (plan) => plan.startsWith("bot");

function showRated(chosen) {
  const variant = form.querySelector('[name="variant"]:checked');
  const can = variant?.dataset.rated !== "0" && !chosen.some(isBot);
  rated.disabled = !can;
  rated.checked = can && wanted;
}

/** A table to join, a challenge, or a match that begins at once. */
function showOffer(chosen) {
  if (!chosen.length) return; // as the server has said it
  const alone = chosen.length === 1 && chosen[0] === "ask";
  const offer = chosen.every(isBot) ? "play" : alone ? "challenge" : "offer";
  button.textContent = say(`open_${offer}`);
  hint.textContent = say(`open_${offer}_hint`);
}

function show() {
  const chosen = plans();
  if (form.dataset.guest === "0") showRated(chosen);
  showOffer(chosen);
}

rated.addEventListener("change", () => {
  wanted = rated.checked;
});
form.addEventListener("change", show);
show();
