/**
 * The board on the page: patches what templates/play/_board.html drew, moves the focus across it
 * by keyboard, and reports which square was chosen. It knows the rules only as far as showing
 * them goes (uttt.js).
 */

import {
  allowedBoards, at, inLine, isPlayable, lastMove, parseMove, parseSquare, square,
} from "./uttt.js";
import { say } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";
const SYMBOLS = ["", "x", "o", "drawn"];
const OWNER = ["", "is-a", "is-b"];
const STATE = ["", "won-a", "won-b", "drawn"];

const STEPS = {
  ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0],
};
const FAR = { Home: [0, -8], End: [0, 8], PageUp: [-8, 0], PageDown: [8, 0] };
const BETWEEN = (value) => Math.min(8, Math.max(0, value));

export class Board {
  #root;
  #tiles = new Map(); // "e5" -> element
  #plates;
  #words;
  #buttons;
  #focus = null; // the square that Tab comes to

  /** `root`: an element of class "board". `onChoose(name, playable)`: a square was pressed. */
  constructor(root, onChoose = null) {
    this.#root = root;
    for (const tile of root.querySelectorAll("[data-at]")) this.#tiles.set(tile.dataset.at, tile);
    this.#plates = [...root.querySelectorAll(".plate")];
    this.#words = root.querySelector("#position-words");
    this.#buttons = root.querySelector("button") !== null;
    if (this.#buttons && onChoose) this.#listen(onChoose);
  }

  /** Show a position; `mine`: the player may move in it; `pending`: a move asked for, by name. */
  show(position, { mine = false, pending = null } = {}) {
    const lit = allowedBoards(position);
    this.#root.classList.toggle("board-mine", mine);
    this.#showPlates(position, lit, pending);
    const last = lastMove(position);
    position.complete_field.forEach((cells, row) => {
      cells.forEach((mark, column) => {
        const name = at(row, column);
        const home = Math.floor(row / 3) * 3 + Math.floor(column / 3);
        this.#showTile(name, {
          mark,
          last: name === last,
          open: mark === 0 && lit.includes(home),
          shut: position.global_field[Math.floor(home / 3)][home % 3] !== 0,
          mine,
          pending: name === pending,
        });
      });
    });
    if (this.#words) this.#words.textContent = describe(position);
    else if (this.#root.getAttribute("role") === "img") {
      this.#root.setAttribute("aria-label", describe(position));
    }
    if (this.#buttons) this.#rove(position, mine);
  }

  #showPlates(position, lit, pending) {
    const decided = position.global_field.flat();
    const line = inLine(decided);
    const asked = pending ? parseMove(pending).swap ?? [] : [];
    this.#plates.forEach((plate, index) => {
      const mark = decided[index];
      const names = ["plate"];
      if (lit.includes(index)) names.push("lit");
      if (mark) names.push(STATE[mark]);
      if (line.includes(index)) names.push("line");
      if (position.last_swap?.includes(index)) names.push("swapped");
      if (asked.includes(index)) names.push("pending");
      patch(plate, names.join(" "), mark, this.#root.dataset.marks);
    });
  }

  #showTile(name, { mark, last, open, shut, mine, pending }) {
    const tile = this.#tiles.get(name);
    const names = ["tile"];
    if (mark) names.push(OWNER[mark]);
    if (open) names.push("open");
    if (shut) names.push("shut");
    if (last) names.push("last");
    if (pending) names.push("pending");
    patch(tile, names.join(" "), mark, this.#root.dataset.marks);
    if (!tile.hasAttribute("aria-label")) return;
    const text = say(open && mine ? "tile_open" : `tile_${mark}`, { square: name });
    setAttribute(tile, "aria-label", last ? say("tile_last", { tile: text }) : text);
    if (this.#buttons) {
      tile.disabled = false; // focus may go anywhere; what cannot be played says so
      setAttribute(tile, "aria-disabled", String(!(open && mine)));
    }
  }

  /** One square is in the tab order: where the focus is or was, else a sensible beginning. */
  #rove(position, mine) {
    let name = this.#focus;
    if (name === null || (mine && !this.#holdsFocus() && !playable(position, name))) {
      name = firstChoice(position);
    }
    this.#enter(name);
  }

  #enter(name) {
    this.#focus = name;
    for (const [each, tile] of this.#tiles) tile.tabIndex = each === name ? 0 : -1;
  }

  #holdsFocus() {
    return this.#root.contains(document.activeElement);
  }

  #listen(onChoose) {
    this.#root.addEventListener("click", (event) => {
      const tile = event.target.closest("button[data-at]");
      if (!tile) return;
      event.preventDefault(); // without a script the button would submit the form
      this.#enter(tile.dataset.at);
      onChoose(tile.dataset.at, tile.getAttribute("aria-disabled") !== "true");
    });
    this.#root.addEventListener("focusin", (event) => {
      const tile = event.target.closest("button[data-at]");
      if (tile) this.#enter(tile.dataset.at);
    });
    this.#root.addEventListener("keydown", (event) => this.#onKey(event));
  }

  #onKey(event) {
    const tile = event.target.closest("button[data-at]");
    if (!tile || event.altKey || event.metaKey) return;
    const step = STEPS[event.key] ?? FAR[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const { sub_x, sub_y, x, y } = parseSquare(tile.dataset.at);
    const far = event.ctrlKey ? 3 : 1; // with Ctrl from board to board
    const row = BETWEEN(sub_y * 3 + y + step[0] * far);
    const column = BETWEEN(sub_x * 3 + x + step[1] * far);
    this.#tiles.get(at(row, column)).focus();
  }
}

/** A position in one sentence. */
function describe(position) {
  if (!lastMove(position)) return say("empty");
  const count = (mark) => position.global_field.flat().filter((each) => each === mark).length;
  const won = { x: count(1), o: count(2), drawn: count(3) };
  if (position.last_move) return say("position", { ...won, square: square(position.last_move) });
  const [one, other] = position.last_swap.map((board) => say(`sub_${board}`));
  return say("position_swap", { ...won, one, other });
}

function playable(position, name) {
  return isPlayable(position, parseSquare(name));
}

/** The middle of the board one is sent to, or its first free square. */
function firstChoice(position) {
  const [board] = allowedBoards(position);
  if (board === undefined) return position.last_move ? square(position.last_move) : "e5";
  const home = allowedBoards(position).includes(4) ? 4 : board;
  for (const cell of [4, 0, 1, 2, 3, 5, 6, 7, 8]) {
    const move = {
      sub_x: home % 3, sub_y: Math.floor(home / 3), x: cell % 3, y: Math.floor(cell / 3),
    };
    if (isPlayable(position, move)) return square(move);
  }
  return "e5";
}

function setAttribute(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/** Give an element its classes and its mark, touching only what differs. */
function patch(element, className, mark, sprite) {
  if (element.className !== className) element.className = className;
  const symbol = SYMBOLS[mark];
  const use = element.querySelector("use");
  if (!symbol) element.querySelector("svg")?.remove();
  else if (!use) element.append(glyph(sprite, symbol));
  else setAttribute(use, "href", `${sprite}#${symbol}`);
}

function glyph(sprite, symbol) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "mark");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${sprite}#${symbol}`);
  svg.append(use);
  return svg;
}
