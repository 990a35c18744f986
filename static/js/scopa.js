/**
 * A table of scopa as a page needs it: what lies where, and what each message of the house does to
 * that. Pure: no page, no network, no words. The house decides what may be played; this only shows
 * what happens, one thing after another.
 *
 * A card is `{place, suit, value}` and a hidden one `{place}`: its place in the deck of this deal,
 * by which it is known on the screen. Cards keep their slot on the table and in a hand; an empty
 * slot is null. A state has, beside the fields of the game's own view:
 *
 *   seat: the reader's own, or null; names: by seat; table, hands: slots; scope: by team, the cards
 *   that show its points in this deal, null for one without a card, declared ones too; takes: by a
 *   card's place the captures it offers; laid: {card, on}, a card that is about to take, or null; last: what was
 *   played last, {kind, seat, card, taken, scopa}; summary: of the deal that is over, or null.
 */

export const TEAMS = 2;
const DECK = 40;
const TABLE = "table_cards";
const MAIN = "main_deck";

const DECLARED = {
  cards_value_lt_10: "low", "2_equal_cards": "two_alike", "3_equal_cards": "three_alike",
};

/** The team of a seat: they sit crosswise. */
export function teamOf(seat) {
  return seat % TEAMS;
}

/** Can the reader see this card? */
export function isSeen(card) {
  return card.value !== undefined;
}

/** Two cards, the same one on the screen? */
function isSame(one, other) {
  return one !== null && other !== null && one.place === other.place;
}

/**
 * The state that a `match_state` (or a position of a replay) tells; `before`: the state shown until
 * now, whose cards keep their slots as long as it is the same deal.
 */
export function settle(before, view, { seat = null, version = 0 } = {}) {
  const same = before !== null && before.deal === view.deal;
  return {
    ...view,
    version,
    seat,
    names: view.seats.map(({ name }) => name),
    table: arrange(same ? before.table : [], view.table),
    hands: view.hands.map((hand, of) => arrange(same ? before.hands[of] : [], hand)),
    scope: view.scope.map((side, team) => [...side, ...Array(view.declared[team]).fill(null)]),
    takes: offered(view.hands[seat], view.takes),
    laid: null,
    last: view.last ?? before?.last ?? null,
    summary: before?.summary ?? null,
  };
}

/** Cards into slots: those that had one keep it, the others take the first that are free. */
function arrange(slots, cards) {
  const placed = slots.map((old) => cards.find((card) => isSame(old, card)) ?? null);
  if (placed.every((card) => card === null)) return cards.slice();
  const fresh = cards.filter((card) => !placed.includes(card));
  for (const card of fresh) put(placed, card);
  return placed;
}

function put(slots, card) {
  const free = slots.indexOf(null);
  if (free < 0) slots.push(card);
  else slots[free] = card;
}

function offered(hand, takes) {
  if (!hand || !takes?.length) return {};
  return Object.fromEntries(hand.map(({ place }, index) => [place, takes[index]]));
}

/** The captures a card of the reader's hand offers, as lists of places; none: it is laid down. */
export function takesOf(state, place) {
  return state.takes[place] ?? [];
}

/** Is the reader to play? */
export function isMine(state) {
  return state.seat !== null && !state.over && !isDealOver(state) && state.to_move === state.seat;
}

/** Has the deal been scored, and the next one not begun? */
export function isDealOver(state) {
  return state.summary !== null && state.summary.deal === state.deal;
}

/** The cards in a list of slots. */
export function cardsIn(slots) {
  return slots.filter((card) => card !== null);
}

/** The card of the deck (0 to 39) by which a move names it. */
export function cardNumber({ suit, value }) {
  return 10 * suit + value - 1;
}

/** Every card that can be told from the others: [group, card], groups "table", "hand-0", … */
export function lying(state) {
  const found = state.hands.flatMap((hand, seat) =>
    cardsIn(hand).map((card) => [`hand-${seat}`, card]));
  found.push(...cardsIn(state.table).map((card) => ["table", card]));
  if (state.laid) found.push(["table", state.laid.card]);
  return found;
}

// ---- messages ------------------------------------------------------------------

/**
 * The state after one `match_data` message; the given one is left as it is. Throws RangeError for
 * cards of somebody who is not at the table, by the names it knows.
 */
export function apply(state, { infos = [], moves = [], cards = [] }) {
  const after = {
    ...state,
    table: state.table.slice(),
    hands: state.hands.map((hand) => hand.slice()),
    piles: state.piles.slice(),
    scope: state.scope.map((side) => side.slice()),
    takes: {},
  };
  for (const { info, data } of infos) INFOS[info]?.(after, data, infos);
  for (const move of moves) carry(after, move, infos);
  for (const group of cards) count(after, group);
  return after;
}

const INFOS = {
  first_player(state, name) {
    Object.assign(state, {
      deal: state.deal + 1,
      first: state.names.indexOf(name),
      table: [],
      hands: state.hands.map(() => []),
      deck: DECK,
      piles: Array(TEAMS).fill(0),
      scope: Array.from({ length: TEAMS }, () => []),
      laid: null,
      summary: null,
    });
  },
  waiting(state, name) {
    state.to_move = state.names.indexOf(name);
  },
  summary(state, sides) {
    state.summary = { deal: state.deal, sides };
    state.points = [...state.points, sides.map(({ partial }) => partial)];
    state.totals = sides.map(({ total }) => total);
  },
};

/** Cards go from one group to another, in their slots there. */
function carry(state, { source, dest, cards, move_on: on }, infos) {
  const seen = cards.map(readCard);
  const from = SOURCES[kindOf(source)];
  from?.(state, seen, ownerOf(state, source));
  ARRIVALS[kindOf(dest)](state, seen, { source, dest, on, infos });
}

/** On the wire a card that may not be seen has suit and value 0. */
function readCard({ id, suit, value, new_value: stands }) {
  if (!value) return { place: id };
  return { place: id, suit, value, ...(stands && { new_value: stands }) };
}

function kindOf(group) {
  return [TABLE, MAIN].includes(group) ? group : group.slice(0, group.indexOf("_"));
}

function ownerOf(state, group) {
  const kind = kindOf(group);
  const name = group.slice(kind.length + 1);
  const owner = { hand: state.names.indexOf(name), cards: Number(name) }[kind];
  if (owner < 0) throw new RangeError(`nobody here has that group: ${group}`); // renamed since
  return owner;
}

function without(slots, cards) {
  return slots.map((old) => (cards.some((card) => isSame(old, card)) ? null : old));
}

const SOURCES = {
  hand(state, cards, seat) {
    state.hands[seat] = without(state.hands[seat], cards);
  },
  [TABLE](state, cards) {
    state.table = without(state.table, cards);
  },
  [MAIN](state, cards) {
    state.deck -= cards.length;
  },
};

const ARRIVALS = {
  hand(state, cards, { dest }) {
    const seat = ownerOf(state, dest);
    if (!cardsIn(state.hands[seat]).length) state.hands[seat] = [];
    for (const card of cards) put(state.hands[seat], card);
  },
  [TABLE](state, cards, { source, on }) {
    if (!on) for (const card of cards) put(state.table, card);
    if (source === MAIN) return;
    const [card] = cards;
    state.laid = on ? { card, on: on.id } : null;
    state.last = { kind: "laid", seat: ownerOf(state, source), card, taken: [], scopa: false };
  },
  cards(state, cards, { dest, infos }) {
    const scopa = infos.find(({ info }) => info === "scopa");
    state.last = taken(state, cards, scopa?.data);
    if (state.last.kind === "took") state.taker = state.last.seat;
    state.laid = null;
    state.piles[ownerOf(state, dest)] += cards.length;
  },
  [MAIN](state, cards) {
    state.deck += cards.length;
    state.table = [];
    state.last = { kind: "misdealt", seat: null, card: null, taken: cards, scopa: false };
  },
};

/** Who took these cards and how: with a card just played, as the dealer, or as the last to take. */
function taken(state, cards, scopa) {
  const { last } = state;
  if (last?.kind === "laid" && isSame(last.card, cards.at(-1))) {
    return { ...last, kind: "took", taken: cards.slice(0, -1), scopa: scopa !== undefined };
  }
  const dealt = scopa !== undefined;
  return {
    kind: dealt ? "dealer" : "left",
    seat: dealt ? state.names.indexOf(scopa) : state.taker,
    card: null,
    taken: cards,
    scopa: dealt,
  };
}

/** What the house says a group has, beside what has been carried there. */
function count(state, { id, length, side_cards: side }) {
  const kind = kindOf(id);
  if (kind === MAIN) state.deck = length;
  if (kind !== "cards") return;
  const team = ownerOf(state, id);
  state.piles[team] = length;
  if (side) state.scope[team] = side.map((card) => card && readCard(card));
}

// ---- what there is to say ---------------------------------------------------------

/**
 * What a message tells a reader, in order, each `{kind, …}`: "begins" {seat, deal}; "laid", "took",
 * "dealer", "left", "misdealt" as `last`; "declared" {seat, what}. `after`: the state after it.
 */
export function news(after, { infos = [], moves = [] }) {
  const told = [];
  for (const { info, data } of infos) {
    const seat = after.names.indexOf(data);
    if (info === "first_player") told.push({ kind: "begins", seat, deal: after.deal });
    if (DECLARED[info]) told.push({ kind: "declared", seat, what: DECLARED[info] });
  }
  const carried = moves.some(({ source, dest }) =>
    kindOf(source) === "hand" || (source === TABLE && dest !== TABLE));
  return carried ? [...told, after.last] : told;
}

// ---- a replay -----------------------------------------------------------------------

/**
 * A position of a replay as the server packs it (app/web/scopa_pages.py), made a view again. Cards
 * are numbers there; `matta`: [card, what it stands for] or null.
 */
export function unpack({ cards, ...position }, common) {
  const read = (number) => {
    const card = { place: number, suit: Math.floor(number / 10), value: (number % 10) + 1 };
    return position.matta?.[0] === number ? { ...card, new_value: position.matta[1] } : card;
  };
  const { last } = position;
  return {
    ...common,
    ...position,
    table: cards.table.map(read),
    hands: cards.hands.map((hand) => hand.map(read)),
    scope: cards.scope.map((side) => side.map((number) => (number === null ? null : read(number)))),
    last: last && {
      ...last,
      card: last.card === null ? null : read(last.card),
      taken: last.taken.map(read),
    },
  };
}
