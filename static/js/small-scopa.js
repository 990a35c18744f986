/** The small board of scopa, as templates/play/_small_scopa.html drew it: the cards on the table. */

import { say } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";
const SUITS = ["coins", "cups", "clubs", "swords"];
const SIZES = [4, 8, 15]; // how many cards there is room for

export class SmallScopa {
  #picture;
  #lying;

  constructor(card) {
    this.#picture = card.querySelector("[data-picture]");
    this.#lying = this.#picture.querySelector("[data-lying]");
  }

  show(board) {
    const sprite = this.#picture.dataset.cards;
    const faces = board.table.map(({ suit, value }) => `${sprite}#${SUITS[suit]}-${value}`);
    this.#picture.dataset.many = SIZES.find((size) => size >= faces.length) ?? SIZES.at(-1);
    while (this.#lying.children.length > faces.length) this.#lying.lastElementChild.remove();
    while (this.#lying.children.length < faces.length) this.#lying.append(blank());
    faces.forEach((face, index) => {
      const use = this.#lying.children[index].querySelector("use");
      if (use.getAttribute("href") !== face) use.setAttribute("href", face);
    });
    this.#picture.querySelector("[data-deck]").textContent = board.deck;
    const values = { table: faces.length, deck: board.deck };
    this.#picture.setAttribute("aria-label", say("small_scopa", values));
  }

  /** Points by team. */
  points({ totals }) {
    return totals;
  }
}

function blank() {
  const card = document.createElement("span");
  card.className = "playing-card";
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 100 160");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  svg.append(document.createElementNS(SVG, "use"));
  card.append(svg);
  return card;
}
