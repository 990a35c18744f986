/**
 * What happens at the table, one thing after another: messages wait their turn, so that one sees a
 * card played before it takes, and at the end stands what the house says of the match.
 */

import { banner, pause } from "./scopa-anim.js";
import { apply, news, settle } from "./scopa.js";
import { say } from "./words.js";

const MANY = 40; // messages; who is so far behind sees the end of it at once
const SEE_MS = 420; // to see a card that has been played
const TAKE_MS = 300; // and one that takes

export class Show {
  #state;
  #told; // the version of what was shown last
  #queue = [];
  #running = false;
  #does;

  /**
   * `state`: as the page came. `does`: `show(state, {settled})`, `tell(news)` for each message,
   * `summary(state)`, a promise of when to go on, `missed(state, deals)` when something happened of
   * which only is known where it led, `deals` of them having been scored (a promise, too),
   * `settled(state)` when all has been shown, and `lost()` when a message does not fit what is shown.
   */
  constructor(state, does) {
    this.#state = state;
    this.#told = state.version;
    this.#does = does;
  }

  /** Is something still to be shown? */
  get isBusy() {
    return this.#running;
  }

  /** One `match_data` message. */
  add(message) {
    this.#queue.push({ version: message.version, message });
    this.#run();
  }

  /** The match as it stands: {version, view}. Older news than what is shown is none. */
  settle(update) {
    this.#queue.push({ version: update.version, update });
    this.#run();
  }

  async #run() {
    if (this.#running) return;
    this.#running = true;
    while (this.#queue.length) {
      this.#catchUp();
      const { message, update } = this.#queue.shift();
      if (update) await this.#stand(update);
      else await this.#tell(message);
    }
    this.#running = false;
    this.#does.settled(this.#state);
  }

  /** Skip to the last position known, where nobody looks or too much has come together. */
  #catchUp() {
    if (this.#queue.length < MANY && !document.hidden) return;
    const last = this.#queue.findLastIndex(({ update }) => update);
    if (last > 0) this.#queue.splice(0, last);
  }

  async #stand({ version, view }) {
    const { seat, points } = this.#state;
    this.#state = settle(this.#state, view, { seat, version });
    this.#does.show(this.#state, { settled: true });
    const deals = view.points.length - points.length; // the connection may be lost in mid-move
    if (version <= this.#told && !deals) return;
    this.#told = version;
    await this.#does.missed(this.#state, deals);
  }

  async #tell(message) {
    if (message.version <= this.#state.version) return; // shown already
    let after;
    try {
      after = apply(this.#state, message);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#does.lost();
      return;
    }
    const fresh = after.summary !== this.#state.summary && after.summary;
    this.#state = after;
    this.#told = message.version;
    const told = news(after, message);
    this.#does.show(after, { settled: false });
    this.#does.tell(told, after);
    if (fresh) await this.#does.summary(after);
    else await this.#wait(told);
  }

  async #wait(told) {
    if (told.some(({ scopa }) => scopa)) await banner(say("banner_scopa"));
    else if (told.some(({ kind }) => kind === "laid")) await pause(SEE_MS);
    else if (told.length) await pause(TAKE_MS);
  }
}
