/** The site as an app: its service worker, the button that installs it, and news of a newer house. */

import { onReady } from "./connection.js";
import { toast } from "./toast.js";
import { say } from "./words.js";

const { live, worker } = document.body.dataset;
const own = new URL(import.meta.url).pathname.split("/").at(-3); // …/static/<version>/js/app.js

let offer = null; // the browser's, to install the site
let isOld = false; // this page is of an older version than the house

function showOffer() {
  for (const each of document.querySelectorAll("[data-install]")) each.hidden = offer === null;
}

function followOffer() {
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault(); // not now: when the reader asks for it
    offer = event;
    showOffer();
  });
  addEventListener("appinstalled", () => {
    offer = null;
    showOffer();
    const state = document.getElementById("app-state");
    if (state) state.textContent = say("installed");
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-install]")) return;
    offer?.prompt();
    offer = null; // good for one time
    showOffer();
  });
}

function isWriting() {
  const fields = document.querySelectorAll("input[type=text], input:not([type]), textarea");
  return [...fields].some((field) => field.value !== field.defaultValue);
}

/** After an outage the house may be another: its pages then bring other scripts than run here. */
async function compare() {
  const answer = await fetch("/version", { cache: "no-store" }).catch(() => null);
  if (!answer?.ok) return; // the next connection asks again
  const { version } = await answer.json();
  if (version === own || isOld) return;
  isOld = true;
  // Without the fragment, which would only lead to another place of this same page.
  toast("renewed", say("renewed"), location.pathname + location.search, say("load_anew"));
  // Whoever comes back to the page has begun nothing on it yet.
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && !isWriting()) location.reload();
  });
}

function followVersion() {
  let isFirst = true;
  onReady(() => {
    if (!isFirst) compare();
    isFirst = false;
  });
}

followOffer();
if (live === "1") followVersion();
else navigator.clearAppBadge?.().catch(() => {}); // of whoever was signed in here before
if (worker && "serviceWorker" in navigator) {
  // Once the page is there: nobody waits for what is kept for later.
  addEventListener("load", () => navigator.serviceWorker.register(worker).catch(() => {}));
}
