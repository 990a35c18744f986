/**
 * On every page: challenges that come and what becomes of one's own, and matches that begin.
 *
 * A match may begin between two pages, when nothing is heard. So a tab remembers in
 * sessionStorage what its user has offered, in whichever tab: the match has the same id, and the
 * greeting of the next page tells of it.
 */

import { on, onReady, request } from "./connection.js";
import { kindWords } from "./kinds.js";
import { goOn, goToMatch, matchUrl, renew } from "./page.js";
import { tell, untell } from "./tell.js";
import { dismiss, news, toast } from "./toast.js";
import { explain, say } from "./words.js";

const LOBBY = "seek"; // the id of what only the lobby has
const REASONS = { declined: "challenge_declined", expired: "challenge_expired" };

const OFFERED = "parlour.offers";
const OFFERED_MOST = 20;

const received = new Set(); // challenges to this user that this page has heard of
const lobby = document.getElementById(LOBBY);
const page = document.getElementById("table-page");

function keyOf(id) {
  return `challenge-${id}`;
}

/** The ids that the mark at "Lobby" bears: "asked" of this user, or "offered" by them. */
function idsIn(name) {
  return document.getElementById("asked").dataset[name].split(" ").filter(Boolean);
}

/** Show at "Lobby" how many challenges wait for an answer: `change` takes and gives their ids. */
function showAsked(change) {
  const badge = document.getElementById("asked");
  const ids = change(idsIn("asked"));
  badge.dataset.asked = ids.join(" ");
  badge.hidden = ids.length === 0;
  const [number, words] = badge.children;
  number.textContent = ids.length;
  words.textContent = say(ids.length === 1 ? "asked_one" : "asked_many", { count: ids.length });
}

function tableUrl(id) {
  return `/table/${encodeURIComponent(id)}`;
}

function takeChallenge(row) {
  received.add(row.id);
  showAsked((ids) => [...new Set([...ids, row.id])]);
  if (page?.dataset.table === row.id) return;
  const key = row.invitee ? "challenged" : "asked_to";
  const text = say(key, { name: row.owner, kind: kindWords(row) });
  const act = (type) => async () => {
    try {
      const answer = await request(type, { id: row.id });
      dismiss(keyOf(row.id));
      goOn(answer);
    } catch (error) {
      toast(keyOf(row.id), explain(error), "/lobby", say("see"));
    }
  };
  news("challenge", keyOf(row.id), text, tableUrl(row.id), say("see"), [
    { text: say("accept"), act: act("accept_challenge") },
    { text: say("decline"), act: act("decline_challenge") },
  ]);
}

function takeGone({ id, reason }) {
  dismiss(keyOf(id));
  untell(tableUrl(id)); // what a page told that has been left since
  showAsked((ids) => ids.filter((each) => each !== id));
  received.delete(id);
  if (!REASONS[reason] || !claim(id) || page?.dataset.table === id) return; // one's own alone
  toast(keyOf(id), say(REASONS[reason]), "/lobby", say("see"));
}

function offers() {
  return JSON.parse(sessionStorage.getItem(OFFERED) ?? "[]");
}

function keep(ids) {
  sessionStorage.setItem(OFFERED, JSON.stringify(ids.slice(-OFFERED_MOST)));
}

/** Remember a table or a challenge of this user, or a table where they sit. */
export function offered(id) {
  if (!offers().includes(id)) keep([...offers(), id]);
}

/** Whether this user has offered what has become that match; it is forgotten. */
function claim(id) {
  const known = offers();
  keep(known.filter((each) => each !== id));
  return known.includes(id);
}

function followOffers() {
  idsIn("offered").forEach(offered);
  on("challenge_sent", ({ id }) => offered(id));
  on("table_own", (row) => row && offered(row.id));
  on("lobby_state", ({ own, seated, challenges }) => {
    const rows = [own, ...(seated ?? []), ...(challenges?.outgoing ?? [])];
    for (const { id } of rows.filter(Boolean)) offered(id);
  });
}

/** What came and went while there was no connection has left no message. */
async function lookAgain() {
  await renew("/rules", ["asked"]);
  idsIn("offered").forEach(offered);
  const asked = idsIn("asked");
  for (const id of received) {
    if (asked.includes(id)) continue;
    received.delete(id);
    dismiss(keyOf(id));
  }
}

/** `opponentOf(id)`: whom one plays in a match, or null if the page has not heard of it. */
export function followHall({ opponentOf, here }) {
  on("challenge", takeChallenge);
  on("challenge_gone", takeGone);
  let leaving = false;
  const begin = (id) => {
    dismiss(keyOf(id));
    if (here(id)) return;
    if (leaving) {
      offered(id); // told on the next page
      return;
    }
    const name = opponentOf(id);
    const text = name ? say("begun_with", { name }) : say("begun");
    if (lobby || page?.dataset.table === id) {
      leaving = true;
      tell("match", { href: matchUrl(id), title: text });
      goToMatch(id);
      return;
    }
    news("match", `match-${name ?? id}`, text, matchUrl(id), say("go"));
  };
  const told = new Set();
  const once = (id) => {
    if (!told.has(id)) begin(id);
    told.add(id);
  };
  followOffers();
  on("match_update", ({ id, version, match_state: state }) => {
    const isOurs = claim(id) || received.has(id);
    // Who offers moves first, and has not yet; where a lot was drawn, others may have.
    const before = state?.seats ? state.seats.length - 1 : 0;
    if (isOurs && version <= before) once(id);
  });
  on("match_begins", ({ id }) => once(id));
  on("lobby_state", ({ challenges }) => {
    if (challenges) showAsked(() => challenges.incoming.map(({ id }) => id));
  });
  let connected = false;
  onReady(() => {
    if (connected) lookAgain();
    connected = true;
  });
}
