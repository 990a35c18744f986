/** A finished deal of bridge step by step, all hands open, and a link to every position. */

import { positionAt, ranksOf } from "./bridge-paper.js";
import { pageData } from "./page.js";
import { onShare } from "./share.js";
import { Steps } from "./steps.js";
import { say } from "./words.js";

const { deal, steps: plays, names, ply: first } = pageData("replay");
const moves = plays.map(({ text }) => text);
const steps = new Steps(document.getElementById("moves"), { keys: document, onLook: look });
const announcer = document.getElementById("announce");

function showHands(hands) {
  for (const [side, cards] of Object.entries(hands)) {
    const lines = document.querySelectorAll(`.paper[data-side="${side}"] [data-suit]`);
    for (const line of lines) {
      line.querySelector("[data-ranks]").textContent = ranksOf(cards, line.dataset.suit);
    }
  }
}

function showTrick(trick) {
  for (const place of document.querySelectorAll("#trick [data-side]")) {
    const step = trick.find(({ side }) => side === place.dataset.side);
    place.replaceChildren();
    if (!step) continue;
    const said = Object.assign(document.createElement("span"), { className: "unseen" });
    said.textContent = say("b_played_from", { card: step.said, name: names[step.side] });
    const shown = Object.assign(document.createElement("span"), { ariaHidden: "true" });
    shown.textContent = step.text;
    shown.dataset.text = step.text;
    place.append(said, shown);
  }
}

function show(ply) {
  const { hands, calls, trick, tricks } = positionAt(deal, plays, ply);
  showHands(hands);
  showTrick(trick);
  for (const cell of document.querySelectorAll("[data-call]")) {
    cell.classList.toggle("later", Number(cell.dataset.call) >= calls);
  }
  for (const [pair, count] of Object.entries(tricks)) {
    document.querySelector(`[data-tricks="${pair}"]`).textContent = count;
  }
  const caption = ply === 0 ? say("start") : say("past", { ply, plies: moves.length });
  steps.show(moves, ply, caption);
  return caption;
}

function tell(text) {
  document.getElementById("message").textContent = text;
}

function look(ply) {
  const step = ply > 0 ? plays[ply - 1] : null;
  announcer.textContent = step ? `${show(ply)} ${names[step.side]}: ${step.said}` : show(ply);
  tell("");
  history.replaceState(null, "", `?ply=${ply}`);
}

onShare(tell);
show(first);
