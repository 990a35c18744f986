// A player's rating as a line. The numbers come from the table beside it, which is all there
// is for whoever has no script.

import { axes, colour, keepDrawn, moment, uPlot } from "./plot.js";

const HEIGHT = 220;
const box = document.getElementById("chart");
const rows = [...document.querySelectorAll("#history tbody tr")];
const values = rows.map((row) => Number(row.cells[1].textContent));
const times = rows.map((row) => Date.parse(row.querySelector("time").dateTime) / 1000);

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
  const plain = (_chart, ticks) => ticks.map(String);
  return new uPlot(
    {
      width: box.clientWidth,
      height: HEIGHT,
      padding: [10, 32, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 9, fill: colour(box, "accent") } },
      scales: { x: { range: span }, y: { range } },
      axes: axes(box, { values: plain, incrs: [5, 10, 20, 50, 100, 200, 500] }),
      series: [
        {},
        {
          stroke: colour(box, "accent"),
          width: 2,
          fill: colour(box, "accent").replace(")", ", 0.1)"),
          points: { show: values.length < 40, size: 6, fill: colour(box, "surface") },
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
  keepDrawn(box, HEIGHT, draw);
  box.after(note);
}
