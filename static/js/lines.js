/**
 * The lines of one chat panel, in the order of their numbers, each at most once. The box they are
 * in is turned round (column-reverse), so that it stands at its end by itself and keeps its place
 * when older lines come in above.
 */

import { linkify } from "./linkify.js";
import { showAutomatic } from "./rows.js";
import { LOCALE, say } from "./words.js";

const NEAR = 24; // pixels from the end that still count as being there
const user = document.body.dataset.user;

export class Lines {
  #log;
  #list;
  #row;
  #empty;

  /** `section`: a panel as templates/chat/_panel.html makes it. */
  constructor(section) {
    this.#log = section.querySelector(".chat-log");
    this.#list = section.querySelector(".lines");
    this.#row = section.querySelector("template").content.firstElementChild;
    this.#empty = section.querySelector(".chat-empty");
    for (const time of this.#list.querySelectorAll("time")) showTime(time);
  }

  /** The number of the first line, or of the last; 0 where there is none. */
  get first() {
    return idOf(this.#list.firstElementChild);
  }

  get last() {
    return idOf(this.#list.lastElementChild);
  }

  get isAtEnd() {
    return this.#log.scrollTop > -NEAR;
  }

  toEnd() {
    this.#log.scrollTop = 0;
  }

  /** Put a line in its place; whether it was new. Who reads further up is not moved. */
  add(line) {
    let after = this.#list.lastElementChild;
    while (after && idOf(after) > line.id) after = after.previousElementSibling;
    if (after && idOf(after) === line.id) return false;
    const row = this.#fill(line);
    const atEnd = this.isAtEnd;
    const before = this.#log.scrollHeight;
    if (after) after.after(row);
    else this.#list.prepend(row);
    const isBelow = row === this.#list.lastElementChild;
    if (!atEnd && isBelow) this.#log.scrollTop -= this.#log.scrollHeight - before;
    this.#showEmpty();
    return true;
  }

  /** Put older lines above, unannounced: they are no news. */
  addOlder(lines) {
    this.#quietly(() => lines.forEach((line) => this.add(line)));
  }

  /**
   * What the house says there is from number `since` on: what is missing comes, what is not there
   * any more goes. How many are new.
   */
  settle(lines, since) {
    const there = new Set(lines.map(({ id }) => id));
    for (const row of [...this.#list.children]) {
      if (idOf(row) >= since && !there.has(idOf(row))) this.#remove(row);
    }
    return lines.filter((line) => this.add(line)).length;
  }

  remove(id) {
    const row = [...this.#list.children].find((each) => idOf(each) === id);
    if (row) this.#remove(row);
  }

  #remove(row) {
    const focused = row.contains(document.activeElement);
    row.remove();
    if (focused) this.#log.focus();
    this.#showEmpty();
  }

  #showEmpty() {
    this.#empty.hidden = this.#list.children.length > 0;
  }

  #quietly(act) {
    this.#log.setAttribute("aria-live", "off");
    act();
    requestAnimationFrame(() => requestAnimationFrame(() => {
      this.#log.setAttribute("aria-live", "polite");
    }));
  }

  #fill({ id, name, text, at, mine = name === user, house = false, automatic = false }) {
    const row = this.#row.cloneNode(true);
    row.dataset.id = id;
    row.classList.toggle("line-mine", mine && !house);
    row.classList.toggle("line-house", house);
    const who = row.querySelector(".line-name");
    const more = row.querySelector(".line-more");
    who.textContent = name;
    who.href = who.getAttribute("href").replace("NAME", encodeURIComponent(name));
    showAutomatic(row, automatic);
    if (house) who.replaceWith(...houseName(name));
    const time = row.querySelector("time");
    time.dateTime = at;
    showTime(time);
    if (mine || house) more?.remove();
    else if (more) {
      more.href = more.getAttribute("href").replace("/0", `/${id}`);
      more.setAttribute("aria-label", say("chat_more", { name }));
    }
    row.querySelector(".line-text").append(...linkify(text));
    return row;
  }
}

function idOf(row) {
  return Number(row?.dataset.id ?? 0);
}

function houseName(name) {
  const [who, tag] = [document.createElement("span"), document.createElement("span")];
  who.className = "line-name";
  who.textContent = name;
  tag.className = "tag";
  tag.textContent = say("chat_house");
  return [who, " ", tag];
}

/** When a line was said, where its reader is: "20:16", or "3 Nov, 20:16" on another day. */
function showTime(time) {
  const at = new Date(time.dateTime);
  const clock = [at.getHours(), at.getMinutes()].map((part) => String(part).padStart(2, "0"));
  const today = at.toDateString() === new Date().toDateString();
  const day = at.toLocaleDateString(LOCALE, { day: "numeric", month: "short" });
  time.textContent = today ? clock.join(":") : `${day}, ${clock.join(":")}`;
  time.title = at.toLocaleString(LOCALE);
}
