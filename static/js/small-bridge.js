/** The small board of a deal of bridge, as templates/play/_small_bridge.html drew it. */

import { say } from "./words.js";

const TRICKS = 13;

export class SmallBridge {
  #picture;

  constructor(card) {
    this.#picture = card.querySelector("[data-picture]");
  }

  show(board) {
    const text = this.words(board);
    this.#picture.setAttribute("aria-label", text);
    this.#picture.querySelector("[data-phase]").textContent = text;
    [...this.#picture.querySelectorAll(".small-tricks i")].forEach((trick, index) => {
      trick.classList.toggle("done", index < board.tricks);
    });
  }

  /** How far a deal has come: nobody is told more of one that is being played. */
  words({ phase, tricks }) {
    if (phase === "auction") return say("small_auction");
    if (phase === "over") return say("small_over");
    return say("small_trick", { trick: Math.min(tricks + 1, TRICKS) });
  }
}
