/** Open tables and challenges, as they come and go in the lobby. */

import { on, request } from "./connection.js";
import { onCopy } from "./copy.js";
import { offered } from "./hall.js";
import { kindWords } from "./kinds.js";
import { goOn } from "./page.js";
import { Rows, fill, fillPlayer } from "./rows.js";
import { explain, say } from "./words.js";

const user = document.body.dataset.user;
const byId = (id) => document.getElementById(id);

function announce(text) {
  byId("announce").textContent = text;
}

// ---- the lists -------------------------------------------------------------------

/** Read out for each button whom it is about: `{name}` stands where the name goes. */
function nameButtons(row, name) {
  for (const button of row.querySelectorAll("button[aria-label]")) {
    button.setAttribute("aria-label", button.getAttribute("aria-label").replace("{name}", name));
  }
}

function filler(nameOf) {
  return (row, data) => {
    fillPlayer(row, nameOf(data));
    fill(row, "kind", kindWords(data));
    nameButtons(row, nameOf(data).name);
  };
}

/** A row under a name that its player no longer has is made anew. */
function fits(nameOf) {
  return (row, data) => row.querySelector("[data-name]").textContent === nameOf(data).name;
}

const ownerOf = ({ owner, elo, registered, automatic }) => {
  return { name: owner, elo, registered, automatic };
};
const inviteeOf = ({ invitee, seats }) => {
  const { automatic } = seats.find(({ name }) => name === invitee) ?? {};
  return { name: invitee, elo: null, registered: true, automatic };
};

const tables = new Rows(byId("table-list"), {
  key: "table",
  template: byId("table-row"),
  make: filler(ownerOf),
  fits: fits(ownerOf),
  update: (row, data) => {
    fillPlayer(row, ownerOf(data));
    fill(row, "kind", kindWords(data));
    row.querySelector("[data-stranger]").hidden = sits(data);
    row.querySelector("[data-seated]").hidden = !sits(data);
  },
  onChange: () => {
    byId("no-tables").hidden = tables.size > 0;
  },
});
const incoming = new Rows(byId("incoming"), {
  key: "challengeId",
  template: byId("incoming-row"),
  make: filler(ownerOf),
  fits: fits(ownerOf),
  update: (row, data) => fill(row, "kind", kindWords(data)),
  onChange: showNoChallenges,
});
const outgoing = new Rows(byId("outgoing"), {
  key: "challengeId",
  template: byId("outgoing-row"),
  make: filler(inviteeOf),
  onChange: showNoChallenges,
});

function showNoChallenges() {
  byId("no-challenges").hidden = incoming.size + outgoing.size > 0;
}

/** Whether this user has a seat at a table. */
function sits(row) {
  return row.seats.some(({ kind, name }) => kind === "taken" && name === user);
}

/** One who only is asked to a table sees it where they answer, and here if anybody may join. */
function isListed(row) {
  return sits(row) || (!row.private && row.seats.some(({ kind }) => kind === "free"));
}

function takeTable(row) {
  if (incoming.has(row.id)) incoming.put(row);
  if (row.owner === user) return; // stands apart: takeOwn
  if (!isListed(row)) {
    tables.drop(row.id);
    return;
  }
  const isNew = !tables.has(row.id);
  tables.put(row);
  if (isNew) announce(say("table_opened", { name: row.owner, kind: kindWords(row) }));
}

/** One's own table stands apart, with what is needed to pass it on. */
function takeOwn(row) {
  const place = byId("own");
  place.hidden = row === null;
  if (row === null) return;
  const own = place.firstElementChild;
  if (own.dataset.table !== row.id) {
    const before = own.dataset.table;
    own.dataset.table = row.id;
    for (const [name, selector] of [["href", "a[href]"], ["action", "form"]]) {
      const element = own.querySelector(selector);
      element.setAttribute(name, element.getAttribute(name).replace(before || "ID", row.id));
    }
  }
  fill(own, "kind", kindWords(row));
  own.querySelector("[data-private]").hidden = !row.private;
  if (!row.private) return;
  fill(own, "code", row.code);
  const link = new URL(own.querySelector("a").href);
  link.searchParams.set("code", row.code);
  own.querySelector("[data-link]").value = link.href;
}

function takeState(state) {
  if (!state.tables) return; // from a worker of the version before
  const seated = state.seated ?? [];
  const others = state.tables.filter(({ owner, id }) => {
    return owner !== user && !seated.some((row) => row.id === id);
  });
  tables.keep([...seated, ...others]);
  takeOwn(state.own);
  incoming.keep(state.challenges.incoming);
  outgoing.keep(state.challenges.outgoing);
}

// ---- doing -----------------------------------------------------------------------

/** Challenge somebody on the usual terms; the row that waits for their answer. */
export async function challenge(player) {
  const { table } = await request("challenge", { player });
  offered(table.id);
  outgoing.put(table);
  announce(say("challenge_sent", { name: table.invitee }));
}

async function joinWithCode(form) {
  const [owner, code] = [form.elements.owner, form.elements.code].map((each) => each.value.trim());
  goOn(await request("join_table", { owner: owner.toLowerCase(), code }));
}

const ABOUT_CODE = ["wrong_code", "too_many"];

function complain(form, error) {
  const field = ABOUT_CODE.includes(error.code) ? "code" : "owner";
  byId(`${field}-error`).textContent = explain(error);
  byId(field).setAttribute("aria-invalid", "true");
  byId(field).focus();
}

/** A button about one table: the row's form says which, and what is asked of the house. */
async function act(form) {
  const row = form.closest("[data-table], [data-challenge-id]");
  const id = row.dataset.table ?? row.dataset.challengeId;
  const wrong = form.closest("section").querySelector("[data-wrong]");
  wrong.textContent = "";
  try {
    const answer = await request(form.dataset.act, { id });
    if (!goOn(answer) && form.dataset.act !== "leave_table") drop(id); // a table left may stay
  } catch (error) {
    if (error.code.startsWith("no_such")) drop(id);
    wrong.textContent = explain(error);
  }
}

function drop(id) {
  for (const rows of [tables, incoming, outgoing]) rows.drop(id);
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const isCode = form.id === "code-form";
  if (!isCode && !("act" in form.dataset)) return;
  event.preventDefault();
  const button = form.querySelector("button");
  if (button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  try {
    if (isCode) await joinWithCode(form);
    else await act(form);
  } catch (error) {
    complain(form, error);
  } finally {
    button.removeAttribute("aria-disabled");
  }
});

byId("code-form").addEventListener("input", ({ target }) => {
  target.removeAttribute("aria-invalid");
  byId(`${target.id}-error`).textContent = "";
});

onCopy();
on("lobby_state", takeState);
on("table_update", takeTable);
on("table_gone", ({ id }) => tables.drop(id));
on("table_own", takeOwn);
on("challenge", (row) => incoming.put(row));
on("challenge_sent", (row) => outgoing.put(row)); // in another tab, perhaps
on("challenge_gone", ({ id }) => incoming.drop(id) || outgoing.drop(id));
