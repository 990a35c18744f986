/** Who plays in a match, whatever the game: from the `match_state` of a `match_update`. */

const SIDES = ["N", "E", "S", "W"]; // seats at a bridge table

/** Whether a match is one of those that are played at one table, one after another: it names it. */
export function isAtTable(state) {
  return typeof state?.table === "string"; // in scopa the cards on the table
}

/** Their names in the order of the seats; none of a state that is not there. */
export function playersOf(state) {
  if (!state) return [];
  if (isAtTable(state)) return SIDES.map((side) => state.players[side].name);
  return state.seats?.map(({ name }) => name) ?? [state.player_a, state.player_b];
}

/** The names of those whom a match waits for, in the order of the seats. */
export function waitedFor(state) {
  if (!isAtTable(state)) return state.current_player ? [state.current_player] : [];
  const waiting = (state.claim ?? state.undo)?.waiting ?? [state.actor];
  return SIDES.filter((side) => waiting.includes(side)).map((side) => state.players[side].name);
}

/** Everybody but that user. */
export function othersOf(state, user) {
  return playersOf(state).filter((name) => name !== user);
}
