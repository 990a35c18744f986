/** A finished match step by step, and a link to every position. */

import { Board } from "./board.js";
import { pageData } from "./page.js";
import { onShare } from "./share.js";
import { Steps } from "./steps.js";
import { positionAt } from "./uttt.js";
import { say } from "./words.js";

const { moves, ply: first, last } = pageData("replay"); // last: how it ended, off the board too
const board = new Board(document.querySelector("[data-board]"));
const steps = new Steps(document.getElementById("moves"), { keys: document, onLook: look });
const announcer = document.getElementById("announce");

function show(ply) {
  const caption = ply === 0 ? say("start") : say("past", { ply, plies: moves.length });
  board.show(ply === moves.length ? last : positionAt(moves, ply));
  steps.show(moves, ply, caption);
  return caption;
}

function tell(text) {
  document.getElementById("message").textContent = text;
}

function look(ply) {
  const move = ply > 0 ? ` ${moves[ply - 1]}` : "";
  announcer.textContent = show(ply) + move;
  tell("");
  history.replaceState(null, "", `?ply=${ply}`);
}

onShare(tell);
show(first);
