/** A deal step by step: the position after so many calls and cards. Pure, as app/web/bridge/replay.py. */

const RANKS = ["2", "3", "4", "5", "6", "7", "8", "9", "10", "J", "Q", "K", "A"];
const SUITS = "CDHS";

/** The ranks of a hand's cards in one suit, the highest first, or a dash. */
export function ranksOf(cards, letter) {
  const suit = SUITS.indexOf(letter);
  const held = cards.filter((card) => Math.floor(card / 13) === suit).sort((a, b) => b - a);
  return held.map((card) => RANKS[card % 13]).join(" ") || "–";
}

/** The table after `ply` steps: `{hands, calls, trick: [step, …], tricks: {NS, EW}}`. */
export function positionAt(deal, steps, ply) {
  const done = steps.slice(0, ply);
  const cards = done.filter(({ kind }) => kind === "card");
  const gone = new Set(cards.map(({ card }) => card));
  const tricks = { NS: 0, EW: 0 };
  for (const { won } of cards) if (won) tricks["NS".includes(won) ? "NS" : "EW"] += 1;
  const led = cards.findLastIndex((step) => step.led);
  return {
    hands: Object.fromEntries(
      Object.entries(deal).map(([side, held]) => [side, held.filter((card) => !gone.has(card))]),
    ),
    calls: done.length - cards.length,
    trick: led < 0 ? [] : cards.slice(led),
    tricks,
  };
}
