/** A board's page, or a session's: its link can be passed on. */

import { onShare } from "./share.js";

onShare((text) => {
  document.getElementById("message").textContent = text;
});
