// How the worker has been doing, as lines. The numbers stand in the page, beside the table that is
// all there is for whoever has no script; admin.js fetches both anew.

import { pageData } from "./page.js";
import { axes, colour, keepDrawn, moment, uPlot } from "./plot.js";
import { LOCALE } from "./words.js";

const HEIGHT = 150;
const COLOURS = ["accent", "player-b"];
const DASHES = [undefined, [6, 4]]; // two lines differ for every kind of eye
const LEAST = 20; // points that the axis has room for, however few there are yet

const number = new Intl.NumberFormat(LOCALE, { maximumSignificantDigits: 3 });
const together = uPlot.sync("status");
const apart = Number(document.getElementById("status-now").dataset.renew); // seconds
let points = pageData("status-points");

/** What a line is called: as in the table. */
function named(series) {
  return document.querySelector(`#status-now [data-series="${series}"]`).textContent;
}

function span(_chart, first, last) {
  return [Math.min(first, last - LEAST * apart), last];
}

// From zero, and never flat on the ground.
function range(_chart, _low, high) {
  return [0, Math.max(1, (high ?? 0) * 1.1)];
}

class Plot {
  constructor(figure) {
    this.box = figure.querySelector(".plot-box");
    this.note = figure.querySelector(".plot-note");
    this.series = figure.dataset.plot.split(" ");
    this.again = keepDrawn(this.box, HEIGHT, () => this.draw());
    this.say(null);
  }

  draw() {
    const { box } = this;
    const line = (_, number) => ({
      stroke: colour(box, COLOURS[number]),
      dash: DASHES[number],
      width: 2,
      spanGaps: true,
      fill: number ? undefined : colour(box, COLOURS[number]).replace(")", ", 0.1)"),
      points: { show: points.at.length < 3, size: 6 },
    });
    const told = (_chart, ticks) => ticks.map((tick) => number.format(tick));
    return new uPlot(
      {
        width: box.clientWidth,
        height: HEIGHT,
        padding: [10, 16, 0, 0],
        legend: { show: false },
        cursor: { y: false, drag: { x: false, y: false }, sync: { key: together.key } },
        scales: { x: { range: span }, y: { range } },
        axes: axes(box, { values: told, space: 30 }),
        series: [{}, ...this.series.map(line)],
        hooks: { setCursor: [({ cursor }) => this.say(cursor.idx ?? null)] },
      },
      [points.at, ...this.series.map((name) => points[name])],
      box,
    );
  }

  /** Name the lines, with what they are at a point; at the last one, if none is pointed at. */
  say(at) {
    const where = at ?? points.at.length - 1;
    const parts = this.series.map((name, number_) => {
      const part = document.createElement("span");
      part.className = `plot-line plot-line-${number_}`;
      const value = points[name][where];
      part.textContent = `${named(name)}: ${value == null ? "–" : number.format(value)}`;
      return part;
    });
    if (at !== null) {
      const when = document.createElement("span");
      when.textContent = moment.format(points.at[at] * 1000);
      parts.push(when);
    }
    this.note.replaceChildren(...parts);
  }
}

const plots = points.at.length ? [...document.querySelectorAll("[data-plot]")].map((each) => new Plot(each)) : [];

new MutationObserver(() => {
  const fresh = pageData("status-points");
  if (!plots.length && fresh.at.length) location.reload();
  points = fresh;
  for (const plot of plots) {
    plot.again();
    plot.say(null);
  }
}).observe(document.getElementById("status-now").parentElement, { childList: true });
