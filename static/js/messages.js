/** The list of talks, kept as it is right now. */

import { on, onReady } from "./connection.js";
import { debounce, renew } from "./page.js";

const page = new URLSearchParams(location.search).get("page");
const here = location.pathname + (page ? `?page=${encodeURIComponent(page)}` : "");
const show = debounce(() => renew(here, ["talks"]), 120);

on("unread", show);
on("chat_message", ({ room }) => room.startsWith("with:") && show());
on("chat_hidden", show);
on("blocks_update", show);
let connected = false;
onReady(() => {
  if (connected) show(); // what was said in between left no message here
  connected = true;
});
