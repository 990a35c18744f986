/**
 * The reader's own hand: pressing a card plays it, and where it can take in several ways asks which.
 * 1 to 9 and 0 go to a card, arrows from card to card, Enter plays; the cards it would take are lit.
 */

import { cardNumber, takesOf } from "./scopa.js";
import { cardsWords, cardWords, onTable } from "./scopa-words.js";
import { say } from "./words.js";

const STEPS = { ArrowLeft: -1, ArrowRight: 1 };

export class Hand {
  #table;
  #list;
  #over = document.getElementById("over");
  #does;
  #state = null;
  #able = false;
  #focus = null; // the place of the card that Tab comes to
  #asked = null; // the card for which a capture is being chosen

  /**
   * `table`: what shows the cards. `does`: `play({card, take})`, `refuse()` when nothing can be
   * played now, `tell(text)`, and `changed()` when a choice is opened or closed.
   */
  constructor(table, does) {
    this.#table = table;
    this.#does = does;
    this.#list = table.ground.querySelector(".hand-own");
    this.#list.addEventListener("click", (event) => this.#onClick(event));
    for (const type of ["focusin", "pointerover"]) {
      this.#list.addEventListener(type, (event) => this.#light(event));
    }
    for (const type of ["focusout", "pointerout"]) {
      this.#list.addEventListener(type, () => this.#unlight());
    }
    document.addEventListener("keydown", (event) => this.#onKey(event));
  }

  /** The card for which a capture is being chosen, or null. */
  get asked() {
    return this.#asked;
  }

  /** Follow a state; `able`: the reader may play in it. Call after the table has shown it. */
  show(state, able) {
    this.#state = state;
    this.#able = able;
    if (!able) this.#close();
    this.#rove();
    this.#unlight();
    const over = this.#list.querySelector(":is(:hover, :focus-visible)[data-place]");
    if (over) this.#target(Number(over.dataset.place));
  }

  get #buttons() {
    return [...this.#list.querySelectorAll("button[data-place]")];
  }

  #rove() {
    const buttons = this.#buttons;
    if (!buttons.some(({ dataset }) => Number(dataset.place) === this.#focus)) {
      const held = this.#focus !== null && [document.body, null].includes(document.activeElement);
      this.#focus = buttons.length ? Number(buttons[0].dataset.place) : null;
      if (held && this.#able) buttons[0]?.focus({ preventScroll: true });
    }
    for (const button of buttons) {
      button.tabIndex = Number(button.dataset.place) === this.#focus ? 0 : -1;
    }
  }

  #enter(button) {
    this.#focus = Number(button.dataset.place);
    for (const each of this.#buttons) each.tabIndex = each === button ? 0 : -1;
  }

  // ---- pressing ------------------------------------------------------------------

  #onClick(event) {
    const button = event.target.closest("button[data-place]");
    if (!button) return;
    event.preventDefault(); // without a script the button would submit the form
    this.#enter(button);
    if (!this.#able) {
      this.#does.refuse();
      return;
    }
    const card = this.#cardAt(Number(button.dataset.place));
    const takes = takesOf(this.#state, card.place);
    if (takes.length > 1) this.#ask(card, takes);
    else this.#play(card, null);
  }

  #cardAt(place) {
    return this.#state.hands[this.#state.seat].find((card) => card?.place === place);
  }

  #play(card, take) {
    this.#close();
    this.#does.play({ card: cardNumber(card), ...(take !== null && { take }) }, card);
  }

  #light(event) {
    const button = event.target.closest("button[data-place]");
    if (!button) return;
    if (event.type === "focusin") this.#enter(button);
    this.#unlight();
    this.#target(Number(button.dataset.place));
  }

  /** Light what a card would take: where there is a choice, nothing yet. */
  #target(place) {
    if (!this.#able || this.#asked) return;
    const takes = takesOf(this.#state, place);
    if (takes.length === 1) this.#lightCards(takes[0]);
  }

  #lightCards(places) {
    for (const place of places) {
      const key = `${this.#state.deal}-${place}`;
      this.#table.ground.querySelector(`#lying [data-key="${key}"]`)?.classList.add("target");
    }
  }

  #unlight() {
    for (const each of this.#table.ground.querySelectorAll(".target")) {
      each.classList.remove("target");
    }
  }

  // ---- choosing a capture -----------------------------------------------------------

  #ask(card, takes) {
    this.#unlight();
    this.#asked = card;
    this.#markAsked();
    const box = element("div", "choice");
    box.setAttribute("role", "dialog");
    box.setAttribute("aria-labelledby", "choice-title");
    const title = element("h2", "", say("choice", { card: cardWords(card) }));
    title.id = "choice-title";
    const list = element("div", "takes");
    takes.forEach((places, index) => list.append(this.#offer(card, places, index)));
    const back = element("button", "button button-plain button-small", say("choice_back"));
    back.type = "button";
    back.addEventListener("click", () => this.#leave());
    box.append(title, list, back);
    this.#over.replaceChildren(box);
    this.#over.hidden = false;
    list.firstElementChild.focus({ preventScroll: true });
    this.#does.changed();
  }

  #offer(card, places, index) {
    const cards = onTable(this.#state, places);
    const button = element("button", "take");
    button.type = "button";
    button.setAttribute("aria-label", say("choice_take", { taken: cardsWords(cards) }));
    button.append(...cards.map((each) => {
      const shown = element("span", "playing-card");
      shown.append(this.#table.face(each));
      return shown;
    }));
    if (index < 9) button.dataset.number = index + 1;
    button.addEventListener("click", () => this.#play(card, index));
    for (const type of ["focus", "pointerenter"]) {
      button.addEventListener(type, () => {
        this.#unlight();
        this.#lightCards(places);
      });
    }
    return button;
  }

  #markAsked() {
    for (const button of this.#buttons) {
      button.classList.toggle("asked", Number(button.dataset.place) === this.#asked?.place);
    }
  }

  /** Back to the hand, with no capture chosen. */
  #leave() {
    const place = this.#asked?.place;
    this.#close();
    this.#buttons.find(({ dataset }) => Number(dataset.place) === place)
      ?.focus({ preventScroll: true });
    this.#does.changed();
  }

  #close() {
    if (!this.#asked) return;
    this.#asked = null;
    this.#over.hidden = true;
    this.#over.replaceChildren();
    this.#unlight();
    this.#markAsked();
  }

  // ---- keys ---------------------------------------------------------------------------

  #onKey(event) {
    const writing = event.target.closest?.("input, textarea, select, dialog, .summary, .chats, .moves");
    if (writing || event.altKey || event.ctrlKey || event.metaKey) return;
    if (this.#asked && event.key === "Escape") {
      event.preventDefault();
      this.#leave();
      return;
    }
    const found = this.#asked ? this.#choiceFor(event) : this.#cardFor(event);
    if (!found) return;
    event.preventDefault();
    if (this.#asked && /^\d$/.test(event.key)) found.click();
    else found.focus({ preventScroll: true });
  }

  #choiceFor(event) {
    const offers = [...this.#over.querySelectorAll(".take")];
    const step = STEPS[event.key];
    if (!step) return offers[Number(event.key) - 1];
    const at = offers.indexOf(document.activeElement);
    return offers[(at + step + offers.length) % offers.length];
  }

  #cardFor(event) {
    const buttons = this.#buttons;
    if (/^\d$/.test(event.key)) {
      const found = buttons.find(({ dataset }) => dataset.number === event.key);
      if (!found && buttons.length) this.#does.tell(say("none_left", { number: event.key }));
      return found;
    }
    const step = STEPS[event.key];
    const at = buttons.indexOf(document.activeElement);
    if (!step || at < 0) return null;
    return buttons[Math.min(buttons.length - 1, Math.max(0, at + step))];
  }
}

function element(name, className, text = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== "") made.textContent = text;
  return made;
}
