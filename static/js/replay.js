/** A finished match step by step, and a link to every position. */

import { Analysis } from "./analysis.js";
import { Board } from "./board.js";
import { pageData } from "./page.js";
import { onShare } from "./share.js";
import { Steps } from "./steps.js";
import { showSwapsLeft } from "./swap.js";
import { hasSwaps, positionAt } from "./uttt.js";
import { say } from "./words.js";

const { moves, ply: first, last, code, analysis: found } = pageData("replay");
const board = new Board(document.querySelector("[data-board]"));
const steps = new Steps(document.getElementById("moves"), { keys: document, onLook: look });
const announcer = document.getElementById("announce");
const analysis = new Analysis(found, {
  moves,
  ply: first,
  tell: (text) => { announcer.textContent = text; },
});

function show(ply) {
  const caption = ply === 0 ? say("start") : say("past", { ply, plies: moves.length });
  // The last has what happened off the board, too.
  const position = ply === moves.length ? last : positionAt(moves, ply, hasSwaps(last));
  board.show(position);
  if (hasSwaps(position)) showSwapsLeft(position);
  steps.show(moves, ply, caption);
  return [caption, analysis.show(ply)];
}

function tell(text) {
  document.getElementById("message").textContent = text;
}

function look(ply) {
  const [caption, judgement] = show(ply);
  const move = ply > 0 ? ` ${moves[ply - 1]}` : "";
  announcer.textContent = `${caption}${move} ${judgement}`.trim();
  tell("");
  history.replaceState(null, "", `?ply=${ply}${location.hash}`);
}

onShare(tell, code);
show(first);
