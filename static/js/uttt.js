/**
 * Ultimate Tic-Tac-Toe as a page needs it: which boards are open, what a move does to a
 * position, and how squares are written. Pure: no page, no network. The server decides what
 * is legal; this only lets the page show it before asking.
 *
 * A position has the fields of a `match_state`: `complete_field` (9×9: 0 empty, 1 player A,
 * 2 player B), `global_field` (3×3, and 3 for a drawn board), `last_move`, `game_over`.
 * A board is named by its index `sub_y * 3 + sub_x`, a square as "e5": columns a–i from the
 * left, rows 1–9 from the bottom.
 *
 * Where boards may be swapped, a position has `swaps_left` (by player), `last_swap` (two boards,
 * or null) and `barred_swap`, too. A move is then a square or `{swap: [first, second]}`, written
 * "1=5": boards are numbered from 1 at the top left, the lower first.
 */

const FILES = "abcdefghi";
export const DRAWN = 3;
const SWAPS_EACH = 3;

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

/** [0, 4] or [4, 0] -> "1=5". */
export function swapName([one, other]) {
  return `${Math.min(one, other) + 1}=${Math.max(one, other) + 1}`;
}

/** A move's name, "e5" or "1=5". */
export function moveName(move) {
  return move.swap ? swapName(move.swap) : square(move);
}

/** What `moveName` gives the name for. Throws RangeError on anything else. */
export function parseMove(name) {
  const match = /^([1-9])=([1-9])$/.exec(name);
  if (!match) return parseSquare(name);
  const swap = [Number(match[1]) - 1, Number(match[2]) - 1];
  if (swap[0] >= swap[1]) throw new RangeError(`not a swap: ${name}`);
  return { swap };
}

/** The name of the move that led to a position, or null at the start. */
export function lastMove(position) {
  if (position.last_move) return square(position.last_move);
  return position.last_swap ? swapName(position.last_swap) : null;
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

/** The indexes of `marks` (nine of 0–3) that stand in any player's line. */
export function inLine(marks) {
  const held = LINES.filter(([a, b, c]) =>
    (marks[a] === 1 || marks[a] === 2) && marks[a] === marks[b] && marks[b] === marks[c]);
  return [...new Set(held.flat())];
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
  if (last && !hasSwaps(position)) {
    const target = last.y * 3 + last.x;
    if (decided[target] === 0) return [target];
  }
  return decided.flatMap((mark, index) => (mark === 0 ? [index] : []));
}

/** May this square be played now, whoever's turn it is? */
export function isPlayable(position, move) {
  return markAt(position, move) === 0 && allowedBoards(position).includes(boardOf(move));
}

/** May boards be swapped in this match? */
export function hasSwaps(position) {
  return Boolean(position.swaps_left);
}

/** May the player to move swap these two boards (the pair left out: any at all)? */
export function isSwappable(position, pair = null) {
  if (!hasSwaps(position) || position.game_over) return false;
  if (position.swaps_left[markToMove(position) - 1] === 0) return false;
  return !pair || (pair[0] !== pair[1] && !isBarred(position, pair));
}

/** Would swapping these two boards undo the swap just made? */
export function isBarred(position, pair) {
  return Boolean(position.barred_swap) && swapName(position.barred_swap) === swapName(pair);
}

/** The empty position, A to move; `swaps`: boards may be swapped. */
export function initial(swaps = false) {
  return {
    ...(swaps && { swaps_left: [SWAPS_EACH, SWAPS_EACH], last_swap: null, barred_swap: null }),
    complete_field: Array.from({ length: 9 }, () => Array(9).fill(0)),
    global_field: Array.from({ length: 3 }, () => Array(3).fill(0)),
    last_move: null,
    game_over: false,
  };
}

/** How many moves lead to the position. */
export function plies(position) {
  const marks = position.complete_field.flat().filter((mark) => mark !== 0).length;
  if (!hasSwaps(position)) return marks;
  return marks + 2 * SWAPS_EACH - position.swaps_left[0] - position.swaps_left[1];
}

/** Who moves next: 1 or 2. */
export function markToMove(position) {
  return (plies(position) % 2) + 1;
}

/** The position after `move`; the given one is left as it is. Throws RangeError if illegal. */
export function play(position, move) {
  if (move.swap) return swap(position, move.swap);
  if (!isPlayable(position, move)) throw new RangeError(`not playable: ${square(move)}`);
  const field = position.complete_field.map((row) => row.slice());
  const boards = position.global_field.map((row) => row.slice());
  field[move.sub_y * 3 + move.y][move.sub_x * 3 + move.x] = markToMove(position);
  boards[move.sub_y][move.sub_x] = decide(localMarks(field, move));
  return {
    ...(hasSwaps(position) && {
      swaps_left: position.swaps_left, last_swap: null, barred_swap: null,
    }),
    complete_field: field,
    global_field: boards,
    last_move: { sub_x: move.sub_x, sub_y: move.sub_y, x: move.x, y: move.y },
    game_over: decide(boards.flat()) !== 0,
  };
}

function swap(position, pair) {
  if (!isSwappable(position, pair)) throw new RangeError(`not to be swapped: ${swapName(pair)}`);
  const decided = exchange(position.global_field.flat(), pair);
  const over = decide(decided) !== 0;
  const left = position.swaps_left.slice();
  left[markToMove(position) - 1] -= 1;
  return {
    swaps_left: left,
    last_swap: pair,
    barred_swap: over ? null : pair,
    complete_field: swappedField(position.complete_field, pair),
    global_field: [decided.slice(0, 3), decided.slice(3, 6), decided.slice(6)],
    last_move: null,
    game_over: over,
  };
}

function swappedField(field, pair) {
  const source = exchange([0, 1, 2, 3, 4, 5, 6, 7, 8], pair);
  return field.map((row, y) => row.map((_, x) => {
    const from = source[Math.floor(y / 3) * 3 + Math.floor(x / 3)];
    return field[Math.floor(from / 3) * 3 + (y % 3)][(from % 3) * 3 + (x % 3)];
  }));
}

function exchange(values, [one, other]) {
  return values.with(one, values[other]).with(other, values[one]);
}

function localMarks(field, { sub_x, sub_y }) {
  const rows = field.slice(sub_y * 3, sub_y * 3 + 3);
  return rows.flatMap((row) => row.slice(sub_x * 3, sub_x * 3 + 3));
}

/** The position after the first `ply` of `names` ("e5", "1=5", …); `swaps` as for `initial`. */
export function positionAt(names, ply, swaps = false) {
  return names.slice(0, ply).map(parseMove).reduce(play, initial(swaps));
}
