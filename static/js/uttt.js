/**
 * Ultimate Tic-Tac-Toe as a page needs it: which boards are open, what a move does to a
 * position, and how squares are written. Pure: no page, no network. The server decides what
 * is legal; this only lets the page show it before asking.
 *
 * A position has the fields of a `match_state`: `complete_field` (9×9: 0 empty, 1 player A,
 * 2 player B), `global_field` (3×3, and 3 for a drawn board), `last_move`, `game_over`.
 * A board is named by its index `sub_y * 3 + sub_x`, a square as "e5": columns a–i from the
 * left, rows 1–9 from the bottom.
 */

const FILES = "abcdefghi";
export const DRAWN = 3;

/** The eight lines of a 3×3 board, as indexes 0–8. */
export const LINES = [
  [0, 1, 2], [3, 4, 5], [6, 7, 8],
  [0, 3, 6], [1, 4, 7], [2, 5, 8],
  [0, 4, 8], [2, 4, 6],
];

/** {sub_x, sub_y, x, y} -> "e5". */
export function square({ sub_x, sub_y, x, y }) {
  return at(sub_y * 3 + y, sub_x * 3 + x);
}

/** Row and column of `complete_field`, both from 0 at the top left -> "e5". */
export function at(row, column) {
  return FILES[column] + (9 - row);
}

/** "e5" -> {sub_x, sub_y, x, y}. Throws RangeError on anything else. */
export function parseSquare(name) {
  const match = /^([a-i])([1-9])$/.exec(name);
  if (!match) throw new RangeError(`not a square: ${name}`);
  const column = FILES.indexOf(match[1]);
  const row = 9 - Number(match[2]);
  return {
    sub_x: Math.floor(column / 3),
    sub_y: Math.floor(row / 3),
    x: column % 3,
    y: row % 3,
  };
}

/** The board index a square lies in. */
export function boardOf({ sub_x, sub_y }) {
  return sub_y * 3 + sub_x;
}

/** The mark on a square: 0, 1 or 2. */
export function markAt(position, { sub_x, sub_y, x, y }) {
  return position.complete_field[sub_y * 3 + y][sub_x * 3 + x];
}

/** The line (three indexes) that `marks` (nine of 0–3) holds in one player's marks, or null. */
export function lineOf(marks) {
  for (const line of LINES) {
    const [a, b, c] = line.map((index) => marks[index]);
    if ((a === 1 || a === 2) && a === b && b === c) return line;
  }
  return null;
}

/** What nine marks amount to: 0 undecided, 1 or 2 won, 3 drawn. */
export function decide(marks) {
  const line = lineOf(marks);
  if (line) return marks[line[0]];
  return marks.every((mark) => mark !== 0) ? DRAWN : 0;
}

/** Indexes of the boards that may be played in now, ascending; none when the match is over. */
export function allowedBoards(position) {
  if (position.game_over) return [];
  const decided = position.global_field.flat();
  const last = position.last_move;
  if (last) {
    const target = last.y * 3 + last.x;
    if (decided[target] === 0) return [target];
  }
  return decided.flatMap((mark, index) => (mark === 0 ? [index] : []));
}

/** May this square be played now, whoever's turn it is? */
export function isPlayable(position, move) {
  return markAt(position, move) === 0 && allowedBoards(position).includes(boardOf(move));
}

/** The empty position, A to move. */
export function initial() {
  return {
    complete_field: Array.from({ length: 9 }, () => Array(9).fill(0)),
    global_field: Array.from({ length: 3 }, () => Array(3).fill(0)),
    last_move: null,
    game_over: false,
  };
}

/** How many moves lead to the position. */
export function plies(position) {
  return position.complete_field.flat().filter((mark) => mark !== 0).length;
}

/** Whose mark the next move sets: 1 or 2. */
export function markToMove(position) {
  return (plies(position) % 2) + 1;
}

/** The position after `move`; the given one is left as it is. Throws RangeError if illegal. */
export function play(position, move) {
  if (!isPlayable(position, move)) throw new RangeError(`not playable: ${square(move)}`);
  const field = position.complete_field.map((row) => row.slice());
  const boards = position.global_field.map((row) => row.slice());
  field[move.sub_y * 3 + move.y][move.sub_x * 3 + move.x] = markToMove(position);
  boards[move.sub_y][move.sub_x] = decide(localMarks(field, move));
  return {
    complete_field: field,
    global_field: boards,
    last_move: { sub_x: move.sub_x, sub_y: move.sub_y, x: move.x, y: move.y },
    game_over: decide(boards.flat()) !== 0,
  };
}

function localMarks(field, { sub_x, sub_y }) {
  const rows = field.slice(sub_y * 3, sub_y * 3 + 3);
  return rows.flatMap((row) => row.slice(sub_x * 3, sub_x * 3 + 3));
}

/** The position after the first `ply` of `squares` ("e5", …). */
export function positionAt(squares, ply) {
  return squares.slice(0, ply).map(parseSquare).reduce(play, initial());
}
