/**
 * The felt on the page: patches what templates/bridge/_felt.html drew to show a view (bridge.js).
 * Cards are known by their number, so what has not changed is not touched, and what moves flies.
 */

import { columns, fan, onTable, placesFrom, trumpOf, waitingFor } from "./bridge.js";
import { contractFace, element, face, setAttribute, setText } from "./bridge-dom.js";
import { cardWords, handWords } from "./bridge-words.js";
import { boxes, fly } from "./scopa-anim.js";
import { say } from "./words.js";

const PAIRS = ["NS", "EW"];

export class Table {
  #root;
  #bottom;
  #me;
  #names = {};

  /** `root`: the felt; `bottom`: the side nearest to the reader; `me`: where they sit, or null. */
  constructor(root, { bottom, me }) {
    this.#root = root;
    this.#bottom = bottom;
    this.#me = me;
  }

  /** Show a view. `able`: the reader may call or play; `pending`: a card asked to be played. */
  show(view, { names, able = false, pending = null, move = true }) {
    const before = move ? boxes(this.#root) : null;
    this.#names = names;
    this.#root.dataset.phase = view.phase;
    this.#root.classList.toggle("able", able);
    this.#showPlate(view);
    for (const side of Object.keys(view.hands)) this.#showHand(view, side);
    this.#showTrick(view);
    this.#showLast(view);
    this.#showTurn(view);
    this.#showCards(view, able, pending);
    if (before) this.#fly(before);
  }

  // ---- the plate -------------------------------------------------------------------

  #showPlate(view) {
    const plate = this.#root.querySelector("#plate");
    if (!plate.querySelector("#board-number")) plate.replaceChildren(...freshPlate());
    setText(plate.querySelector("#board-number"), view.board);
    const number = plate.querySelector(".board-no");
    setAttribute(number, "title", say(`b_vul_${view.vuln}`));
    setText(number.lastElementChild, `: ${say(`b_vul_${view.vuln}`)}`);
    const contract = plate.querySelector("#contract");
    const key = `${view.contract ?? ""}${view.declarer ?? ""}`;
    if (contract.dataset.key !== key) {
      contract.replaceChildren(...(view.contract ? contractFace(view.contract, view.declarer) : []));
      contract.dataset.key = key;
    }
    plate.querySelector("#tricks").hidden = view.phase !== "play";
    setText(plate.querySelector("#tricks-said"), say("b_tricks", view.tricks));
    for (const pair of PAIRS) setText(plate.querySelector(`[data-tricks="${pair}"]`), view.tricks[pair]);
    for (const side of Object.keys(view.hands)) {
      const vulnerable = view.vuln === "both" || view.vuln.includes(side);
      this.#root.querySelector(`#seat-${side} .compass`)?.classList.toggle("compass-vul", vulnerable);
    }
  }

  // ---- hands -----------------------------------------------------------------------

  #showHand(view, side) {
    const cards = view.hands[side];
    const place = this.#root.querySelector(`[data-hand="${side}"]`);
    setAttribute(place, "aria-label", handWords(view, side, this.#names, this.#me));
    if (side === this.#bottom) {
      const keys = cards === null ? hiddenKeys(view, side) : fan(cards).map(String);
      this.#fill(place, keys, "card", side === this.#me);
      return;
    }
    place.classList.toggle("hand-open", Boolean(cards?.length));
    if (cards === null) showBacks(place, view.counts[side]);
    else this.#showColumns(place, cards, view, side);
  }

  #showColumns(place, cards, view, side) {
    place.querySelector(".backs")?.remove();
    const ours = side === view.dummy && this.#me !== null && this.#me === view.declarer;
    const suits = columns(cards, trumpOf(view));
    const lists = new Map([...place.children].map((list) => [list.dataset.suit, list]));
    const wanted = suits.map(([suit]) => {
      return lists.get(suit) ?? element("ol", "column", [], { "data-suit": suit });
    });
    arrange(place, wanted);
    suits.forEach(([, held], index) => this.#fill(wanted[index], held.map(String), "top", ours));
  }

  /** Have the cards with these keys in a list, in slots of their own. */
  #fill(list, keys, look, button) {
    const old = new Map();
    for (const slot of list.children) {
      const card = slot.firstElementChild;
      if (card && (card.tagName === "BUTTON") === button) old.set(card.dataset.key ?? slot.dataset.back, slot);
    }
    arrange(list, keys.map((key) => old.get(key) ?? this.#slot(key, look, button)));
  }

  #slot(key, look, button) {
    const slot = element("li", "slot");
    if (key.startsWith("back")) {
      slot.dataset.back = key;
      slot.append(element("span", "playing-card", face("back"), { "aria-hidden": "true" }));
      return slot;
    }
    slot.append(button ? cardButton(key, look) : cardToSee(key, cardWords(Number(key)), look));
    return slot;
  }

  /** Which cards may be pressed. */
  #showCards(view, able, pending) {
    for (const button of this.#root.querySelectorAll("button.playing-card")) {
      const card = Number(button.dataset.key);
      const side = button.closest("[data-hand]").dataset.hand;
      const allowed = able && view.to_move === side && view.cards.includes(card);
      button.disabled = false; // focus may go anywhere; what cannot be played says so
      setAttribute(button, "aria-disabled", String(!allowed));
      button.classList.toggle("pending", card === pending);
    }
  }

  // ---- the middle --------------------------------------------------------------------

  #showTrick(view) {
    const { cards, done, winner } = onTable(view);
    const list = this.#root.querySelector("#trick");
    list.classList.toggle("trick-done", done);
    for (const slot of list.children) {
      const { side } = slot.dataset;
      const played = cards.find((each) => each.side === side);
      slot.classList.toggle("won", done && side === winner);
      const key = played && String(played.card);
      if (slot.firstElementChild?.dataset.key === key) continue;
      const words = played && say("b_played_from", { card: cardWords(played.card), name: this.#names[side] });
      slot.replaceChildren(...(played ? [cardToSee(key, words, "card")] : []));
    }
  }

  #showLast(view) {
    const list = this.#root.querySelector("#last-trick ol");
    const last = view.last_trick;
    const key = last ? last.cards.map(({ card }) => card).join() : "";
    if (list.dataset.key === key) return;
    list.dataset.key = key;
    list.replaceChildren(...(last?.cards ?? []).map(({ side, card }) => {
      const shown = cardToSee(String(card), cardWords(card), "card");
      delete shown.dataset.key; // it lies elsewhere too
      const row = element("li", "", [element("small", "", say(`b_letter_${side}`)), shown]);
      row.classList.toggle("won", side === last.winner);
      return row;
    }));
  }

  #showTurn(view) {
    const waiting = view.phase === "over" ? [] : waitingFor(view);
    for (const side of Object.keys(view.hands)) {
      const seat = this.#root.querySelector(`#seat-${side}`);
      seat?.classList.toggle("who-active", waiting.includes(side));
    }
  }

  // ---- motion -------------------------------------------------------------------------

  /** A card that was hidden comes from its player; one that is gone goes to whoever has won it. */
  #fly(before) {
    const places = placesFrom(this.#bottom);
    const seatOf = (side) => this.#root.querySelector(`#spot-${side}`);
    fly(this.#root, before, {
      from: (key) => {
        const slot = this.#root.querySelector(`#trick [data-key="${key}"]`)?.closest(".slot");
        return slot && places[slot.dataset.side] !== "bottom" ? seatOf(slot.dataset.side) : null;
      },
      to: () => null,
    });
  }
}

function hiddenKeys(view, side) {
  return Array.from({ length: view.counts[side] }, (_, index) => `back-${index}`);
}

function showBacks(place, count) {
  let backs = place.querySelector(".backs");
  if (!backs) {
    backs = element("span", "backs", [], { "aria-hidden": "true" });
    place.replaceChildren(backs);
  }
  while (backs.children.length > count) backs.lastElementChild.remove();
  while (backs.children.length < count) backs.append(element("i"));
}

/** Have exactly these children, in this order; those that are there already stay, focus and all. */
function arrange(place, wanted) {
  for (const child of [...place.children]) if (!wanted.includes(child)) child.remove();
  wanted.forEach((child, index) => {
    if (place.children[index] !== child) place.insertBefore(child, place.children[index] ?? null);
  });
}

function cardToSee(key, words, look) {
  return element("span", "playing-card", face(`${look}-${key}`), {
    "data-key": key, role: "img", "aria-label": words,
  });
}

function cardButton(key, look) {
  const button = element("button", "playing-card", face(`${look}-${key}`), {
    "data-key": key, name: "card", "aria-label": cardWords(Number(key)),
  });
  button.value = key;
  return button;
}

/** The plate of a table where nothing had been dealt. */
function freshPlate() {
  const board = element("p", "board-no", [element("b", "", [], { id: "board-number" }), element("span", "unseen")]);
  const contract = element("p", "contract", [], { id: "contract" });
  const counts = PAIRS.map((pair) => element("span", "pair-tricks", [
    element("small", "", say(`b_pair_short_${pair}`)), " ",
    element("b", "", "0", { "data-tricks": pair }),
  ]));
  const tricks = element("p", "tricks", [
    element("span", "unseen", [], { id: "tricks-said" }),
    element("span", "", counts, { "aria-hidden": "true" }),
  ], { id: "tricks" });
  return [board, contract, tricks];
}
