/** Who plays in a match, whatever the game: from the `match_state` of a `match_update`. */

/** Their names in the order of the seats; none of a state that is not there. */
export function playersOf(state) {
  if (!state) return [];
  return state.seats?.map(({ name }) => name) ?? [state.player_a, state.player_b];
}

/** Everybody but that user. */
export function othersOf(state, user) {
  return playersOf(state).filter((name) => name !== user);
}
