/**
 * Telling the user that something waits for them, wherever they look: a soft sound, and while no
 * page of the house is in sight a notification of the browser. Each is off until it is chosen in
 * the settings (tell-settings.js), in this browser alone. However many pages are open, one tells.
 */

import { maySound, sound, TUNE_MS } from "./sounds.js";

const CHOICE = "parlour.tell."; // and "sounds" or "notices": "on"
const TOLD = "parlour.told"; // what has just been told, and when
const HELD_BACK = "parlour.sound"; // of this tab: the sound that is being made, and when it began

const ONE_MS = 1500; // news of the same thing so soon after is the same news
const OTHERS_MS = 60; // pages out of sight leave it to one in sight to sound
const IN_SIGHT = "parlour.in-sight"; // the lock that every page in sight has a share in

const shown = new Map(); // address -> the notification, where no service worker shows them

export function isChosen(what) {
  return localStorage.getItem(CHOICE + what) === "on";
}

export function choose(what, on) {
  if (on) localStorage.setItem(CHOICE + what, "on");
  else localStorage.removeItem(CHOICE + what);
}

/** Whether this browser shows notifications for such pages at all. */
export function hasNotices() {
  return "Notification" in window && isSecureContext;
}

// ---- one of many pages ---------------------------------------------------------

/** Whether nobody has told that news just now, as far as is known here; from now on it is told. */
function note(news) {
  const now = Date.now();
  const told = Object.entries(JSON.parse(localStorage.getItem(TOLD) ?? "{}"));
  const fresh = told.filter(([, at]) => at <= now && now < at + ONE_MS);
  if (fresh.some(([each]) => each === news)) return false;
  localStorage.setItem(TOLD, JSON.stringify(Object.fromEntries([...fresh, [news, now]])));
  return true;
}

/**
 * Whether this page is the first to ask about that news: the one that is to tell it. Of pages that
 * ask at the same moment the lock lets one through, since what one stores the others see later.
 */
function isFirst(news) {
  if (!navigator.locks) return note(news);
  return new Promise((answer, fail) => {
    const ask = (lock) => {
      answer(lock !== null && note(news));
      return lock && new Promise((done) => setTimeout(done, ONE_MS));
    };
    navigator.locks.request(`parlour.told ${news}`, { ifAvailable: true }, ask).catch(fail);
  });
}

/** Have a share in the lock for as long as this page is in sight. */
function followSight() {
  const leave = new Set();
  const settle = () => {
    for (const each of leave) each();
    leave.clear();
    if (document.hidden) return;
    navigator.locks.request(IN_SIGHT, { mode: "shared" }, () => {
      return document.hidden ? null : new Promise((done) => leave.add(done));
    });
  };
  settle();
  document.addEventListener("visibilitychange", settle);
}

async function isAnyInSight() {
  if (!document.hidden || !navigator.locks) return !document.hidden;
  const { held } = await navigator.locks.query();
  return held.some(({ name }) => name === IN_SIGHT);
}

// ---- sounds ----------------------------------------------------------------------

async function ring(kind, href) {
  if (!isChosen("sounds") || !maySound()) return;
  if (document.hidden) await new Promise((done) => setTimeout(done, OTHERS_MS));
  if (!(await isFirst(`sound ${href}`))) return;
  const seen = kind === "message" && isAt(href) && !document.hidden;
  if (!seen) await play(kind);
}

/** A page that is left takes its sound with it: the next one in this tab plays it instead. */
async function play(kind) {
  sessionStorage.setItem(HELD_BACK, JSON.stringify([kind, Date.now()]));
  await sound(kind);
  setTimeout(() => sessionStorage.removeItem(HELD_BACK), TUNE_MS / 2);
}

function playOn() {
  const [kind, at] = JSON.parse(sessionStorage.getItem(HELD_BACK) ?? "[]");
  sessionStorage.removeItem(HELD_BACK);
  if (kind && Date.now() < at + ONE_MS && isChosen("sounds")) sound(kind).catch(() => {});
}

// ---- notifications ---------------------------------------------------------------

function isAt(href) {
  return location.pathname === href;
}

async function notify(href, title, body) {
  if (!hasNotices() || !isChosen("notices") || Notification.permission !== "granted") return;
  if ((await isAnyInSight()) || !(await isFirst(`notice ${href}`))) return;
  const { icon } = document.body.dataset;
  const options = { body, icon, tag: href, renotify: true, data: { href } };
  const registration = await navigator.serviceWorker?.getRegistration();
  if (registration?.active) {
    await registration.showNotification(title, options);
    return;
  }
  const notice = new Notification(title, options);
  shown.set(href, notice);
  notice.addEventListener("click", () => {
    window.focus();
    location.assign(href);
  });
}

/**
 * Tell the user of something that waits for them at `href`, a path of this site.
 * `kind`: "turn", "match", "challenge" or "message", which sound differently.
 */
export function tell(kind, { href, title, body = "" }) {
  ring(kind, href).catch(() => {}); // refused by the browser: there is no sound then
  notify(href, title, body).catch(() => {}); // nor a notification
}

/** What waited there waits no longer, or has been seen. */
export async function untell(href) {
  if (!hasNotices() || Notification.permission !== "granted") return;
  shown.get(href)?.close();
  shown.delete(href);
  const registration = await navigator.serviceWorker?.getRegistration();
  const notices = (await registration?.getNotifications({ tag: href })) ?? [];
  for (const notice of notices) notice.close();
}

/** The number of matches that wait, on the installed app's icon; none at 0. */
export function showOnIcon(count) {
  navigator.setAppBadge?.(count).catch(() => {}); // not installed
}

/** Begin; on pages for those who are signed in. */
export function followTelling() {
  if (navigator.locks) followSight();
  playOn();
  const seen = () => document.hidden || untell(location.pathname);
  seen();
  document.addEventListener("visibilitychange", seen);
}
