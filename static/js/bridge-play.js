/**
 * A bridge table on the page: shows what the house says of the deal that is played there, and sends
 * what the reader does. The page came complete from the server; this keeps it so.
 */

import { on, onReady, request } from "./connection.js";
import { isAble, mustAnswer, newsOf, SIDES, suitOf } from "./bridge.js";
import { Auction, Box } from "./bridge-auction.js";
import { Asking } from "./bridge-asking.js";
import { Hand } from "./bridge-hand.js";
import { Pace } from "./bridge-pace.js";
import { Table } from "./bridge-table.js";
import { callWords, dealtWords, toldWords, turnWords } from "./bridge-words.js";
import { onLeave } from "./leave.js";
import { debounce, pageData, renew } from "./page.js";
import { onShare } from "./share.js";
import { explain, LOCALE, say } from "./words.js";

const SETTLE_MS = 120; // one change may be told in several messages
const SAID_BY_SERVER = [...[...SIDES].map((side) => `chip-${side}`), "beside", "session", "over", "empty"];

// tid, id (of the deal), version, me, over, looks_on, bottom, names, view, table, explained
const seat = pageData("bridge");
const user = document.body.dataset.user;
const felt = document.getElementById("felt");

let deal = { id: seat.id, version: seat.version, view: seat.view };
let names = seat.names;
let explained = seat.explained;
let untold = []; // numbers of robots' calls that were told without what they mean
let pending = null; // the card asked to be played and not yet answered
let asking = false; // whether something is on its way to the house
let going = false; // whether a form leads elsewhere, whose answer a reload would cut off
let newest = null; // the latest view heard of, which may still wait to be shown
const past = new Set(); // deals that are over and done with

const table = new Table(felt, { bottom: seat.bottom, me: seat.me });
const auction = new Auction();
const box = new Box({ call: (move) => send("bid", { ...move, version: deal.version }) });
const hand = new Hand({ play, refuse: (card) => tell(notNow(card)) });
const questions = new Asking({ send });
const pace = new Pace(deal, show);

// ---- showing ------------------------------------------------------------------------

function show(update, before) {
  deal = update;
  pending = null;
  if (update.names) names = update.names;
  draw();
  if (before.id !== update.id) begin(update.view);
  else if (before.view) hear(newsOf(before.view, update.view));
  if (update.view.over && !before.view?.over) renewSoon();
}

function draw({ move = true } = {}) {
  const { view, version } = deal;
  if (!view) return;
  const able = isAble(view, seat.me) && !asking;
  document.getElementById("table").dataset.phase = view.phase;
  table.show(view, { names, able, pending, move });
  auction.show(view, { names, explained });
  box.show(view, { mine: seat.me !== null, able: able && view.phase === "auction" });
  hand.show({ playing: view.phase === "play" });
  questions.show(view, { names, me: seat.me });
  document.getElementById("empty").hidden = true;
  document.getElementById("over").hidden = view.phase !== "over";
  const kept = document.getElementById("version");
  if (kept) kept.value = version;
  if (view.phase !== "over") showTurn(view);
}

function showTurn(view) {
  const turn = document.getElementById("turn");
  const words = turnWords(view, names, seat.me);
  if (turn.textContent !== words) turn.textContent = words;
  turn.classList.toggle("turn-mine", isAble(view, seat.me) || mustAnswer(view, seat.me));
}

function begin(view) {
  explained = {};
  untold = [];
  const words = dealtWords(view);
  document.getElementById("last").textContent = words;
  announce(`${words} ${turnWords(view, names, seat.me)}`);
  renewSoon();
  if (view.auction.length) askMeanings();
}

/** Say what has happened; with the last of several moves, what the table waits for. */
function hear(news) {
  if (!news.length) return;
  tell("");
  const { view } = deal;
  const said = toldWords(news.map(inWords), view, names);
  document.getElementById("last").textContent = said.slice(-2).join(" ");
  if (news.some(({ kind }) => kind === "call")) askMeanings();
  announce([...said, turnWords(view, names, seat.me)].join(" ").trim());
}

/** The alert of a robot is in English: elsewhere what the call means stands in its place. */
function inWords(news) {
  const { kind, call } = news;
  if (kind !== "call" || !call.alert || LOCALE.startsWith("en") || !isRobots(call.side)) return news;
  const number = deal.view.auction.indexOf(call);
  if (!explained[number]) untold.push(number);
  return { ...news, call: { ...call, alert: explained[number] ?? null } };
}

function isRobots(side) {
  return document.querySelector(`#seat-${side} .player strong`) !== null;
}

function tell(text) {
  document.getElementById("message").textContent = text;
}

function announce(text) {
  document.getElementById("announce").textContent = text;
}

// ---- doing --------------------------------------------------------------------------

/** Why a card cannot be played now. */
function notNow(card) {
  const { view } = deal;
  if (!view || view.over) return say("b_ended");
  if (mustAnswer(view, seat.me)) return say("b_answer_first");
  if (!isAble(view, seat.me) || view.phase !== "play") return say("b_not_now");
  const led = view.trick[0];
  return led && suitOf(led.card) !== suitOf(card)
    ? say("b_not_that", { suit: say(`b_suit_${suitOf(led.card)}`) }) : say("b_not_now");
}

function play(card) {
  if (asking) return;
  pending = card;
  send("move", { card, version: deal.version });
}

/**
 * Ask something of the house about this deal: of what is newest, or of the `version` in the data,
 * where the reader meant what they saw.
 */
async function send(type, data = {}) {
  if (asking) return;
  pace.hurry();
  asking = true;
  tell("");
  draw();
  try {
    await request(type, { tid: seat.tid, version: deal.version, ...data });
    if (type === "bid") box.clear();
  } catch (error) {
    pending = null;
    tell(explain(error));
    look();
  }
  asking = false;
  draw();
}

// ---- hearing ------------------------------------------------------------------------

function take({ id, version, match_state: view }) {
  if (view?.table === seat.tid) follow({ id, version, view, names: namesOf(view) });
}

/** Show an update when its turn comes, unless it is older than what is known; whether it is not. */
function follow(update) {
  const { id, version } = update;
  const latest = newest ?? deal;
  if (past.has(id) || (id === latest.id && version <= latest.version)) return false;
  if (id !== latest.id && latest.id) past.add(latest.id);
  newest = update;
  pace.add(newest);
  return true;
}

function namesOf({ players }) {
  return Object.fromEntries(Object.entries(players).map(([side, { name }]) => [side, name]));
}

/** Who sits where has changed, or what is to come. */
function takeTable(row) {
  if (row.tid !== seat.tid) return;
  const own = Object.entries(row.seats).find(([, each]) => each?.name === user && !each.kept_until);
  const looking = row.kibitzers.find(({ name }) => name === user);
  const sits = own?.[0] ?? null;
  const looksElse = Boolean(looking) !== seat.looks_on || (looking?.over ?? null) !== seat.over;
  if (sits !== seat.me || (!sits && looksElse)) {
    if (!going) location.reload(); // the reader has another place now
    return;
  }
  renewSoon();
}

const renewSoon = debounce(async () => {
  await renew(location.pathname, SAID_BY_SERVER);
  draw({ move: false });
  showStatus();
}, SETTLE_MS);

/** Between deals the line below says what the server has it say. */
function showStatus() {
  const said = document.getElementById("beside").dataset.turn;
  const turn = document.getElementById("turn");
  if ((!deal.view || deal.view.phase === "over") && said && turn.textContent !== said) {
    turn.textContent = said;
    turn.classList.remove("turn-mine");
    announce([document.querySelector(".result-line")?.textContent, said].filter(Boolean).join(" "));
  }
}

const askMeanings = debounce(async () => {
  if (!robotsPlay()) return;
  const url = `${location.pathname}/meanings`;
  const answer = await fetch(url).then((response) => response.json()).catch(() => null);
  if (!answer || answer.match !== deal.id) return;
  explained = answer.meanings;
  draw({ move: false });
  const known = untold.filter((number) => explained[number] && deal.view?.auction[number]);
  untold = [];
  announceMeanings(known);
}, SETTLE_MS);

function announceMeanings(numbers) {
  const said = numbers.map((number) => say("b_explained", {
    call: callWords(deal.view.auction[number].bid), text: explained[number],
  }));
  if (said.length) announce(said.join(" "));
}

function robotsPlay() {
  return document.querySelector('[id^="seat-"] .player strong') !== null;
}

/** The page as the server has it now: after an outage, and when the house has refused something. */
async function look() {
  const response = await fetch(location.pathname).catch(() => null);
  if (response?.status === 404) {
    location.reload();
    return;
  }
  if (!response?.ok) return; // out of reach: the next connection looks again
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  const now = JSON.parse(fresh.getElementById("bridge").textContent);
  if (now.me !== seat.me || now.over !== seat.over || now.looks_on !== seat.looks_on) {
    location.reload();
    return;
  }
  const { id, version, view } = now;
  if (view && follow({ id, version, view, names: now.names })) pace.hurry();
  if (id === deal.id) explained = now.explained;
  renewSoon();
}

/** Hear the table from where the page has the reader look on; if they may not, it is looked why. */
function lookOn() {
  request("table.watch", { tid: seat.tid, over: seat.over }).catch((error) => {
    tell(explain(error));
    look();
  });
}

// ---- beginning ----------------------------------------------------------------------

for (const [id, part] of [["show-auction", "auction"], ["show-last", "last-trick"]]) {
  document.getElementById(id).addEventListener("click", ({ currentTarget }) => {
    const open = document.getElementById(part).classList.toggle("open");
    currentTarget.setAttribute("aria-expanded", String(open));
  });
}
document.addEventListener("change", ({ target }) => {
  const form = target.closest("#settings");
  if (!form) return;
  const data = { robots: form.elements.robots.checked, kibitz: form.elements.kibitz.checked };
  request("table.settings", { tid: seat.tid, ...data }).catch((error) => tell(explain(error)));
});
document.addEventListener("submit", (event) => {
  going ||= !event.defaultPrevented && !event.target.matches(".chat-form");
});
onLeave();
onShare(tell);
on("match_update", take);
on("bridge_table", takeTable);
on("table.remove", ({ tid }) => tid === seat.tid && location.reload());
draw({ move: false });
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  pace.hurry();
  look();
});
let connected = false;
onReady(() => {
  if (seat.looks_on) lookOn();
  else if (user) request("hall").catch(() => {}); // to hear who comes and goes
  if (connected) look();
  connected = true;
});
