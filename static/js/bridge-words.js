/** Calls, cards, contracts and what happens at a table of bridge, in words (app/web/bridge/tale.py). */

import { declarersTricks, isPlain, rankOf, suitOf } from "./bridge.js";
import { say, sayMany } from "./words.js";

export function sideWords(side) {
  return say(`b_side_${side}`);
}

export function cardWords(card) {
  return say("b_card", { rank: say(`b_rank_${rankOf(card)}`), suit: say(`b_suit_${suitOf(card)}`) });
}

export function callWords(bid) {
  if (isPlain(bid)) return say(`b_${bid}`);
  const [level, strain] = bid;
  return level === "1" ? say(`b_one_${strain}`) : say("b_more", { level, strain: say(`b_suit_${strain}`) });
}

export function contractWords(contract, declarer) {
  if (contract === "pass" || !declarer) return say("b_passed_out");
  const doubled = contract.slice(2);
  const values = { bid: callWords(contract.slice(0, 2)), side: sideWords(declarer) };
  return say(doubled ? `b_contract_${doubled}` : "b_contract", values);
}

/** How a contract fares with so many tricks to declarer. */
function tricksWords(contract, tricks) {
  const over = tricks - Number(contract[0]) - 6;
  if (over === 0) return say("b_made");
  return sayMany(over > 0 ? "b_over" : "b_down", Math.abs(over));
}

/** What a claim of so many tricks for the pair of `side` makes of the contract. */
export function claimResult(view, side, tricks) {
  return tricksWords(view.contract, declarersTricks(view, side, tricks));
}

export function claimWords(view, names) {
  const { side, tricks } = view.claim;
  return sayMany("b_claims", tricks, { name: names[side], result: claimResult(view, side, tricks) });
}

/** What is open and must be answered. */
export function askedWords(view, names) {
  if (view.claim) return claimWords(view, names);
  return view.undo ? say("b_asked_back", { name: names[view.undo.side] }) : "";
}

export function handWords(view, side, names, me) {
  if (side === me) return say("b_hand_own");
  const name = names[side];
  if (side === view.dummy) return say("b_hand_dummy", { name });
  if (view.hands[side] === null) return sayMany("b_hand_hidden", view.counts[side], { name });
  return say("b_hand_of", { name });
}

/** What the table waits for. */
export function turnWords(view, names, me) {
  if (view.claim) return answerWords("claim", view.claim, names, me);
  if (view.undo) return answerWords("undo", view.undo, names, me);
  const { to_move: mover, actor } = view;
  if (!mover) return "";
  if (view.phase === "auction") return whose("call", actor, names, me);
  const lead = !view.trick.length;
  if (mover === actor) return whose(lead ? "lead" : "card", actor, names, me);
  if (actor !== me) return say("b_their_dummy", { name: names[actor] });
  return say(lead ? "b_your_dummy_lead" : "b_your_dummy");
}

function whose(what, actor, names, me) {
  return actor === me ? say(`b_your_${what}`) : say(`b_their_${what}`, { name: names[actor] });
}

function answerWords(kind, { side, waiting }, names, me) {
  const name = names[side];
  if (waiting.includes(me)) return say(`b_asked_${kind}`, { name });
  const list = listed(waiting.map((each) => names[each]), kind === "claim" ? "b_and" : "b_or");
  return side === me ? say(`b_wait_own_${kind}`, { names: list }) : say(`b_wait_${kind}`, { names: list, name });
}

function listed(names, joint) {
  const last = names.at(-1);
  return names.length < 2 ? last : say(joint, { list: names.slice(0, -1).join(", "), last });
}

const TOLD = {
  call: ({ call }, view, names) => callTold(call, names),
  contract: (_, view) => say("b_contract_is", { contract: contractWords(view.contract, view.declarer) }),
  card: ({ side, card, lead }, view, names) =>
    say(lead ? "b_did_lead" : "b_did_play", { name: names[side], card: cardWords(card) }),
  trick: ({ winner }) => say("b_trick_to", { side: sideWords(winner) }),
  claim: (_, view, names) => claimWords(view, names),
  declined: () => say("b_declined"),
  undo: (_, view, names) => askedWords(view, names),
  undone: () => say("b_undone"),
  undo_declined: () => say("b_undo_declined"),
};

function callTold({ side, bid, alert }, names) {
  const name = names[side];
  const text = isPlain(bid) ? say(`b_did_${bid}`, { name })
    : say("b_did_bid", { name, call: callWords(bid) });
  return alert ? say("b_alerted", { text, alert }) : text;
}

/** Sentences for news (`newsOf`). */
export function toldWords(news, view, names) {
  return news.map((each) => TOLD[each.kind](each, view, names));
}

export function dealtWords({ board, dealer, vuln }) {
  return say("b_dealt", {
    board, dealer: say("b_dealer", { side: sideWords(dealer) }), vul: say(`b_vul_${vuln}`),
  });
}
