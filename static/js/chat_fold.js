/**
 * Chats beside something else: open where there is room for them, folded with a mark for what is
 * unread where there is not; one at a time where there are several.
 */

import { showCount } from "./unread.js";

// Beside a coach less of it is left. static/css/chat.css keeps the place free under the same terms.
const HEIGHT = document.getElementById("coach") ? "56rem" : "44rem";
const ROOM = matchMedia(`(min-width: 60rem) and (min-height: ${HEIGHT})`);

export class ChatFold {
  #details;
  #panels = [];
  #chosen = 0;

  constructor(details) {
    this.#details = details;
  }

  holds(element) {
    return this.#details.contains(element);
  }

  add(panel) {
    this.#panels.push(panel);
  }

  start() {
    for (const button of this.#buttons) {
      button.addEventListener("click", () => this.#choose(this.#buttons.indexOf(button)));
    }
    this.#details.addEventListener("toggle", () => {
      // Where its place is kept free while the page loads, only who shuts it gives that back.
      this.#details.classList.toggle("chats-shut", !this.#details.open);
      this.count();
    });
    const linked = location.hash.startsWith("#chat");
    const unfold = () => {
      this.#details.open = ROOM.matches || linked;
    };
    ROOM.addEventListener("change", unfold);
    unfold();
    this.arrange();
  }

  /** Show the chosen panel alone, and the switch only where there is something to choose. */
  arrange() {
    const open = this.#panels.filter((panel) => !panel.isForLater);
    this.#details.classList.toggle("chats-many", open.length > 1);
    this.#details.classList.add("chats-live");
    this.#details.querySelector(".chats-switch").hidden = open.length < 2;
    this.#panels.forEach((panel, index) => {
      panel.show(!panel.isForLater && index === this.#chosen);
      this.#buttons[index].setAttribute("aria-pressed", index === this.#chosen);
    });
    this.count();
  }

  /** Show how much is unread: in all on the fold, and for each panel that is not shown. */
  count() {
    const open = this.#panels.filter((panel) => !panel.isForLater);
    const total = open.reduce((sum, panel) => sum + panel.unread, 0);
    showCount(this.#details.querySelector("[data-mark]"), total);
    this.#panels.forEach((panel, index) => {
      const badge = this.#buttons[index].querySelector(".badge");
      showCount(badge, panel.isShown || panel.isForLater ? 0 : panel.unread);
    });
  }

  get #buttons() {
    return [...this.#details.querySelectorAll("[data-shows]")];
  }

  #choose(index) {
    this.#chosen = index;
    this.arrange();
    this.#panels[index].markRead();
  }
}
