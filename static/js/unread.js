/** The mark at "Messages", on every page: how much there is that the user has not read. */

import { on, onReady, request } from "./connection.js";
import { tell, untell } from "./tell.js";
import { say } from "./words.js";

const MOST = 99;

/** Show a number in a badge: for the eye, and in words; none at 0. */
export function showCount(badge, count) {
  badge.hidden = count === 0;
  const [number, words] = badge.children;
  number.textContent = count > MOST ? `${MOST}+` : count;
  words.textContent = say(count === 1 ? "unread_one" : "unread_many", { count });
}

const TALK = "with:"; // and a name: how a private talk is called

function hrefOf(room) {
  return `/messages/${encodeURIComponent(room.slice(TALK.length))}`;
}

function takeLine({ room, name }) {
  if (!room.startsWith(TALK) || name === document.body.dataset.user) return;
  tell("message", { href: hrefOf(room), title: say("tell_message", { name }) });
}

function takeCount({ room, count }) {
  if (count === 0 && room.startsWith(TALK)) untell(hrefOf(room)); // read, perhaps elsewhere
}

/** Keep the mark right from now on; on pages for those who are signed in. */
export function followUnread() {
  const badge = document.getElementById("unread");
  if (!badge) return;
  const ask = () => {
    request("chat_unread")
      .then(({ total }) => showCount(badge, total))
      .catch(() => {}); // out of reach: the next connection asks again
  };
  on("unread", (unread) => {
    showCount(badge, unread.total);
    takeCount(unread);
  });
  on("chat_message", takeLine);
  on("blocks_update", ask);
  onReady(ask);
}
