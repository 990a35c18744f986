/**
 * The small board of the start page: a match that is being played right now, seen by anyone.
 * `<… data-watch="match id">` holds a board and, optionally, `[data-watch-turn]` for whose turn.
 */

import { Board } from "./board.js";
import { on, onReady, request } from "./connection.js";

const place = document.querySelector("[data-watch]");
if (place?.dataset.watch) {
  const id = place.dataset.watch;
  const board = new Board(place.querySelector("[data-board]"));
  let version = -1;
  on("match_update", (update) => {
    if (update.id !== id || !update.match_state || update.version < version) return;
    version = update.version;
    board.show(update.match_state);
  });
  onReady(() => request("watch", { id }).catch(() => {})); // gone: the board stays as it is
}
