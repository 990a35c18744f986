/**
 * Views one after another, each long enough to be seen: robots are quicker than the eye. Who is in a
 * hurry, or away, gets the last one at once.
 */

import { beatOf } from "./bridge.js";

const BEAT_MS = { trick: 750, card: 220, call: 260 };
const MOST = 24; // views that wait: who is further behind has been away

const still = matchMedia("(prefers-reduced-motion: reduce)");

/** Without flights there is nothing to wait for but a trick that is complete. */
function beat(before, after) {
  const kind = beatOf(before, after);
  return kind === null || (still.matches && kind !== "trick") ? 0 : BEAT_MS[kind];
}

export class Pace {
  #waiting = [];
  #shown = null;
  #timer = null;
  #show;

  /** `show(update, before)`: called for each update in its turn; `before`: the one before it. */
  constructor(first, show) {
    this.#shown = first;
    this.#show = show;
  }

  get isBusy() {
    return this.#timer !== null;
  }

  /** Show an update `{id, version, view, …}` when those before it have been seen. */
  add(update) {
    this.#waiting.push(update);
    if (document.hidden || this.#waiting.length > MOST) this.hurry();
    else if (this.#timer === null) this.#next();
  }

  /** Show what is latest now. */
  hurry() {
    clearTimeout(this.#timer);
    this.#timer = null;
    while (this.#waiting.length) this.#take(this.#waiting.shift());
  }

  #next() {
    this.#timer = null;
    const update = this.#waiting.shift();
    if (!update) return;
    const ms = this.#take(update);
    this.#timer = setTimeout(() => this.#next(), ms);
  }

  #take(update) {
    const before = this.#shown;
    this.#shown = update;
    this.#show(update, before);
    const same = before?.id === update.id && before.view && update.view;
    return same ? beat(before.view, update.view) : 0;
  }
}
