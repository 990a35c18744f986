/**
 * The small boards of a page, live. The house is asked for those alone that are on the screen, and
 * for none while the page is not looked at; it tells of each about once a second at most.
 */

import { on, onReady, request } from "./connection.js";
import { debounce } from "./page.js";
import { SmallCard } from "./small-card.js";

const SETTLE_MS = 200; // scrolling is many small changes
const TICK_MS = 250;
const MOST = 24; // as many as the house allows

export class SmallBoards {
  #cards = new Map(); // match id -> card
  #onScreen = new Set();
  #news;
  #onOver;
  #asked = null;
  #ask = debounce(() => this.#request(), SETTLE_MS);
  #observer = new IntersectionObserver((entries) => this.#look(entries));

  /**
   * `news`: hear of matches that begin and end, too (`live_update`, `live_gone`). `onOver(card)`: a
   * match on the page has ended.
   */
  constructor({ news = false, onOver = () => {} } = {}) {
    this.#news = news;
    this.#onOver = onOver;
    on("small_update", (update) => this.#take(update.id, (card) => card.take(update)));
    on("small_gone", ({ id }) => this.#take(id, (card) => card.end()));
    onReady(() => {
      this.#asked = null; // a new connection knows of nothing
      this.#request();
    });
    document.addEventListener("visibilitychange", () => this.#request());
    setInterval(() => {
      if (!document.hidden) for (const id of this.#onScreen) this.#cards.get(id)?.tick();
    }, TICK_MS);
  }

  get cards() {
    return [...this.#cards.values()];
  }

  card(id) {
    return this.#cards.get(id);
  }

  /** Follow a card that is on the page. */
  add(card) {
    this.#cards.set(card.id, card);
    this.#observer.observe(card.root);
  }

  /** Follow a card no longer. */
  drop(card) {
    this.#observer.unobserve(card.root);
    this.#cards.delete(card.id);
    this.#onScreen.delete(card.id);
    this.#ask();
  }

  /** Follow the cards in `place`, and no others. */
  adopt(place) {
    for (const card of this.cards) this.drop(card);
    for (const root of place.querySelectorAll("[data-small]")) this.add(new SmallCard(root));
  }

  #take(id, change) {
    const card = this.#cards.get(id);
    if (!card) return;
    const before = card.over;
    change(card);
    if (card.over && !before) this.#onOver(card);
  }

  #look(entries) {
    for (const { target, isIntersecting } of entries) {
      const id = target.dataset.small;
      if (isIntersecting && this.#cards.has(id)) this.#onScreen.add(id);
      else this.#onScreen.delete(id);
    }
    this.#ask();
  }

  #request() {
    const ids = document.hidden ? [] : [...this.#onScreen].sort().slice(0, MOST);
    const asked = ids.join(" ");
    if (asked === this.#asked) return;
    this.#asked = asked;
    request("small_boards", { ids, news: this.#news }).catch(() => {
      if (this.#asked === asked) this.#asked = null; // the next change, or connection, asks again
    });
  }
}
