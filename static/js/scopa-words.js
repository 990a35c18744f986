/** Cards and plays of scopa in words, as app/web/scopa_tale.py says them too. */

import { isDealOver, isSeen } from "./scopa.js";
import { say } from "./words.js";

/** "seven of coins". */
export function cardWords(card) {
  if (!isSeen(card)) return say("card_hidden");
  const name = say("card", {
    value: say(`value_${card.value}`), suit: say(`suit_${card.suit}`),
  });
  if (!card.new_value) return name;
  return say("card_stands", { card: name, value: say(`value_${card.new_value}`) });
}

/** "two of cups, ace of swords and seven of coins". */
export function cardsWords(cards) {
  return listed(cards.map(cardWords));
}

/** "ann, ben and carl". */
export function listed(words) {
  if (words.length < 2) return words.join("");
  return say("list_and", { list: words.slice(0, -1).join(", "), last: words.at(-1) });
}

/** A team by its players' names. */
export function sideWords(state, team) {
  return listed(state.names.filter((_, seat) => seat % 2 === team));
}

/** Whose turn it is. */
export function turnWords(state) {
  if (state.over) return "";
  if (isDealOver(state)) return say("deal_over");
  if (state.to_move === state.seat) return say("yours_card");
  return say("theirs_card", { name: state.names[state.to_move] });
}

/** One piece of `news` in a sentence. */
export function newsWords(state, news) {
  const name = state.names[news.seat] ?? "";
  if (news.kind === "begins") return say("begins", { deal: news.deal, name });
  if (news.kind === "declared") return say(`declared_${news.what}`, { name });
  if (news.kind === "misdealt") return say("misdealt");
  return playWords(state, news, name);
}

function playWords(state, { kind, seat, card, taken, scopa }, name) {
  const text = say(`${kind}_${seat === state.seat ? "you" : "by"}`, {
    name,
    card: card ? cardWords(card) : "",
    taken: cardsWords(taken),
  });
  return scopa && kind === "took" ? say("scopa_by", { text }) : text;
}

/** What a reader is told aloud of several pieces of news: a card that takes at once, only once. */
export function toldWords(state, told) {
  const short = told.filter(({ kind, card }, index) =>
    kind !== "laid" || told[index + 1]?.kind !== "took" || told[index + 1].card !== card);
  return short.map((news) => newsWords(state, news));
}

/** What was played last, in a sentence; "" if nothing was. */
export function lastWords(state) {
  return state.last ? newsWords(state, state.last) : "";
}

/** What a screen reader says of a card in the reader's hand, `takes` being what it could take. */
export function handWords(state, card, takes) {
  const values = { card: cardWords(card) };
  if (takes.length > 1) return say("card_choice", values);
  if (!takes.length) return say("card_lays", values);
  return say("card_takes", { ...values, taken: cardsWords(onTable(state, takes[0])) });
}

/** The cards on the table at these places of the deck. */
export function onTable(state, places) {
  return places.map((place) => state.table.find((card) => card?.place === place));
}
