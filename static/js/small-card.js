/**
 * The card of a match with its small board, as templates/watch/_small.html drew it: who is to move,
 * the time, the points, and how it has ended.
 */

import { setDeadline } from "./clock.js";
import { clockText } from "./clocks.js";
import { playWords } from "./kinds.js";
import { fill, fillId } from "./rows.js";
import { SmallBridge } from "./small-bridge.js";
import { SmallScopa } from "./small-scopa.js";
import { SmallUttt } from "./small-uttt.js";
import { say } from "./words.js";

const BOARDS = { uttt: SmallUttt, scopa: SmallScopa, bridge: SmallBridge };
const TEAMS = 2;

export class SmallCard {
  #root;
  #board;
  #sides;
  #version = -1;
  #left = null;
  #toMove = [];
  #since = 0;

  constructor(root) {
    this.#root = root;
    this.#board = new BOARDS[root.dataset.game](root);
    this.#sides = [...root.querySelectorAll("[data-side]")]
      .sort((one, other) => one.dataset.side - other.dataset.side);
    if (root.dataset.state) this.#begin(JSON.parse(root.dataset.state));
  }

  /** An empty card for a row of `live_update`, made from the page's template. */
  static make(row) {
    const template = document.querySelector(`template[data-small-template="${row.game}"]`);
    const root = template.content.firstElementChild.cloneNode(true);
    root.dataset.small = row.id;
    fillId(root, row.id);
    const card = new SmallCard(root);
    card.name(row);
    return card;
  }

  get root() {
    return this.#root;
  }

  get id() {
    return this.#root.dataset.small;
  }

  get game() {
    return this.#root.dataset.game;
  }

  get over() {
    return this.#root.classList.contains("small-over");
  }

  /** Who plays, what, and how many look on, from a row of `live_update`. */
  name(row) {
    this.#sides.forEach((side, team) => {
      const players = row.players.filter((_, seat) => seat % TEAMS === team);
      const people = side.querySelector(".small-people");
      while (people.children.length < players.length) {
        people.append(people.firstElementChild.cloneNode(true));
      }
      players.forEach((player, place) => namePerson(people.children[place], player));
    });
    const [one, other] = [0, 1].map((team) => this.#names(team));
    const kind = playWords(row);
    fill(this.#root, "link", kind).setAttribute("aria-label", say("small_link", { kind, one, other }));
    fill(this.#root, "watchers", row.watchers);
  }

  /** Take what the house says of the match; what is older than what is shown is left. */
  take(update) {
    if (update.version < this.#version) return;
    this.#begin(update);
    this.#board.show(update.board);
    this.#root.classList.toggle("small-over", update.over);
    this.#board.points?.(update.board).forEach((points, team) => {
      fill(this.#sides[team], "points", points);
    });
    this.#sides.forEach((side, team) => {
      side.classList.toggle("on-move", update.to_move.some((seat) => seat % TEAMS === team));
    });
    fill(this.#root, "words", this.#words(update));
    this.#showDeadline(update);
    this.tick();
  }

  /** The match is not to be seen any more. */
  end() {
    this.#root.classList.add("small-over");
    this.#left = null;
    fill(this.#root, "words", say("small_over"));
    this.#root.querySelector("[data-deadline]").hidden = true;
  }

  /** Show the clocks as they are now. */
  tick() {
    if (!this.#left) return;
    this.#sides.forEach((side, team) => {
      const mover = this.#toMove.find((seat) => seat % TEAMS === team);
      const spent = mover === undefined ? 0 : performance.now() - this.#since;
      fill(side, "left", clockText(this.#left[mover ?? team] - spent)).hidden = false;
    });
  }

  #begin({ version, left, to_move: toMove }) {
    this.#version = version;
    this.#left = left;
    this.#toMove = toMove;
    this.#since = performance.now();
  }

  #showDeadline({ deadline, left }) {
    const time = this.#root.querySelector("[data-deadline]");
    time.hidden = !deadline || left !== null;
    if (!time.hidden) setDeadline(time, Date.parse(deadline));
    else time.removeAttribute("datetime");
  }

  #words({ over, to_move: toMove, winners, drawn, board }) {
    if (!over) return this.#board.words?.(board) ?? say("small_turn", { name: this.#at(toMove[0]) });
    const [one, other] = winners.map((seat) => this.#at(seat));
    if (other !== undefined) return say("small_won_two", { one, other });
    if (one !== undefined) return say("small_won_one", { name: one });
    return say(drawn ? "small_draw" : "small_over");
  }

  /** The name of the player in a seat. */
  #at(seat) {
    const people = this.#sides[seat % TEAMS].querySelectorAll("[data-player-name]");
    return people[Math.floor(seat / TEAMS)].textContent;
  }

  #names(team) {
    const people = [...this.#sides[team].querySelectorAll("[data-player-name]")];
    const [one, other] = people.map((person) => person.textContent);
    return other === undefined ? one : say("small_and", { one, other });
  }
}

/** What a player is, beside the name: the computer and how strong, or a program. */
function namePerson(person, { name, elo, bot, automatic }) {
  fill(person, "player-name", name);
  fill(person, "elo", elo ?? "");
  const tag = person.querySelector("[data-kind-of]");
  tag.hidden = !bot && !automatic;
  if (bot) tag.textContent = say("seat_bot", { strength: say(`strength_${bot}`) });
  else if (automatic) tag.textContent = say("small_program");
}
