/** In the settings: sounds and notifications of this browser. */

import { hasSounds, sound } from "./sounds.js";
import { choose, hasNotices, isChosen } from "./tell.js";
import { say } from "./words.js";

const sounds = document.getElementById("tell-sounds");
const tryIt = document.getElementById("tell-try");
const notices = document.getElementById("tell-notices");
const state = document.getElementById("tell-notices-state");

function startSounds() {
  if (!hasSounds()) {
    document.getElementById("tell-sounds-hint").textContent = say("sounds_none");
    return;
  }
  sounds.disabled = tryIt.disabled = false;
  sounds.checked = isChosen("sounds");
  sounds.addEventListener("change", () => {
    choose("sounds", sounds.checked);
    if (sounds.checked) sound("turn");
  });
  tryIt.addEventListener("click", () => sound("turn"));
}

function areOn() {
  return isChosen("notices") && Notification.permission === "granted";
}

function stateOf() {
  if (!hasNotices()) return "none";
  if (Notification.permission === "denied") return "denied";
  return areOn() ? "on" : "off";
}

function showNotices() {
  const now = stateOf();
  state.textContent = say(`notices_${now}`);
  notices.disabled = now === "none" || now === "denied";
  notices.textContent = now === "on" ? notices.dataset.off : notices.dataset.on;
  notices.setAttribute("aria-describedby", state.id);
}

async function change() {
  const on = !areOn();
  if (on && Notification.permission !== "granted") await Notification.requestPermission();
  choose("notices", on && Notification.permission === "granted");
  showNotices();
}

startSounds();
showNotices();
notices.addEventListener("click", change);
