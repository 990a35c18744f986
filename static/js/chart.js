// A player's rating as a line. The numbers come from the table beside it, which is all there
// is for whoever has no script.

import uPlot from "../vendor/uPlot.esm.js";
import { LOCALE } from "./words.js";

const HEIGHT = 220;
const box = document.getElementById("chart");
const rows = [...document.querySelectorAll("#history tbody tr")];
const values = rows.map((row) => Number(row.cells[1].textContent));
const times = rows.map((row) => Date.parse(row.querySelector("time").dateTime) / 1000);

const moment = new Intl.DateTimeFormat(LOCALE, { dateStyle: "medium", timeStyle: "short" });
const hour = new Intl.DateTimeFormat(LOCALE, { timeStyle: "short", hourCycle: "h23" });
const second = new Intl.DateTimeFormat(LOCALE, { timeStyle: "medium", hourCycle: "h23" });
const day = new Intl.DateTimeFormat(LOCALE, { day: "numeric", month: "short" });
const month = new Intl.DateTimeFormat(LOCALE, { month: "short", year: "numeric" });
const DAY = 24 * 60 * 60;
let chart = null;

/** A colour of the theme as `rgb(…)`: a canvas knows no custom properties. Asked of an element that
 * is new each time, for on one that changes a transition begins, with the colour before. */
function colour(name) {
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

// Room above and below the line, in whole tens, so that a flat line lies in the middle.
function range(_chart, low, high) {
  const room = Math.max(10, (high - low) * 0.12);
  return [Math.floor((low - room) / 10) * 10, Math.ceil((high + room) / 10) * 10];
}

// All at the same second lie in the middle of an hour.
function span(_chart, first, last) {
  return last > first ? [first, last] : [first - 1800, last + 1800];
}

function draw() {
  chart?.destroy();
  const axis = {
    stroke: colour("muted"),
    font: `12px ${getComputedStyle(document.body).fontFamily}`,
    grid: { stroke: colour("line"), width: 1 },
    ticks: { show: false },
  };
  const bottom = { ...axis, grid: { show: false }, size: 28, space: 70, values: dates };
  const plain = (_chart, ticks) => ticks.map(String);
  chart = new uPlot(
    {
      width: box.clientWidth,
      height: HEIGHT,
      padding: [10, 32, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 9, fill: colour("accent") } },
      scales: { x: { range: span }, y: { range } },
      axes: [bottom, { ...axis, size: 48, values: plain, incrs: [5, 10, 20, 50, 100, 200, 500] }],
      series: [
        {},
        {
          stroke: colour("accent"),
          width: 2,
          fill: colour("accent").replace(")", ", 0.1)"),
          points: { show: values.length < 40, size: 6, fill: colour("surface") },
        },
      ],
      hooks: { setCursor: [tell] },
    },
    [times, values],
    box,
  );
}

const note = document.createElement("p");
note.className = "chart-note";

function tell({ cursor }) {
  const at = cursor.idx;
  note.textContent = at == null ? "" : `${values[at]} · ${moment.format(times[at] * 1000)}`;
}

if (rows.length > 1) {
  draw();
  box.after(note);
  let width = box.clientWidth;
  new ResizeObserver(() => {
    if (box.clientWidth === width) return;
    width = box.clientWidth;
    chart.setSize({ width, height: HEIGHT });
  }).observe(box);
  document.documentElement.addEventListener("themechange", draw);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
}
