/**
 * Time left until a deadline, in its two largest units, as app/web/words.py says it too.
 * Every `<time data-deadline="…">` of the page is kept right by itself.
 */

import { say } from "./words.js";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** "YYYY-MM-DD HH:MM:SS", which is UTC (the protocol's revoke_time) -> milliseconds. */
export function parseUtc(text) {
  return Date.parse(`${text.replace(" ", "T")}Z`);
}

/** {unit, values} for a number of seconds: what `say` needs to tell it. */
export function split(seconds) {
  const left = Math.max(0, Math.floor(seconds));
  const minutes = Math.floor((left % HOUR) / MINUTE);
  const hours = Math.floor((left % DAY) / HOUR);
  if (left >= DAY) return { unit: "days", values: { days: Math.floor(left / DAY), hours } };
  if (left >= HOUR) return { unit: "hours", values: { hours, minutes } };
  if (left >= MINUTE) return { unit: "minutes", values: { minutes } };
  return { unit: "seconds", values: { seconds: left } };
}

function show(time) {
  const { unit, values } = split((Date.parse(time.dataset.deadline) - Date.now()) / 1000);
  const text = say(unit, values);
  if (time.textContent !== text) time.textContent = text;
}

/** Point a `<time>` at another deadline (milliseconds). */
export function setDeadline(time, deadline) {
  const iso = new Date(deadline).toISOString();
  time.dataset.deadline = iso;
  time.dateTime = iso;
  show(time);
}

/** Keep all of them right; once a second is enough for the shortest unit. */
export function startClocks() {
  const tick = () => document.querySelectorAll("time[data-deadline]").forEach(show);
  tick();
  setInterval(tick, 1000);
}
