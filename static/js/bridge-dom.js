/** Cards, suits, calls and contracts as elements, the same as templates/bridge/_felt.html draws them. */

import { isPlain } from "./bridge.js";
import { contractWords } from "./bridge-words.js";
import { say } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";

function sprite() {
  return document.getElementById("felt").dataset.cards;
}

function drawing(name, box, className) {
  const svg = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  svg.setAttribute("viewBox", box);
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  if (className) svg.setAttribute("class", className);
  use.setAttribute("href", `${sprite()}#${name}`);
  svg.append(use);
  return svg;
}

/** An element with a class, text or children, and attributes. */
export function element(name, className = "", content = [], attributes = {}) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...[content].flat());
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

export function unseen(text) {
  return element("span", "unseen", text);
}

/** What is seen, and the words for it that are heard instead, as a list of nodes. */
export function spoken(seen, heard) {
  return [element("span", "seen", seen, { "aria-hidden": "true" }), unseen(heard)];
}

/** The face of a card: "card-51", "top-51" or "back". */
export function face(name) {
  return drawing(name, "0 0 100 140");
}

/** A call as it is written, as a list of nodes. */
export function callFace(bid) {
  if (isPlain(bid)) return [say(`b_${bid}_short`)];
  const [level, strain] = bid;
  if (strain === "Z") return [level, element("small", "nt", say("b_nt"))];
  return [level, drawing(`suit-${strain}`, "0 0 40 40", "suit")];
}

/** A contract as it is written, and in words. */
export function contractFace(contract, declarer) {
  if (contract === "pass") return [say("b_passed_out")];
  const doubled = contract.slice(2).replaceAll("X", "×");
  const shown = element("span", "contract-face",
    [...callFace(contract.slice(0, 2)), `${doubled} `, element("b", "", say(`b_letter_${declarer}`))],
    { "aria-hidden": "true" });
  return [shown, unseen(contractWords(contract, declarer))];
}

export function setText(place, text) {
  if (place && place.textContent !== String(text)) place.textContent = text;
}

export function setAttribute(place, name, value) {
  if (place.getAttribute(name) !== value) place.setAttribute(name, value);
}
