/** What a deal came to: the table of it, with a button to go on (app/web/scopa_summary.py, too). */

import { say } from "./words.js";

const MOST = ["cards", "coins"]; // a point for whoever has more
const YES_OR_NO = ["seven_of_coins", "re_bello"];
const COUNTED = ["seven_of_coins", "scopa", "declared", "re_bello", "piccola", "grande"];
const ROWS = ["cards", "coins", "seven_of_coins", "primiera", ...COUNTED.slice(1)];

/** The rows of a deal's table: `{key, values, points}`, values as text and points by team. */
export function summaryRows(sides) {
  const points = {};
  for (const key of MOST) {
    const [one, other] = sides.map((side) => side[key]);
    points[key] = [Number(one > other), Number(other > one)];
  }
  for (const key of COUNTED) {
    if (key in sides[0]) points[key] = sides.map((side) => side[key]);
  }
  // Who has the primiera does not show in the sums: a side that lacks a suit loses it in any case.
  points.primiera = sides.map(({ partial }, team) =>
    partial - Object.values(points).reduce((sum, each) => sum + each[team], 0));
  const shown = ROWS.filter((key) =>
    key in points && (key !== "declared" || points[key].some(Boolean)));
  return shown.map((key) => ({
    key,
    values: sides.map((side) => valueText(key, side[key])),
    points: points[key],
  }));
}

function valueText(key, value) {
  if (YES_OR_NO.includes(key)) return value ? say("yes") : "–";
  return String(value);
}

/** The table of a deal, `names` being those of the teams. */
export function summaryTable(sides, names) {
  const table = make("table", "summary-table");
  const head = table.createTHead().insertRow();
  head.insertCell();
  for (const name of names) head.append(header("col", name, "number"));
  const body = table.createTBody();
  for (const { key, values, points } of summaryRows(sides)) {
    const row = body.insertRow();
    row.append(header("row", say(`score_${key}`)));
    values.forEach((value, team) => row.append(scored(value, points[team])));
  }
  const foot = table.createTFoot();
  for (const key of ["partial", "total"]) {
    const row = foot.insertRow();
    row.className = `sum-${key}`;
    row.append(header("row", say(`score_${key}`)));
    for (const side of sides) row.append(scored(String(side[key]), 0));
  }
  return table;
}

/** Show the table of a deal over the felt until the reader goes on. */
export function showSummary(deal, table) {
  const over = document.getElementById("over");
  const box = make("div", "summary");
  box.setAttribute("role", "dialog");
  box.setAttribute("aria-labelledby", "summary-title");
  const title = make("h2", "", say("summary_of", { deal }));
  title.id = "summary-title";
  const button = make("button", "button", say("go_on"));
  button.type = "button";
  box.append(title, table, button);
  over.replaceChildren(box);
  over.hidden = false;
  const busy = document.activeElement?.closest?.("input, textarea, dialog");
  if (!busy) button.focus({ preventScroll: true });
  return new Promise((done) => {
    button.addEventListener("click", () => {
      over.hidden = true;
      over.replaceChildren();
      done();
    });
  });
}

function scored(value, points) {
  const cell = make("td", "number", value);
  if (points) cell.append(" ", make("b", "plus", `+${points}`));
  return cell;
}

function header(scope, text, className = "") {
  const cell = make("th", className, text);
  cell.scope = scope;
  return cell;
}

function make(name, className, text = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}
