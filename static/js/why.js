/**
 * Why the lit boards of ultimate tic-tac-toe are lit, what a newcomer is told of a position, and
 * where a square would send the opponent: as app/web/why.py says it. Pure: no page, no network.
 *
 * A reason is `{key, board, cell}`: a text and the place it speaks of. `active` is the seat to
 * move, `seat` whoever looks (null: a spectator), `bots` which seats are the computer's.
 */

import {
  allowedBoards, boardOf, DRAWN, hasSwaps, isPlayable, LINES, play,
} from "./uttt.js";
import { say } from "./words.js";

const FIRST = 4; // marks on the board while it is still explained how to look ahead

/** Why the boards that are lit are; null once the match is over. */
export function why(position, { active, seat, bots }) {
  if (position.game_over) return null;
  if (hasSwaps(position)) return reason("why_swaps");
  const last = position.last_move;
  if (!last) return reason("why_start");
  const cell = last.y * 3 + last.x;
  const mark = position.global_field.flat()[cell];
  if (mark) {
    const who = seat === active ? "you" : ofWhom("them", bots[active]);
    return reason(`why_${mark === DRAWN ? "drawn" : "won"}_${who}`, cell, cell);
  }
  if (seat === null) {
    const to = bots[active] ? "_to_bot" : "";
    return reason(`why_sent_all${bots[1 - active] ? "_by_bot" : to}`, cell, cell);
  }
  const who = ofWhom(seat === active ? "you" : "them", bots[1 - seat]);
  return reason(`why_sent_${who}`, cell, cell);
}

/** The same in words, `names` by seat; "" once the match is over. */
export function whyWords(position, { active, seat, names, bots }) {
  const found = why(position, { active, seat, bots });
  return found ? words(found, { name: names[active], other: names[1 - active] }) : "";
}

/** What a newcomer in `seat` may be told of a position; null once the match is over. */
export function lesson(position, { active, seat }) {
  if (position.game_over) return null;
  for (const rule of LESSONS) {
    const found = rule(position, { active, seat });
    if (found) return found;
  }
  return null;
}

/** The same in words; "" once the match is over. */
export function lessonWords(position, { active, seat }) {
  const found = lesson(position, { active, seat });
  return found ? words(found) : "";
}

/** The boards that would be lit if this square were played; null if it cannot be. */
export function sends(position, move) {
  return isPlayable(position, move) ? allowedBoards(play(position, move)) : null;
}

/** The same in words, about the opponent by `name`, or as the computer (`bot`). */
export function sendsWords(boards, { name, bot }) {
  if (boards.length === 0) return say("sends_end");
  const key = ofWhom(boards.length === 1 ? "sends" : "sends_any", bot);
  return say(key, { name, where: say(`in_${boards[0]}`) });
}

function words({ key, board, cell }, values = {}) {
  const place = { square: `cell_${cell}`, where: `in_${board}`, board: `sub_${board}` };
  for (const [name, each] of Object.entries(place)) place[name] = say(each);
  return say(key, { ...place, ...values });
}

function reason(key, board = 0, cell = 0) {
  return { key, board, cell };
}

function ofWhom(who, bot) {
  return bot ? `${who}_bot` : who;
}

// ---- the lessons: the first that has something to say does -----------------------

const LESSONS = [
  (position) => hasSwaps(position) && reason("coach_swaps"),
  ({ last_move: last }) => !last && reason("coach_start"),
  justWon,
  (_, { active, seat }) => active !== seat && reason("coach_wait"),
  (position, { seat }) => twoInARow(position, seat, "coach_win"),
  (position, { seat }) => twoInARow(position, 1 - seat, "coach_block"),
  (position) => marks(position) <= FIRST && reason("coach_look"),
  (position) => allowedBoards(position).length > 1 && reason("coach_free"),
  () => reason("coach_mind"),
];

/** The last move has won a board. */
function justWon(position, { active, seat }) {
  const board = boardOf(position.last_move);
  const mover = 1 - active;
  if (position.global_field.flat()[board] !== mover + 1) return null;
  return reason(mover === seat ? "coach_won" : "coach_lost", board);
}

/** The first lit board in which a third mark of `owner` would make a row. */
function twoInARow(position, owner, key) {
  for (const board of allowedBoards(position)) {
    const cells = local(position, board);
    const isOpen = (line) => {
      const held = line.map((cell) => cells[cell]).sort();
      return held[0] === 0 && held[1] === owner + 1 && held[2] === owner + 1;
    };
    if (LINES.some(isOpen)) return reason(key, board);
  }
  return null;
}

function local(position, board) {
  const [top, left] = [Math.floor(board / 3) * 3, (board % 3) * 3];
  return position.complete_field.slice(top, top + 3).flatMap((row) => row.slice(left, left + 3));
}

function marks(position) {
  return position.complete_field.flat().filter((mark) => mark !== 0).length;
}
