// What the site's plots share: colours of the theme, axes, and keeping to the space there is.

import uPlot from "../vendor/uPlot.esm.js";
import { LOCALE } from "./words.js";

export { uPlot };

const DAY = 24 * 60 * 60;
const hour = new Intl.DateTimeFormat(LOCALE, { timeStyle: "short", hourCycle: "h23" });
const second = new Intl.DateTimeFormat(LOCALE, { timeStyle: "medium", hourCycle: "h23" });
const day = new Intl.DateTimeFormat(LOCALE, { day: "numeric", month: "short" });
const month = new Intl.DateTimeFormat(LOCALE, { month: "short", year: "numeric" });

/** A moment in full. */
export const moment = new Intl.DateTimeFormat(LOCALE, { dateStyle: "medium", timeStyle: "short" });

/** A colour of the theme as `rgb(…)`: a canvas knows no custom properties. Asked of an element that
 * is new each time, for on one that changes a transition begins, with the colour before. */
export function colour(box, name) {
  const asked = document.createElement("span");
  asked.style.color = `var(--${name})`;
  box.append(asked);
  const { color } = getComputedStyle(asked);
  asked.remove();
  return color;
}

/** Points in time along the axis, told as exactly as they lie apart (seconds). */
function dates(_chart, ticks, _axis, _space, apart) {
  const [, format] = [
    [60, second], [DAY, hour], [28 * DAY, day], [Infinity, month],
  ].find(([most]) => apart < most);
  return ticks.map((tick) => format.format(tick * 1000));
}

/** The two axes of a plot in `box`: time, and numbers; `numbers` says what differs of the latter. */
export function axes(box, numbers) {
  const axis = {
    stroke: colour(box, "muted"),
    font: `12px ${getComputedStyle(document.body).fontFamily}`,
    grid: { stroke: colour(box, "line"), width: 1 },
    ticks: { show: false },
  };
  const time = { ...axis, grid: { show: false }, size: 28, space: 70, values: dates };
  return [time, { ...axis, size: 48, ...numbers }];
}

/** Draw now and whenever the theme changes, and keep to the width of `box`. `draw()` makes the
 * plot anew and returns it. */
export function keepDrawn(box, height, draw) {
  let chart = draw();
  let width = box.clientWidth;
  const again = () => {
    chart.destroy();
    chart = draw();
  };
  new ResizeObserver(() => {
    if (box.clientWidth === width) return;
    width = box.clientWidth;
    chart.setSize({ width, height });
  }).observe(box);
  document.documentElement.addEventListener("themechange", again);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
  return again;
}
