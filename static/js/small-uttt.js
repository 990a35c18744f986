/**
 * The small board of ultimate tic-tac-toe, as templates/play/_small_uttt.html drew it: the same
 * drawing as app/web/small_squares.py makes.
 */

import { at } from "./uttt.js";
import { say } from "./words.js";

const EDGE = 1;
const APART = 34;
const SQUARE = 10;
const KINDS = ["open", "won-a", "won-b", "drawn"];

export class SmallUttt {
  #picture;
  #plates;

  constructor(card) {
    this.#picture = card.querySelector("[data-picture]");
    this.#plates = [...this.#picture.querySelectorAll("rect")];
  }

  show(board) {
    const decided = board.global_field.flat();
    this.#plates.forEach((plate, index) => {
      const kind = board.allowed.includes(index) ? "lit" : KINDS[decided[index]];
      if (plate.getAttribute("class") !== kind) plate.setAttribute("class", kind);
    });
    for (const [name, d] of Object.entries(pathsOf(board, decided))) {
      const path = this.#picture.querySelector(`[class="${name}"]`);
      if (path.getAttribute("d") !== d) path.setAttribute("d", d);
    }
    this.#picture.setAttribute("aria-label", describe(board, decided));
  }
}

/** The paths of a position, by class. */
export function pathsOf({ complete_field: field, last_move: last }, decided) {
  const squares = (mark, faint) => field.flatMap((row, y) => row.flatMap((each, x) => {
    const shut = decided[Math.floor(y / 3) * 3 + Math.floor(x / 3)] !== 0;
    return each === mark && shut === faint ? [middle(y, x)] : [];
  }));
  const boards = (mark) => decided.flatMap((each, index) => {
    const [x, y] = [index % 3, Math.floor(index / 3)].map((n) => EDGE + APART * n + 15);
    return each === mark ? [[x, y]] : [];
  });
  return {
    last: frame(last),
    "x faint": crosses(squares(1, true), 3),
    "o faint": rings(squares(2, true), 3),
    x: crosses(squares(1, false), 3),
    o: rings(squares(2, false), 3),
    "x big": crosses(boards(1), 9),
    "o big": rings(boards(2), 10),
  };
}

function middle(row, column) {
  return [column, row].map((n) => EDGE + APART * Math.floor(n / 3) + SQUARE * (n % 3) + SQUARE / 2);
}

function crosses(points, r) {
  return points.map(([x, y]) => `M${x - r} ${y - r}l${2 * r} ${2 * r}m0-${2 * r}l-${2 * r} ${2 * r}`)
    .join("");
}

function rings(points, r) {
  return points.map(([x, y]) => `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0-${2 * r} 0`)
    .join("");
}

function frame(move) {
  if (!move) return "";
  const [x, y] = middle(move.sub_y * 3 + move.y, move.sub_x * 3 + move.x);
  return `M${x - 4} ${y - 4}h8v8h-8z`;
}

/** A position in one sentence, as app/web/words.py says it. */
function describe({ last_move: move, last_swap: swap }, decided) {
  if (!move && !swap) return say("empty");
  const count = (mark) => decided.filter((each) => each === mark).length;
  const won = { x: count(1), o: count(2), drawn: count(3) };
  if (move) {
    const square = at(move.sub_y * 3 + move.y, move.sub_x * 3 + move.x);
    return say("position", { ...won, square });
  }
  const [one, other] = swap.map((board) => say(`sub_${board}`));
  return say("position_swap", { ...won, one, other });
}
