/**
 * The two clocks of a match, counting. The house says how much is left as it sends; from there on
 * it is reckoned by this page's own running time, so that a wrong clock of the computer, a nap of
 * the tab or a change of the hour do no harm. The house alone decides when time is up.
 */

import { LOCALE, say } from "./words.js";

const LOW_MS = 10_000; // from here on it counts in tenths, and looks urgent
const TOLD_MS = [30_000, LOW_MS]; // when a player is told, aloud
const TICK_MS = 100;
const TENTHS = new Intl.NumberFormat(LOCALE, { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** What a clock shows, as app/web/words.py says it: 1:02:03, 2:03, and 9.4 near the end. */
export function clockText(left) {
  const ms = Math.max(0, Math.floor(left));
  if (ms < LOW_MS) return TENTHS.format(Math.floor(ms / 100) / 10);
  const two = (number) => String(number).padStart(2, "0");
  const seconds = Math.floor(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${two(seconds % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

export class Clocks {
  #seat;
  #announce;
  #left = null;
  #running = null;
  #since = 0;
  #toTell = [];
  #timer = null;

  /** `seat`: the reader's own, or null; `announce(text)` says it aloud. */
  constructor({ seat, announce }) {
    this.#seat = seat;
    this.#announce = announce;
  }

  /** Take what the house has just said: `left` by seat in ms, and whose clock is `running`. */
  take({ left, running }) {
    if (this.#left === null) this.#toTell = TOLD_MS.filter((ms) => left[this.#seat] > ms);
    this.#left = left;
    this.#running = running;
    this.#since = performance.now();
    clearInterval(this.#timer);
    this.#timer = running === null ? null : setInterval(() => this.show(), TICK_MS);
    this.show();
  }

  show() {
    this.#left?.forEach((_, seat) => {
      const left = this.#now(seat);
      const time = document.querySelector(`[data-clock="${seat}"]`);
      if (!time) return;
      const text = clockText(left);
      if (time.textContent !== text) time.textContent = text;
      time.parentElement.classList.toggle("clock-low", left < LOW_MS);
    });
    this.#tell();
  }

  #now(seat) {
    const spent = seat === this.#running ? performance.now() - this.#since : 0;
    return Math.max(0, this.#left[seat] - spent);
  }

  /** Each mark once; two that are passed together, as in a nap, are one. */
  #tell() {
    if (this.#seat === null || this.#running !== this.#seat) return;
    const left = this.#now(this.#seat);
    const passed = this.#toTell.filter((ms) => left <= ms);
    if (!passed.length) return;
    this.#toTell = this.#toTell.filter((ms) => left > ms);
    this.#announce(say("clock_low", { seconds: Math.ceil(left / 1000) }));
  }
}
