/**
 * Chat: every panel of the page is kept as the house has it, and what is written goes there
 * without leaving the page. A refused text stays in its field.
 */

import { onAbout } from "./about.js";
import { ChatFold } from "./chat_fold.js";
import { on, onReady, request } from "./connection.js";
import { Lines } from "./lines.js";
import { debounce } from "./page.js";
import { explain, say } from "./words.js";

const READ_MS = 400; // a line must be in sight so long to have been read
const PAGE = 50; // lines the house hands out at once
const signedIn = document.body.dataset.live === "1";

class Panel {
  #section;
  #form;
  #older;
  #news;
  #read = 0; // the last line this page has told the house of
  #known = false; // has the house been asked since the page was made?
  #waiting = false; // for an answer to what was said
  #loading = false; // older lines
  #inSight = false;

  /** `onCount()` is called whenever the number of unread lines may have changed. */
  constructor(section, onCount) {
    this.#section = section;
    this.#form = section.querySelector("form");
    this.#older = section.querySelector(".chat-older");
    this.#news = section.querySelector(".chat-new");
    this.room = section.dataset.chat;
    this.lines = new Lines(section);
    this.unread = Number(section.dataset.unread);
    this.onCount = onCount;
    this.markRead = debounce(() => this.#markRead(), READ_MS);
    this.#listen();
  }

  get isShown() {
    return !this.#section.hidden;
  }

  get isForLater() {
    return "opens" in this.#section.dataset;
  }

  get opensAt() {
    return this.#section.dataset.opens;
  }

  show(shown) {
    this.#section.hidden = !shown;
  }

  /** The match is over: this panel is for its players, too. */
  open() {
    delete this.#section.dataset.opens;
    this.catchUp();
  }

  take(line) {
    if (!this.lines.add(line)) return;
    const mine = line.name === document.body.dataset.user;
    if (mine) this.lines.toEnd();
    else this.#count(1);
    this.#news.hidden = mine || this.lines.isAtEnd;
    this.markRead();
  }

  /**
   * Ask for what was said since: after a reconnection from the first line shown on, so that what
   * has been hidden in between goes, too.
   */
  async catchUp() {
    const since = (this.#known ? this.lines.first : this.lines.last) || null;
    const answer = await this.#ask("chat_history", { since }).catch(() => null);
    if (!answer) return; // out of reach: the next connection asks again
    this.#known = true;
    if (since === null) this.#older.hidden = answer.lines.length < PAGE;
    else if (answer.lines[0]?.id > this.lines.first) this.#older.hidden = false;
    const news = this.lines.settle(answer.lines, since ?? 0);
    this.#count(news);
    this.markRead();
  }

  async loadOlder() {
    if (this.#loading || this.#older.hidden) return;
    this.#loading = true;
    try {
      const { lines } = await this.#ask("chat_history", { before: this.lines.first });
      this.lines.addOlder(lines);
      this.#older.hidden = lines.length < PAGE;
    } catch {
      // out of reach: scrolling there again asks again
    } finally {
      this.#loading = false;
    }
  }

  #listen() {
    const log = this.#section.querySelector(".chat-log");
    new IntersectionObserver(([entry]) => {
      this.#inSight = entry.isIntersecting;
      this.markRead();
    }).observe(log);
    const atTop = ([entry]) => entry.isIntersecting && this.#known && this.loadOlder();
    new IntersectionObserver(atTop, { root: log }).observe(this.#older);
    this.#older.addEventListener("click", (event) => {
      event.preventDefault();
      this.loadOlder();
    });
    log.addEventListener("scroll", () => {
      if (!this.lines.isAtEnd) return;
      this.#news.hidden = true;
      this.markRead();
    }, { passive: true });
    this.#news.addEventListener("click", () => {
      this.lines.toEnd();
      log.focus();
    });
    this.#form?.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#say();
    });
    this.#form?.elements.text.addEventListener("input", () => this.#complain(""));
  }

  async #say() {
    const field = this.#form.elements.text;
    const button = this.#form.querySelector("button");
    const text = field.value;
    field.focus();
    if (this.#waiting || !text.trim()) return;
    const most = Number(this.#section.dataset.longest);
    if ([...text.trim()].length > most) {
      this.#complain(say("chat_too_long", { most }));
      return;
    }
    this.#waiting = true;
    button.disabled = true;
    this.#complain("");
    try {
      const { line } = await this.#ask("chat", { text });
      if (field.value === text) field.value = "";
      this.take(line);
    } catch (error) {
      this.#complain(error.code === "too_long" ? say("chat_too_long", { most }) : explain(error));
    } finally {
      this.#waiting = false;
      button.disabled = false;
    }
  }

  #complain(text) {
    const error = this.#form.querySelector(".error");
    if (error.textContent === text) return;
    error.textContent = text;
    if (text) this.#form.elements.text.setAttribute("aria-invalid", "true");
    else this.#form.elements.text.removeAttribute("aria-invalid");
  }

  #ask(type, data) {
    const code = this.#section.dataset.code || null;
    return request(type, { room: this.room, code, ...data });
  }

  #count(more) {
    this.unread += more;
    this.onCount();
  }

  #markRead() {
    const seen = this.#inSight && !document.hidden && this.lines.isAtEnd;
    if (!seen || !this.lines.last) return;
    this.unread = 0;
    this.onCount();
    if (!signedIn || this.#read >= this.lines.last) return;
    const id = this.lines.last;
    this.#read = id;
    this.#ask("chat_read", { id }).catch(() => {
      this.#read = 0; // with the next line, or after the next connection
    });
  }
}

function start() {
  const folds = [...document.querySelectorAll(".chats")].map((details) => new ChatFold(details));
  const panels = [...document.querySelectorAll("[data-chat]")].map((section) => {
    const fold = folds.find((each) => each.holds(section));
    const panel = new Panel(section, () => fold?.count());
    fold?.add(panel);
    return panel;
  });
  folds.forEach((fold) => fold.start());
  const open = () => panels.filter((panel) => !panel.isForLater);
  const catchUp = () => open().forEach((panel) => panel.catchUp());
  const renewed = () => open().forEach((panel) => panel.markRead());
  on("chat_message", (line) => {
    for (const panel of open()) if (panel.room === line.room) panel.take(line);
  });
  on("chat_hidden", ({ id }) => panels.forEach(({ lines }) => lines.remove(id)));
  on("blocks_update", catchUp);
  on("match_update", ({ id, match_state: state }) => {
    if (!state?.game_over) return;
    for (const panel of panels.filter(({ opensAt }) => opensAt === id)) {
      panel.open();
      folds.forEach((fold) => fold.arrange());
    }
  });
  document.addEventListener("visibilitychange", renewed);
  onAbout();
  onReady(catchUp);
}

start();
