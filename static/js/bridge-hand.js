/**
 * The cards the reader may play, from their own hand and, as declarer, from dummy: pressing one plays
 * it. S, H, D and C go to the highest card of a suit, arrows from card to card, Enter plays.
 */

import { suitOf } from "./bridge.js";

const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -1, ArrowDown: 1 };

export class Hand {
  #felt = document.getElementById("felt");
  #does;
  #playing = false;

  /** `does`: `play(card)`, and `refuse(card)` for one that cannot be played now. */
  constructor(does) {
    this.#does = does;
    this.#felt.addEventListener("click", (event) => {
      const button = event.target.closest("button.playing-card");
      if (!button) return;
      event.preventDefault(); // without a script the button would submit the form
      const card = Number(button.value);
      if (button.getAttribute("aria-disabled") === "false") this.#does.play(card);
      else this.#does.refuse(card);
    });
    this.#felt.addEventListener("focusin", () => this.#rove());
    document.addEventListener("keydown", (event) => this.#onKey(event));
  }

  /** `playing`: cards are being played, and not called for. Call after the table has shown it. */
  show({ playing }) {
    this.#playing = playing;
    this.#rove();
  }

  get #buttons() {
    return [...this.#felt.querySelectorAll("button.playing-card")];
  }

  /** Tab comes to one card: the one with the focus, else the first that may be played. */
  #rove() {
    const buttons = this.#buttons;
    const here = buttons.find((button) => button === document.activeElement)
      ?? buttons.find((button) => button.getAttribute("aria-disabled") === "false") ?? buttons[0];
    for (const button of buttons) button.tabIndex = button === here ? 0 : -1;
  }

  #onKey(event) {
    const writing = event.target.closest?.("input, textarea, select, dialog, [popover], .chats");
    if (!this.#playing || writing || event.altKey || event.ctrlKey || event.metaKey) return;
    const found = STEPS[event.key] ? this.#beside(STEPS[event.key]) : this.#ofSuit(event.key);
    if (!found) return;
    event.preventDefault();
    found.focus({ preventScroll: true });
  }

  #beside(step) {
    const buttons = this.#buttons;
    const at = buttons.indexOf(document.activeElement);
    if (at < 0) return null;
    return buttons[Math.min(buttons.length - 1, Math.max(0, at + step))];
  }

  /** Of the cards that may be played, or else of all, the highest of a suit. */
  #ofSuit(key) {
    const letter = key.length === 1 ? key.toUpperCase() : "";
    const held = this.#buttons.filter((button) => suitOf(Number(button.value)) === letter);
    return held.find((button) => button.getAttribute("aria-disabled") === "false") ?? held[0];
  }
}
