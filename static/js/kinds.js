/** What is played and how much time there is, in the words of app/web/words.py. */

import { isSaid, say } from "./words.js";

const UNITS = [["d", 86_400], ["h", 3_600], ["min", 60]];

/** A time control from its notation: "259200" -> "3 d a move", "180+2" -> "3+2". */
export function timeWords(text) {
  if (!text.includes("+")) return say("a_move", { time: amount(Number(text)) });
  const [base, increment] = text.split("+").map(Number);
  const minutes = Math.floor(base / 60);
  const seconds = base % 60;
  const shown = seconds ? `${minutes}:${String(seconds).padStart(2, "0")}` : String(minutes);
  return say("a_clock", { base: shown, increment });
}

function amount(seconds) {
  const [unit, size] = UNITS.find(([, each]) => seconds && seconds % each === 0) ?? ["s", 1];
  return say(`amount_${unit}`, { n: seconds / size });
}

function gameWords({ game, variant, options = {} }) {
  const kind = say(`variant_${variant}`, { game: say(`game_${game}`) });
  const keys = Object.entries(options).map(([name, value]) => `unusual_${name}_${value}`);
  const unusual = keys.filter(isSaid).map((key) => say(key)).join(", ");
  return unusual ? say("unusual", { kind, options: unusual }) : kind;
}

/** What a table or a challenge offers; of more than two seats, how many are free. */
export function kindWords(row) {
  const terms = [gameWords(row)];
  if (row.players > 2) {
    const free = row.seats.filter(({ kind }) => kind === "free").length;
    terms.push(say("seats_free", { free, players: row.players }));
  }
  return [...terms, say(row.rated ? "rated" : "casual"), timeWords(row.time)].join(" · ");
}

/** What is played in a match to look at; the game alone if it has no time. */
export function playWords(row) {
  return row.time ? `${gameWords(row)} · ${timeWords(row.time)}` : gameWords(row);
}
