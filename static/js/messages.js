/** The list of talks, kept as it is right now. */

import { on, onReady } from "./connection.js";
import { debounce, renew } from "./page.js";

const show = debounce(() => renew(location.pathname, ["talks"]), 120);

on("unread", show);
on("chat_message", ({ room }) => room.startsWith("with:") && show());
on("chat_hidden", show);
on("blocks_update", show);
let connected = false;
onReady(() => {
  if (connected) show(); // what was said in between left no message here
  connected = true;
});
