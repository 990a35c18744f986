/** Who looks on at the match of the page: how many they are, and whither they go when it is over. */

import { on } from "./connection.js";
import { say } from "./words.js";

const PAUSE_MS = 1200; // to read where one is taken

function show(count) {
  const place = document.getElementById("watchers");
  place.hidden = count === 0;
  place.querySelector("[data-watchers]").textContent = count;
  place.querySelector(".unseen").textContent =
    say(count === 1 ? "watching_one" : "watching_many", { count });
}

/** Keep right how many watch. */
export function followWatchers(id) {
  on("watchers", (news) => news.id === id && show(news.count));
}

/** Take a spectator along to the rematch, saying so. */
export function goAlong(url, tell) {
  tell(say("to_rematch"));
  setTimeout(() => location.assign(url), PAUSE_MS);
}
