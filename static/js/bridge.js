/**
 * A deal of bridge as a page needs it: hands by suits, the auction in rows, who is waited for, and
 * what has happened between two views of the house's. Pure: no page, no network, no words.
 *
 * A view is what app/games/bridge/view.py says; sides are letters, cards numbers from 0, the two of
 * clubs, to 51, the ace of spades.
 */

export const SIDES = "NESW";
export const SUITS = "CDHS";
const HELD = "SHCD"; // suits as one holds them, so that colours alternate
const AUCTION = "WNES";
const PLACES = ["bottom", "left", "top", "right"];
export const RANKS = ["2", "3", "4", "5", "6", "7", "8", "9", "10", "J", "Q", "K", "A"];

export function suitOf(card) {
  return SUITS[Math.floor(card / 13)];
}

export function rankOf(card) {
  return card % 13;
}

/** Is it a pass, a double or a redouble? */
export function isPlain(bid) {
  return ["pass", "dbl", "rdbl"].includes(bid);
}

/** Where each side is on the page of whoever looks from `bottom`: side -> "bottom", "left", … */
export function placesFrom(bottom) {
  const first = SIDES.indexOf(bottom);
  return Object.fromEntries(PLACES.map((place, turn) => [SIDES[(first + turn) % 4], place]));
}

/** The letter of the trump suit, or null. */
export function trumpOf({ contract }) {
  return contract && contract !== "pass" && SUITS.includes(contract[1]) ? contract[1] : null;
}

/** A hand by suits, trumps first: [suit, cards from the highest on] for each suit that is held. */
export function columns(cards, trump = null) {
  const order = [...HELD].sort((one, other) => (other === trump) - (one === trump));
  return order
    .map((suit) => [suit, cards.filter((card) => suitOf(card) === suit).sort((a, b) => b - a)])
    .filter(([, held]) => held.length);
}

/** A hand as one holds it. */
export function fan(cards) {
  return columns(cards).flatMap(([, held]) => held);
}

/** The auction in rows from West to South; null where nobody has called. */
export function auctionRows({ dealer, auction }) {
  const cells = Array(AUCTION.indexOf(dealer)).fill(null);
  cells.push(...auction.map((call, number) => ({ ...call, number })));
  while (cells.length % 4) cells.push(null);
  const rows = [];
  for (let at = 0; at < cells.length; at += 4) rows.push(cells.slice(at, at + 4));
  return rows;
}

/** What is open and must be answered: the view's claim or undo, or null. */
export function askedIn(view) {
  return view.claim ?? view.undo;
}

/** The sides that are waited for. */
export function waitingFor(view) {
  const asked = askedIn(view);
  if (asked) return asked.waiting;
  return view.to_move ? [view.to_move] : [];
}

/** Is that side to make the next call or card? */
export function isAble(view, side) {
  return side !== null && !askedIn(view) && view.actor === side;
}

/** Must that side answer? */
export function mustAnswer(view, side) {
  return askedIn(view)?.waiting.includes(side) ?? false;
}

/** The cards on the table, and whether they are a trick that is complete. */
export function onTable(view) {
  if (view.trick.length || !view.last_trick) return { cards: view.trick, done: false, winner: null };
  return { cards: view.last_trick.cards, done: true, winner: view.last_trick.winner };
}

/** All cards played, in their order, each {side, card}. */
function playedIn(view) {
  return [...view.played.flat(), ...view.trick];
}

/** How many tricks declarer gets where the pair of `side` gets so many. */
export function declarersTricks(view, side, tricks) {
  return [view.declarer, view.dummy].includes(side) ? tricks : 13 - tricks;
}

/**
 * What happened between two views of one deal, in order, each {kind, …}: "call" {call}, "contract",
 * "card" {side, card, lead}, "trick" {winner}, "claim", "declined", "undo", "undone", "undo_declined".
 */
export function newsOf(before, after) {
  const calls = after.auction.slice(before.auction.length).map((call) => ({ kind: "call", call }));
  const made = !before.contract && after.contract && after.contract !== "pass";
  return [
    ...takenBack(before, after),
    ...calls,
    ...(made ? [{ kind: "contract" }] : []),
    ...cardsSince(before, after),
    ...askedSince(before, after),
  ];
}

function takenBack(before, after) {
  const fewer = playedIn(after).length < playedIn(before).length
    || after.auction.length < before.auction.length;
  if (fewer) return [{ kind: "undone" }];
  return before.undo && !after.undo && !after.over ? [{ kind: "undo_declined" }] : [];
}

function cardsSince(before, after) {
  const known = playedIn(before).length;
  const told = [];
  playedIn(after).forEach(({ side, card }, number) => {
    if (number < known) return;
    told.push({ kind: "card", side, card, lead: number % 4 === 0 });
    const complete = number % 4 === 3;
    const last = after.played.length === (number + 1) / 4;
    if (complete && last) told.push({ kind: "trick", winner: after.last_trick.winner });
  });
  return told;
}

function askedSince(before, after) {
  if (after.claim && !before.claim) return [{ kind: "claim" }];
  if (before.claim && !after.claim && !after.over) return [{ kind: "declined" }];
  return after.undo && !before.undo ? [{ kind: "undo" }] : [];
}

/** How long to show a view before the next one: "trick", "card", "call" or null, at once. */
export function beatOf(before, after) {
  const kinds = newsOf(before, after).map(({ kind }) => kind);
  return ["trick", "card", "call"].find((kind) => kinds.includes(kind)) ?? null;
}
