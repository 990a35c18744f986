/** On every page: tells the user when a match has come to wait for them. */

import { onReady } from "./connection.js";
import { matchUrl } from "./page.js";
import { isAtTable, othersOf, waitedFor } from "./players.js";
import { tell, untell } from "./tell.js";
import { say } from "./words.js";

const GREETING_MS = 1000; // what already waits when a page opens is no news

const waited = new Map(); // match id -> did it wait for this user when it was last heard of?
let isGreeted = false;

function placeOf({ id, match_state: state }) {
  return isAtTable(state) ? `/bridge/table/${encodeURIComponent(state.table)}` : matchUrl(id);
}

function tellTurn(update, user) {
  const { game = "uttt", match_state: state } = update;
  const names = new Intl.ListFormat(document.documentElement.lang, { type: "conjunction" });
  const values = { game: say(`game_${game}`), names: names.format(othersOf(state, user)) };
  const body = say("tell_playing", values);
  tell("turn", { href: placeOf(update), title: say("tell_turn"), body });
}

/** Take an update of a match in which the user plays. */
export function takeTurn(update, user) {
  const { id, match_state: state } = update;
  const waits = !state.game_over && waitedFor(state).includes(user);
  if (waits && !waited.get(id) && isGreeted) tellTurn(update, user);
  if (!waits && waited.get(id)) untell(placeOf(update));
  // Kept through an outage: what came to wait meanwhile is told after it.
  if (state.game_over) waited.delete(id);
  else waited.set(id, waits);
}

/** Begin; on pages for those who are signed in. */
export function followTurns() {
  onReady(() => setTimeout(() => (isGreeted = true), GREETING_MS));
}
