/**
 * Looking ahead on the board: the square under the pointer, with the focus, or with a finger held
 * on it, marks the boards where it would send the opponent. A finger that was held only looked.
 */

import { parseSquare } from "./uttt.js";
import { sends, sendsWords } from "./why.js";

const LOOK_MS = 150; // a finger that is lifted sooner has just played
const HELD_MS = 450; // … and one that stays so long does not play

export class Preview {
  #root;
  #plates;
  #changed;
  #opponent;
  #position = null; // in which the player may move; null: nothing to look at
  #looks = new Map(); // "hover", "focus" or "hold" -> the square's name
  #boards = null; // what is marked
  #timer = null;
  #pressed = 0; // when a finger came down, by the events' clock
  #finger = false; // whether it was one that came down last

  /** `root`: of class "board". `opponent`: their `name`, and `bot`. `changed()`: other `words`. */
  constructor(root, opponent, changed) {
    this.#root = root;
    this.#plates = [...root.querySelectorAll(".plate")];
    this.#opponent = opponent;
    this.#changed = changed;
    root.addEventListener("pointerover", (event) => this.#hover(event));
    root.addEventListener("pointerleave", () => this.#look("hover", null));
    root.addEventListener("focusin", (event) => this.#onFocus(event));
    root.addEventListener("focusout", () => this.#look("focus", null));
    root.addEventListener("pointerdown", (event) => this.#press(event));
    for (const type of ["pointerup", "pointercancel"]) {
      document.addEventListener(type, () => this.#release());
    }
    root.addEventListener("contextmenu", (event) => this.#finger && event.preventDefault());
    root.addEventListener("click", (event) => this.#onClick(event), { capture: true });
  }

  /** What would come of the square looked at, or null. */
  get words() {
    return this.#boards && sendsWords(this.#boards, this.#opponent());
  }

  /** Follow a position; null while the player may not move. */
  follow(position) {
    this.#position = position;
    this.#show();
  }

  #hover(event) {
    if (event.pointerType !== "touch") this.#look("hover", nameAt(event));
  }

  #onFocus(event) {
    const byKeys = event.target.matches(":focus-visible");
    this.#look("focus", byKeys ? nameAt(event) : null);
  }

  #press(event) {
    this.#finger = event.pointerType === "touch";
    this.#pressed = event.timeStamp;
    clearTimeout(this.#timer);
    const name = nameAt(event);
    if (this.#finger) this.#timer = setTimeout(() => this.#look("hold", name), LOOK_MS);
  }

  #release() {
    clearTimeout(this.#timer);
    this.#look("hold", null);
  }

  /** After a hold, the click that follows means nothing. */
  #onClick(event) {
    const held = this.#finger && event.detail > 0 && event.timeStamp - this.#pressed > HELD_MS;
    if (!held) return;
    event.preventDefault();
    event.stopPropagation();
  }

  #look(how, name) {
    if ((this.#looks.get(how) ?? null) === name) return;
    if (name) this.#looks.set(how, name);
    else this.#looks.delete(how);
    this.#show();
    this.#changed();
  }

  #show() {
    const name = ["hold", "hover", "focus"].map((how) => this.#looks.get(how)).find(Boolean);
    this.#boards = name && this.#position ? sends(this.#position, parseSquare(name)) : null;
    this.#plates.forEach((plate, index) => {
      plate.toggleAttribute("data-sends", this.#boards?.includes(index) ?? false);
    });
    this.#root.toggleAttribute("data-looking", this.#boards !== null);
  }
}

/** The square that an event is about, or null. */
function nameAt(event) {
  return event.target.closest("[data-at]")?.dataset.at ?? null;
}
