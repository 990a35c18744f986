/** Claims and take-backs: asking for one, and answering. */

import { askedIn, mustAnswer } from "./bridge.js";
import { element, setText } from "./bridge-dom.js";
import { askedWords, claimResult } from "./bridge-words.js";

export class Asking {
  #ask = document.getElementById("ask");
  #dialog = document.getElementById("claiming");
  #send;
  #view = null;

  /** `send(type, data)` asks something of the house. */
  constructor({ send }) {
    this.#send = send;
    document.getElementById("undo").addEventListener("click", (event) => {
      event.preventDefault();
      send("undo");
    });
    document.getElementById("claim-button").addEventListener("click", (event) => {
      event.preventDefault();
      this.#claim();
    });
    this.#ask.addEventListener("click", (event) => {
      const button = event.target.closest("[name=answer]");
      if (!button) return;
      event.preventDefault();
      this.#answer(button.value === "true");
    });
  }

  show(view, { names, me }) {
    this.#view = view;
    const mine = mustAnswer(view, me);
    const wasHidden = this.#ask.querySelector("#ask-answers").hidden;
    this.#ask.hidden = askedIn(view) === null || view.phase === "over";
    setText(document.getElementById("ask-words"), askedWords(view, names));
    document.getElementById("ask-answers").hidden = !mine;
    if (mine && wasHidden && document.activeElement === document.body) {
      this.#ask.querySelector("button").focus({ preventScroll: true });
    }
    document.getElementById("undo").hidden = me === null || !view.can_undo;
    document.getElementById("claim-open").hidden = me === null || !view.claims;
    if (me !== null) this.#showClaims(view, me);
  }

  /** What may be claimed, the most first; what was chosen stays so, if tricks are won meanwhile. */
  #showClaims(view, me) {
    const list = document.getElementById("claims");
    const key = view.claims ? [view.contract, view.declarer, ...view.claims].join() : "";
    const open = this.#dialog.matches(":popover-open");
    if (!key && open) this.#dialog.hidePopover();
    if (list.dataset.key === key) return;
    list.dataset.key = key;
    const [fewest, most] = view.claims ?? [1, 0];
    const chosen = open ? Number(this.#chosen?.value ?? most) : most;
    const focused = list.contains(document.activeElement);
    const totals = Array.from({ length: most - fewest + 1 }, (_, less) => most - less);
    list.replaceChildren(...totals.map((tricks) => {
      const id = `claim-${tricks}`;
      const input = element("input", "", [], { type: "radio", name: "claim", id, value: tricks });
      input.checked = tricks === Math.max(fewest, Math.min(most, chosen));
      const words = element("small", "", claimResult(view, me, tricks));
      const label = element("label", "", [element("b", "", String(tricks)), " ", words], { for: id });
      return element("span", "chip", [input, label]);
    }));
    if (focused) this.#chosen?.focus();
  }

  get #chosen() {
    return this.#dialog.querySelector("[name=claim]:checked");
  }

  #claim() {
    const chosen = this.#chosen;
    this.#dialog.hidePopover();
    if (chosen) this.#send("claim", { tricks: Number(chosen.value) });
  }

  #answer(agreed) {
    const about = this.#view?.claim ? "claim" : "undo";
    this.#send(`${about}.${agreed ? "accept" : "decline"}`);
  }
}
