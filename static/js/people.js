/** Who of the people on the page is here, and the list of friends, as they are right now. */

import { on, onReady, request } from "./connection.js";
import { renew } from "./page.js";
import { say } from "./words.js";

function show({ name, elo, online = true }) {
  for (const player of document.querySelectorAll(`[data-player="${CSS.escape(name)}"]`)) {
    const dot = player.querySelector(".dot");
    if (!dot) continue;
    const text = say(online ? "online" : "away");
    const words = player.querySelector("[data-presence]"); // instead of a label for the dot
    dot.classList.toggle("dot-on", online);
    if (words) words.textContent = text;
    else dot.setAttribute("aria-label", text);
    const rating = player.querySelector(".rating");
    if (rating && typeof elo === "number") rating.textContent = elo;
  }
}

/** Who is here. Where everybody is listed, whoever is not is away. */
function showAll({ online, total }) {
  if (online.length < total) {
    online.forEach(show);
    return;
  }
  const here = new Set(online.map(({ name }) => name));
  for (const { dataset } of document.querySelectorAll("[data-player]")) {
    if (!here.has(dataset.player)) show({ name: dataset.player, online: false });
  }
  online.forEach(show);
}

/** Another tab, or another client of this user, may have changed the list. */
function takeFriends({ friends, elos, online }) {
  const list = document.getElementById("friends");
  if (!list) return;
  const total = Number(list.querySelector("[data-total]")?.dataset.total ?? 0);
  const listed = [...list.querySelectorAll("[data-player]")].map(({ dataset }) => dataset.player);
  const known = new Set(friends);
  if (total !== friends.length || !listed.every((name) => known.has(name))) {
    renew(location.href, ["friends"]);
  } else {
    friends.forEach((name, index) => show({ name, elo: elos[index], online: online[index] }));
  }
}

on("lobby_state", showAll);
on("presence_update", show);
on("presence_updates", ({ people }) => people.forEach(show));
on("friends_update", takeFriends);
const ask = () => request("lobby").catch(() => {}); // out of reach: the next connection asks again
on("presence_reset", ask);
onReady(ask);
