/**
 * The auction, and the bidding box: only what is allowed can be pressed. 1 to 7 and then C, D, H, S
 * or N go to a bid, P, X and R to pass, double and redouble; Enter makes the call.
 */

import { auctionRows, isPlain } from "./bridge.js";
import { callFace, element, setText, spoken } from "./bridge-dom.js";
import { callWords } from "./bridge-words.js";
import { say } from "./words.js";

const HEADS = "WNES";
const CALLS = { p: "pass", x: "dbl", d: "dbl", r: "rdbl" };
const STRAINS = { c: "C", d: "D", h: "H", s: "S", n: "Z", z: "Z" };
const LEVEL_MS = 2000; // how long a level waits for its strain

export class Auction {
  #place = document.getElementById("auction");
  #body = document.getElementById("calls");
  #shown = "";

  /** `explained`: what the robots' calls mean, by their number. */
  show(view, { names, explained }) {
    for (const side of HEADS) {
      const head = this.#place.querySelector(`[data-head="${side}"]`);
      setText(head.querySelector(".head-name"), names[side]);
      head.classList.toggle("vul", view.vuln === "both" || view.vuln.includes(side));
    }
    const rows = auctionRows(view);
    const key = JSON.stringify([rows, explained, Object.values(names)]);
    if (key === this.#shown) return;
    this.#shown = key;
    const focus = document.activeElement?.getAttribute("popovertarget");
    this.#body.replaceChildren(...rows.map((row) => element("tr", "", row.map((call) => {
      return element("td", "", call ? cell(call, names, explained[call.number] ?? call.alert) : []);
    }))));
    if (focus) this.#body.querySelector(`[popovertarget="${focus}"]`)?.focus();
    this.#place.scrollTop = this.#place.scrollHeight;
  }
}

function cell({ number, side, bid, alert }, names, text) {
  const className = `call call-${isPlain(bid) ? bid : "bid"}${alert ? " call-alert" : ""}`;
  if (!text) return [element("span", className, spoken(callFace(bid), callWords(bid)))];
  const call = callWords(bid);
  const heard = say("b_explained", { call, text });
  const button = element("button", className, spoken(callFace(bid), heard), {
    type: "button", popovertarget: `note-${number}`, title: text,
  });
  const note = element("span", "note", [element("b", "", `${names[side]}: ${call}`), ` ${text}`], {
    id: `note-${number}`, popover: "",
  });
  return [button, note];
}

export class Box {
  #box = document.getElementById("box");
  #alert = document.getElementById("alert");
  #does;
  #able = false;
  #level = null;

  /** `does`: `call({bid, alert})`. Where nobody may call there is no box. */
  constructor(does) {
    this.#does = does;
    this.#box?.addEventListener("click", (event) => {
      const button = event.target.closest("[name=bid]");
      if (!button) return;
      event.preventDefault();
      if (this.#able) this.#call(button.value);
    });
    this.#alert?.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault(); // a call is made by pressing it
    });
    document.addEventListener("keydown", (event) => this.#onKey(event));
  }

  /** `mine`: whether the reader has a seat; `able`: whether they are to call. */
  show(view, { mine, able }) {
    this.#able = able;
    this.#box.hidden = !mine || view.phase !== "auction";
    this.#box.toggleAttribute("data-idle", !able);
    for (const button of this.#buttons) button.disabled = !able || !view.bids.includes(button.value);
  }

  get #buttons() {
    return [...this.#box.querySelectorAll("[name=bid]")];
  }

  #call(bid) {
    const alert = this.#alert.value.trim();
    this.#does.call({ bid, ...(alert && { alert }) });
  }

  /** The call has been made: its alert is not the next one's. */
  clear() {
    if (this.#alert) this.#alert.value = "";
  }

  #onKey(event) {
    const writing = event.target.closest?.("input, textarea, select, dialog, [popover], .chats");
    if (!this.#able || writing || event.altKey || event.ctrlKey || event.metaKey) return;
    const key = event.key.toLowerCase();
    if (/^[1-7]$/.test(key)) {
      this.#level = { level: key, at: event.timeStamp };
      this.#focus((bid) => bid.startsWith(key));
      return;
    }
    const strain = STRAINS[key];
    const fresh = this.#level && event.timeStamp - this.#level.at < LEVEL_MS;
    if (strain && fresh) this.#focus((bid) => bid === this.#level.level + strain);
    else if (CALLS[key]) this.#focus((bid) => bid === CALLS[key]);
  }

  #focus(fits) {
    this.#buttons.findLast((button) => !button.disabled && fits(button.value))
      ?.focus({ preventScroll: true });
  }
}
