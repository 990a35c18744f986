/**
 * Lists whose rows come and go with messages. A row is made from the `<template>` that the server
 * has put into the page, so it is the same as those the server has made.
 */

/** Put `text` into what bears `data-<name>`; plain text, never markup. */
export function fill(row, name, text) {
  const place = row.querySelector(`[data-${name}]`);
  if (place.textContent !== String(text)) place.textContent = text;
  return place;
}

/** Show or hide, beside a name, that a program plays under it. */
export function showAutomatic(place, automatic = false) {
  place.querySelector("[data-automatic]").hidden = !automatic;
}

/** Name a player in a row: link, whether a guest or a program, and rating. */
export function fillPlayer(row, { name, elo, registered, automatic }) {
  const link = fill(row, "name", name);
  link.href = link.getAttribute("href").replace("NAME", encodeURIComponent(name));
  row.querySelector("[data-guest]").hidden = registered;
  showAutomatic(row, automatic);
  fill(row, "elo", elo ?? "");
}

/** Put an id into the addresses of a row's links and forms. */
export function fillId(row, id) {
  for (const link of row.querySelectorAll('a[href*="ID"]')) {
    link.href = link.getAttribute("href").replace("ID", encodeURIComponent(id));
  }
  for (const form of row.querySelectorAll("form[action]")) {
    form.setAttribute("action", form.getAttribute("action").replace("ID", encodeURIComponent(id)));
  }
}

/** A list of the page: at most one row an id. */
export class Rows {
  #list;
  #key;
  #make;
  #update;
  #fits;
  #onChange;

  /**
   * `key`: the name in `dataset` that holds a row's id; `template`: the element with one row;
   * `make(row, data)` fills a new row in, `update(row, data)` one that is there, unless it no
   * longer `fits(row, data)`: then it is made anew. `onChange()` follows every change of how many
   * there are.
   */
  constructor(list, {
    key, template, make, update = () => {}, fits = () => true, onChange = () => {},
  }) {
    this.#list = list;
    this.#key = key;
    this.#update = update;
    this.#fits = fits;
    this.#onChange = onChange;
    this.#make = (data) => {
      const row = template.content.firstElementChild.cloneNode(true);
      row.dataset[key] = data.id;
      fillId(row, data.id);
      make(row, data);
      return row;
    };
  }

  get size() {
    return this.#list.children.length;
  }

  has(id) {
    return this.#row(id) !== undefined;
  }

  /** Show a row: where it stands already, or below the others, so that none of them moves. */
  put(data) {
    const row = this.#row(data.id);
    if (row && this.#fits(row, data)) {
      this.#update(row, data);
      return;
    }
    const made = this.#make(data);
    this.#update(made, data);
    if (row) row.replaceWith(made);
    else this.#list.append(made);
    this.#onChange();
  }

  /** Take a row away; the focus, if it was there, goes to the list. */
  drop(id) {
    const row = this.#row(id);
    if (!row) return false;
    const focused = row.contains(document.activeElement);
    row.remove();
    if (focused) {
      this.#list.tabIndex = -1;
      this.#list.focus();
    }
    this.#onChange();
    return true;
  }

  /** Show these rows and no others. */
  keep(rows) {
    const ids = new Set(rows.map(({ id }) => id));
    for (const row of [...this.#list.children]) {
      if (!ids.has(row.dataset[this.#key])) this.drop(row.dataset[this.#key]);
    }
    rows.forEach((row) => this.put(row));
  }

  #row(id) {
    return [...this.#list.children].find((row) => row.dataset[this.#key] === id);
  }
}
