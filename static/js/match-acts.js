/**
 * What can be done beside a match, whatever the game: leaving it, a rematch, making friends,
 * passing its link on; and being taken along to the rematch.
 */

import { on, request } from "./connection.js";
import { onLeave } from "./leave.js";
import { renew } from "./page.js";
import { onShare } from "./share.js";
import { followWatchers, goAlong } from "./watch-match.js";
import { explain, say } from "./words.js";

/**
 * `match`: its `id`, the reader's `seat`, its `code` if it is private. `tell(text)` says something
 * under the table, `ended` are the ids of what the server says anew when a rematch begins, and
 * `mayGo()` is whether a spectator may be taken along to it.
 */
export function onActs(match, { tell, ended, mayGo }) {
  function matchUrl(id) {
    const url = new URL(document.getElementById("table").dataset.matchUrl, location.href);
    url.pathname = url.pathname.replace("ID", id);
    if (match.code && match.seat === null) url.searchParams.set("code", match.code);
    return url.href;
  }

  const acts = {
    async rematch() {
      const answer = await request("rematch", { id: match.id });
      location.assign(matchUrl(answer.match));
    },
    async friend(form) {
      const name = form.elements.player.value;
      await request("friend_request", { user: name });
      await renew(location.pathname, ["actions"]);
      tell(say("befriended", { name }));
    },
    async end() {
      await request("end_match", { id: match.id });
      document.getElementById("leaving")?.close();
    },
  };

  document.addEventListener("submit", async (event) => {
    const act = acts[event.target.dataset.act];
    if (!act) return;
    event.preventDefault();
    try {
      await act(event.target);
    } catch (error) {
      document.getElementById("leaving")?.close();
      tell(explain(error));
    }
  });

  onLeave();
  onShare(tell, match.code);
  followWatchers(match.id);
  on("rematch", ({ id, match: next }) => {
    if (id !== match.id) return;
    renew(location.pathname, ended);
    if (match.seat === null && mayGo()) goAlong(matchUrl(next), tell);
  });
}
