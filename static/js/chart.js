// A player's rating as a line. The numbers come from the table beside it, which is all there
// is for whoever has no script.

import uPlot from "../vendor/uPlot.esm.js";

const HEIGHT = 220;
const box = document.getElementById("chart");
const rows = [...document.querySelectorAll("#history tbody tr")];
const values = rows.map((row) => Number(row.cells[1].textContent));
const times = rows.map((row) => new Date(row.querySelector("time").dateTime));
const matches = rows.map((_, index) => index + 1);

const day = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium" });
let chart = null;

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

// Room above and below the line, in whole tens, so that a flat line lies in the middle.
function range(_chart, low, high) {
  const room = Math.max(10, (high - low) * 0.12);
  return [Math.floor((low - room) / 10) * 10, Math.ceil((high + room) / 10) * 10];
}

function draw() {
  chart?.destroy();
  const axis = {
    stroke: colour("muted"),
    font: `12px ${getComputedStyle(document.body).fontFamily}`,
    grid: { stroke: colour("line"), width: 1 },
    ticks: { show: false },
  };
  const few = { ...axis, grid: { show: false }, size: 28, space: 60, incrs: [1, 2, 5, 10, 20, 50, 100] };
  chart = new uPlot(
    {
      width: box.clientWidth,
      height: HEIGHT,
      padding: [10, 8, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 9, fill: colour("accent") } },
      scales: { x: { time: false }, y: { range } },
      axes: [few, { ...axis, size: 48, incrs: [5, 10, 20, 50, 100, 200, 500] }],
      series: [
        {},
        {
          stroke: colour("accent"),
          width: 2,
          fill: `${colour("accent")}18`,
          points: { show: values.length < 40, size: 6, fill: colour("surface") },
        },
      ],
      hooks: { setCursor: [tell] },
    },
    [matches, values],
    box,
  );
}

const note = document.createElement("p");
note.className = "chart-note";

function tell({ cursor }) {
  const at = cursor.idx;
  note.textContent = at == null ? "" : `${values[at]} · ${day.format(times[at])}`;
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
