/**
 * Swapping two local boards: the button below the board lights all nine, and pressing two of them
 * asks for the swap. While they are lit the arrow keys go from board to board, Enter chooses, and
 * Escape puts the light out. The button comes from templates/play/_swap.html.
 */

import { at, isBarred } from "./uttt.js";
import { say } from "./words.js";

const STEPS = {
  ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0],
};
const CENTRE = 4;
const SLIDE = 180; // ms

export class Swaps {
  #root;
  #layer = null; // nine buttons over the board, while they are lit
  #first = null; // the board chosen first
  #position = null;
  #able = false;
  #does;

  /**
   * `root`: an element of class "board". `does`: `swap([first, second])` when both are chosen,
   * `changed()` after every step before, `refuse()` when there is nothing to swap now, and
   * `tell(text)` for what is wrong.
   */
  constructor(root, does) {
    this.#root = root;
    this.#does = does;
    document.addEventListener("click", (event) => {
      if (event.target.closest("#swap")) this.#toggle();
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !this.#layer || document.querySelector("dialog[open]")) return;
      event.preventDefault();
      this.#leave();
    });
  }

  /** What to do next, while the boards are lit; else null. */
  get words() {
    if (!this.#layer) return null;
    if (this.#first === null) return say("swap_first");
    return say("swap_second", { board: say(`sub_${this.#first}`) });
  }

  /** Follow a position; `able`: the player may swap in it; `left`: how many swaps they have. */
  show(position, { able, left }) {
    this.#position = position;
    this.#able = able;
    if (!able) this.#close();
    const button = document.getElementById("swap");
    button?.setAttribute("aria-disabled", String(!able));
    button?.setAttribute("aria-pressed", String(this.#layer !== null));
    const count = button?.querySelector("[data-swaps-left]");
    if (count) count.textContent = say("swaps_left", { count: left });
    if (this.#layer) this.#showBoards();
  }

  #showBoards() {
    const marks = this.#position.global_field.flat();
    [...this.#layer.children].forEach((board, index) => {
      const barred = this.#first !== null && isBarred(this.#position, [this.#first, index]);
      board.setAttribute(
        "aria-label", say(`swap_tile_${marks[index]}`, { board: say(`sub_${index}`) }),
      );
      board.setAttribute("aria-pressed", String(index === this.#first));
      board.setAttribute("aria-disabled", String(barred));
    });
  }

  #toggle() {
    if (this.#layer) this.#leave();
    else if (this.#able) this.#enter();
    else this.#does.refuse();
  }

  #enter() {
    this.#layer = layer((index) => this.#choose(index));
    this.#root.append(this.#layer);
    this.#root.classList.add("swapping");
    this.#root.querySelector(".squares").inert = true;
    this.#does.changed();
    this.#layer.children[CENTRE].focus();
  }

  #leave() {
    this.#close();
    this.#does.changed();
  }

  #close() {
    if (!this.#layer) return;
    if (this.#layer.contains(document.activeElement)) document.getElementById("swap")?.focus();
    this.#layer.remove();
    this.#layer = this.#first = null;
    this.#root.classList.remove("swapping");
    this.#root.querySelector(".squares").inert = false;
  }

  #choose(index) {
    const pair = [this.#first, index];
    this.#does.tell("");
    if (this.#first === null || this.#first === index) {
      this.#first = this.#first === null ? index : null;
      this.#does.changed();
    } else if (isBarred(this.#position, pair)) {
      this.#does.tell(say("swap_barred"));
    } else {
      this.#leave();
      this.#does.swap(pair);
    }
  }
}

/** Show how many swaps each player has, on their strips. */
export function showSwapsLeft({ swaps_left: left }) {
  left.forEach((count, seat) => {
    const place = document.querySelector(`#seat-${seat} [data-swaps]`);
    if (place && place.textContent !== String(count)) place.textContent = count;
  });
}

/** Let two boards glide to their new places, for those who do not mind motion. */
export function slide(root, pair) {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  const plates = root.querySelectorAll(".plate");
  const [one, other] = pair.map((board) => plates[board].getBoundingClientRect());
  const from = { x: other.left - one.left, y: other.top - one.top };
  glide(root, pair[0], plates, from);
  glide(root, pair[1], plates, { x: -from.x, y: -from.y });
}

function glide(root, board, plates, { x, y }) {
  const tiles = Array.from({ length: 9 }, (_, cell) => {
    const row = Math.floor(board / 3) * 3 + Math.floor(cell / 3);
    return root.querySelector(`[data-at="${at(row, (board % 3) * 3 + (cell % 3))}"]`);
  });
  for (const part of [plates[board], ...tiles]) {
    part.animate({ translate: [`${x}px ${y}px`, "0 0"] }, { duration: SLIDE, easing: "ease-out" });
  }
}

/** Nine buttons, one over each local board; one of them at a time is in the tab order. */
function layer(onChoose) {
  const boards = document.createElement("div");
  boards.className = "swap-tiles";
  boards.setAttribute("role", "group");
  boards.setAttribute("aria-label", say("swap_boards"));
  for (let index = 0; index < 9; index += 1) {
    const board = document.createElement("button");
    board.type = "button";
    board.className = "swap-tile";
    board.tabIndex = index === CENTRE ? 0 : -1;
    board.addEventListener("click", () => onChoose(index));
    board.addEventListener("focus", () => {
      for (const each of boards.children) each.tabIndex = each === board ? 0 : -1;
    });
    boards.append(board);
  }
  boards.addEventListener("keydown", onKey);
  return boards;
}

function onKey(event) {
  const step = STEPS[event.key];
  if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  event.stopPropagation();
  const boards = [...event.currentTarget.children];
  const index = boards.indexOf(event.target);
  const [row, column] = [Math.floor(index / 3) + step[0], (index % 3) + step[1]];
  if (row < 0 || row > 2 || column < 0 || column > 2) return;
  boards[row * 3 + column].focus();
}
