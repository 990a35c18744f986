/** A finished match of scopa step by step, all hands open, and a link to every position. */

import { pageData } from "./page.js";
import { Table } from "./scopa-table.js";
import { lastWords } from "./scopa-words.js";
import { settle, unpack } from "./scopa.js";
import { onShare } from "./share.js";
import { Steps } from "./steps.js";
import { say } from "./words.js";

const { moves, positions, common, ply: first, code } = pageData("replay");
const table = new Table(document.getElementById("felt"));
const steps = new Steps(document.getElementById("moves"), { keys: document, onLook: look });
const announcer = document.getElementById("announce");
let state = null;
let shown = first;

function show(ply) {
  state = settle(state, unpack(positions[ply], common));
  table.show(state, { move: Math.abs(ply - shown) === 1 }); // from one position to the next
  shown = ply;
  const caption = ply === 0 ? say("start") : say("past", { ply, plies: moves.length });
  steps.show(moves, ply, caption);
  document.getElementById("last").textContent = ply ? lastWords(state) : "";
  return caption;
}

function tell(text) {
  document.getElementById("message").textContent = text;
}

function look(ply) {
  announcer.textContent = `${show(ply)} ${document.getElementById("last").textContent}`;
  tell("");
  history.replaceState(null, "", `?ply=${ply}`);
}

onShare(tell, code);
show(first);
