/**
 * On every page: the badge and title for matches that wait for the user, invitations, and the
 * match that waiting in the queue has led to. Strangers get none of it and no connection.
 */

import { startClocks } from "./clock.js";
import { on, onLost, onReady } from "./connection.js";
import { followHall } from "./hall.js";
import { debounce, matchUrl } from "./page.js";
import { isAtTable, othersOf, playersOf, waitedFor } from "./players.js";
import { followWait, keepWaiting, onDealt, onStarted } from "./seek.js";
import { followTelling, showOnIcon } from "./tell.js";
import { news } from "./toast.js";
import { followTurns, takeTurn } from "./turns.js";
import { followUnread } from "./unread.js";
import { say } from "./words.js";

const SETTLE_MS = 150; // the greeting's messages come in one burst

const { user, live } = document.body.dataset;
const title = document.title;
const badge = document.getElementById("waiting");
const turns = new Map(); // match id -> does it wait for this user?
const others = new Map(); // match id -> who else plays in it, the latest match last
const tables = new Map(); // match id -> the bridge table where it is played

function here(id) {
  return location.pathname === matchUrl(id);
}

function showWaiting() {
  const count = [...turns.values()].filter(Boolean).length;
  if (badge) {
    badge.hidden = count === 0;
    badge.firstElementChild.textContent = count;
    badge.lastElementChild.textContent = say(count === 1 ? "waiting_one" : "waiting_many", {
      count,
    });
  }
  document.title = count ? `(${count}) ${title}` : title;
  showOnIcon(count);
  markIcon(count > 0);
}

/** The favicon with a dot in its corner while a match waits. */
function markIcon(waiting) {
  const link = document.querySelector('link[rel="icon"]');
  link.dataset.plain ??= link.getAttribute("href");
  const href = waiting ? link.dataset.plain.replace(".svg", "-waiting.svg") : link.dataset.plain;
  if (link.getAttribute("href") !== href) link.setAttribute("href", href);
}

function takeMatch(update) {
  const { id, match_state: state } = update;
  const plays = playersOf(state).includes(user);
  if (turns.has(id) && state && !plays && !isAtTable(state)) {
    location.reload(); // the user goes by another name now
    return;
  }
  if (plays) takeTurn(update, user);
  if (!state || state.game_over || (!plays && isAtTable(state))) {
    turns.delete(id);
    tables.delete(id);
    return;
  }
  if (!plays) return; // only looked at
  turns.set(id, waitedFor(state).includes(user));
  if (isAtTable(state)) tables.set(id, state.table);
  others.delete(id);
  others.set(id, othersOf(state, user));
}

/** Somebody else has taken over the user's seat at a bridge table. */
function takeTable({ tid, seats }) {
  if (Object.values(seats).some((seat) => seat?.name === user)) return;
  for (const [id, table] of tables) if (table === tid) turns.delete(id);
}

/** Whom one plays in a match of two; null of a larger one, or one that is not known. */
function opponentOf(id) {
  const names = others.get(id) ?? [];
  return names.length === 1 ? names[0] : null;
}

/** The latest match with nobody else but that player. */
function matchWith(name) {
  return [...others.keys()].reverse().find((id) => opponentOf(id) === name);
}

function invite(name, id, text) {
  if (id && here(id)) return;
  news("match", `match-${name}`, text, id ? matchUrl(id) : "/lobby", say("go"));
}

function start() {
  const show = debounce(showWaiting, SETTLE_MS);
  followTelling();
  followTurns();
  onLost(() => turns.clear()); // the next greeting tells of every open match
  onReady(show);
  on("match_update", (update) => {
    takeMatch(update);
    show();
  });
  on("bridge_table", (table) => {
    takeTable(table);
    show();
  });
  on("match_request", ({ player }) => {
    invite(player, matchWith(player), say("invited", { name: player }));
  });
  on("rematch", ({ id, match, by }) => {
    if (by !== user && !here(id)) invite(by, match, say("rematch", { name: by }));
  });
  followUnread();
  followHall({ opponentOf, here });
  followWait();
  onStarted(({ id, match_state: state }) => {
    const [name] = othersOf(state, user);
    invite(name, id, say("started", { name }));
  });
  onDealt(({ match_state: { table } }) => {
    const url = `/bridge/table/${encodeURIComponent(table)}`;
    if (location.pathname !== url) {
      news("match", `match-${table}`, say("dealt"), url, say("go_table"));
    }
  });
  if (!document.getElementById("seek")) keepWaiting(); // the lobby asks by itself
}

/** In a row of tabs that is wider than the screen the one that is shown is in sight. */
function showTab() {
  const tab = document.querySelector(".tabs [aria-current]");
  const row = tab?.parentElement;
  if (!row || row.scrollWidth <= row.clientWidth) return;
  row.scrollLeft = tab.offsetLeft - row.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2;
}

startClocks();
showTab();
if (live === "1") start();
