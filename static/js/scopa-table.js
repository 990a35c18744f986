/**
 * The felt on the page: patches what templates/play/_scopa.html drew to show a state (scopa.js).
 * Cards are known by their deal and their place in its deck, so what has not changed is not touched.
 */

import { boxes, fly } from "./scopa-anim.js";
import { cardNumber, cardsIn, isDealOver, isSeen, takesOf, TEAMS, teamOf } from "./scopa.js";
import { cardWords, handWords, sideWords } from "./scopa-words.js";
import { say } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";
const SUITS = ["coins", "cups", "clubs", "swords"];
const SLOTS = [8, 15];
const BACK = "back";

/** The symbol of a card's face, or of its back. */
export function faceName(card) {
  return card && isSeen(card) ? `${SUITS[card.suit]}-${card.value}` : BACK;
}

export class Table {
  #root;
  #mat;
  #sprite;
  #own; // the seat whose hand is large, at the bottom
  #playable; // are its cards buttons?
  #state = null;

  /** `root`: the felt. `playable`: the hand at the bottom is the reader's, who may play from it. */
  constructor(root, { playable = false } = {}) {
    this.#root = root;
    this.#mat = root.querySelector(".mat");
    this.#sprite = root.dataset.cards;
    this.#own = Number(root.querySelector(".hand-own").dataset.hand);
    this.#playable = playable;
  }

  get ground() {
    return this.#mat;
  }

  /** Show a state; `able`: the reader may play in it; `move`: let cards fly to their new places. */
  show(state, { able = false, move = true } = {}) {
    const before = move && this.#state ? boxes(this.#mat) : null;
    this.#root.classList.toggle("felt-mine", able);
    state.hands.forEach((hand, seat) => this.#showHand(state, hand, seat, able));
    this.#showTable(state);
    for (let team = 0; team < TEAMS; team += 1) this.#showPile(state, team);
    this.#showDeck(state);
    this.#showTurn(state);
    if (before) this.#fly(before, state);
    this.#state = state;
  }

  // ---- groups --------------------------------------------------------------------

  #showHand(state, hand, seat, able) {
    const list = this.#mat.querySelector(`[data-hand="${seat}"]`);
    const own = seat === this.#own;
    const button = own && this.#playable;
    this.#fit(list, hand.length);
    hand.forEach((card, index) => {
      const element = this.#put(list.children[index], card, state.deal, button);
      if (button && card) this.#showOwn(element, state, card, able, index);
    });
    list.dataset.size = hand.length;
    setAttribute(list, "aria-label", handLabel(state, hand, seat, button));
  }

  #showOwn(button, state, card, able, index) {
    button.disabled = false; // focus may go anywhere; what cannot be played says so
    button.dataset.number = (index + 1) % 10;
    setAttribute(button, "aria-disabled", String(!able));
    const words = able ? handWords(state, card, takesOf(state, card.place)) : cardWords(card);
    setAttribute(button, "aria-label", words);
  }

  #showTable(state) {
    const list = this.#mat.querySelector("#lying");
    const size = SLOTS.find((slots) => slots >= state.table.length) ?? SLOTS.at(-1);
    list.dataset.slots = size;
    this.#fit(list, size);
    [...list.children].forEach((slot, index) => {
      this.#put(slot, state.table[index] ?? null, state.deal, false);
    });
    this.#showLaid(state, list);
  }

  /** A card that is about to take lies on one of those it takes. */
  #showLaid(state, list) {
    for (const old of list.querySelectorAll(".laid")) old.remove();
    if (!state.laid) return;
    const on = state.table.findIndex((card) => card?.place === state.laid.on);
    const element = this.#make(state.laid.card, state.deal, false);
    element.classList.add("laid");
    (list.children[on] ?? list.firstElementChild).append(element);
  }

  #showPile(state, team) {
    const pile = this.#mat.querySelector(`[data-pile="${team}"]`);
    setText(pile.querySelector("[data-points]"), state.totals[team]);
    setText(pile.querySelector("[data-count]"), state.piles[team]);
    pile.querySelector(".heap").dataset.height = height(state.piles[team], 8);
    const scope = state.scope[team];
    const place = pile.querySelector("[data-scope]");
    const faces = scope.map(faceName).join(" ");
    if (place.dataset.faces !== faces) {
      place.replaceChildren(...scope.map((card) => this.#turned(card)));
      place.dataset.faces = faces;
    }
    const values = { count: state.piles[team], scope: scope.length };
    const own = state.seat !== null && teamOf(state.seat) === team;
    const label = own ? say("pile_own", values)
      : say("pile_of", { names: sideWords(state, team), ...values });
    setAttribute(pile.querySelector("[data-captured]"), "aria-label", label);
  }

  #showDeck(state) {
    const deck = this.#mat.querySelector("#deck");
    deck.querySelector(".heap").dataset.height = height(state.deck, 10);
    setText(deck.querySelector("[data-count]"), state.deck);
    setAttribute(deck, "aria-label", say("deck_left", { count: state.deck }));
  }

  #showTurn(state) {
    state.names.forEach((_, seat) => {
      const active = !state.over && !isDealOver(state) && seat === state.to_move;
      this.#mat.querySelector(`#seat-${seat}`).classList.toggle("who-active", active);
    });
  }

  // ---- cards -----------------------------------------------------------------------

  #fit(list, count) {
    while (list.children.length > count) list.lastElementChild.remove();
    while (list.children.length < count) {
      const slot = document.createElement("li");
      slot.className = "slot";
      list.append(slot);
    }
  }

  /** Have this card, or none (null), in a slot; its element. */
  #put(slot, card, deal, button) {
    const old = slot.querySelector(":scope > [data-key]:not(.laid)");
    if (!card) {
      old?.remove();
      return null;
    }
    if (old?.dataset.key === keyOf(card, deal) && old.dataset.face === markOf(card)
      && (old.tagName === "BUTTON") === button) return old;
    const made = this.#make(card, deal, button);
    if (old?.dataset.key === made.dataset.key && !old.dataset.face && isAsDrawn(old, made)) {
      old.dataset.face = made.dataset.face; // as the server drew it
      return old;
    }
    if (old) old.replaceWith(made);
    else slot.prepend(made);
    return made;
  }

  #make(card, deal, button) {
    const element = document.createElement(button ? "button" : "span");
    element.className = "playing-card";
    element.dataset.key = keyOf(card, deal);
    element.dataset.face = markOf(card);
    element.append(this.face(card));
    if (card.new_value) element.dataset.stands = card.new_value;
    if (button) {
      element.name = "card";
      element.value = cardNumber(card);
      element.dataset.place = card.place;
    } else if (isSeen(card)) {
      element.setAttribute("role", "img");
      element.setAttribute("aria-label", cardWords(card));
    } else {
      element.setAttribute("aria-hidden", "true");
    }
    return element;
  }

  /** The drawing of a card; of null and of a hidden one the back. */
  face(card) {
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", "0 0 100 160");
    svg.setAttribute("aria-hidden", "true");
    svg.setAttribute("focusable", "false");
    const use = document.createElementNS(SVG, "use");
    use.setAttribute("href", `${this.#sprite}#${faceName(card)}`);
    svg.append(use);
    return svg;
  }

  #turned(card) {
    const turned = document.createElement("span");
    turned.className = "turned";
    turned.append(this.face(card));
    return turned;
  }

  // ---- flights -----------------------------------------------------------------------

  #fly(before, state) {
    const deck = this.#mat.querySelector("#deck .heap");
    const { last } = state;
    const taker = last && last.seat !== null && last.kind !== "laid" ? teamOf(last.seat) : null;
    const goal = taker === null ? deck : this.#mat.querySelector(`[data-pile="${taker}"] .heap`);
    fly(this.#mat, before, { from: () => deck, to: () => goal });
  }
}

function keyOf(card, deal) {
  return `${deal}-${card.place}`;
}

function markOf(card) {
  return faceName(card) + (card.new_value ? `=${card.new_value}` : "");
}

function isAsDrawn(old, made) {
  const href = (element) => element.querySelector("use").getAttribute("href");
  return old.tagName === made.tagName && href(old) === href(made);
}

function height(count, step) {
  if (!count) return 0;
  return count < step ? 1 : count < 2 * step ? 2 : 3;
}

function handLabel(state, hand, seat, own) {
  const label = own ? say("hand_own") : say("hand_of", { name: state.names[seat] });
  const count = cardsIn(hand).filter((card) => !isSeen(card)).length;
  if (!count) return label;
  return `${label}: ${say(count === 1 ? "cards_hidden_one" : "cards_hidden_many", { count })}`;
}

function setText(element, value) {
  const text = String(value);
  if (element.textContent !== text) element.textContent = text;
}

function setAttribute(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}
