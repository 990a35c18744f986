/**
 * The list of moves and the four steps beside it (templates/play/_moves.html): choosing a move
 * shows the position after it. Everything is a link to "?ply=N", so it works without this too.
 */

export class Steps {
  #list;
  #steps;
  #caption;
  #onLook;
  #plies = 0;
  #ply = 0;

  /** `panel`: the part of the page; `keys`: where ← → Home End count; `onLook(ply)`. */
  constructor(panel, { keys = panel, onLook }) {
    this.#list = panel.querySelector("ol");
    this.#steps = panel.querySelectorAll("[data-step]");
    this.#caption = panel.querySelector("[data-caption]");
    this.#onLook = onLook;
    panel.addEventListener("click", (event) => this.#onClick(event));
    keys.addEventListener("keydown", (event) => this.#onKey(event));
    new ResizeObserver(() => this.#follow()).observe(this.#list); // a phone that is turned
  }

  /** Show these moves ("e5", …), the one numbered `ply` as the one being looked at. */
  show(moves, ply, caption = null) {
    this.#plies = moves.length;
    this.#ply = ply;
    while (this.#list.children.length > moves.length) this.#list.lastElementChild.remove();
    moves.forEach((name, index) => this.#showMove(index, name, index + 1 === ply));
    for (const link of this.#steps) {
      const target = this.#target(link.dataset.step);
      link.setAttribute("href", `?ply=${target}`);
      if (target === ply) link.setAttribute("aria-disabled", "true");
      else link.removeAttribute("aria-disabled");
    }
    if (caption !== null) this.#caption.textContent = caption;
    this.#follow();
  }

  #showMove(index, name, current) {
    const item = this.#list.children[index] ?? this.#list.appendChild(this.#newItem(index + 1));
    const link = item.firstElementChild;
    if (link.textContent !== name) link.textContent = name;
    if (current) link.setAttribute("aria-current", "step");
    else link.removeAttribute("aria-current");
  }

  #newItem(ply) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = `?ply=${ply}`;
    link.dataset.ply = ply;
    item.append(link);
    return item;
  }

  /** Keep the current move in sight, scrolling the list only and never the page. */
  #follow() {
    const current = this.#list.querySelector("[aria-current]");
    if (!current) {
      this.#list.scrollTop = 0;
      return;
    }
    const [box, item] = [this.#list.getBoundingClientRect(), current.getBoundingClientRect()];
    if (item.top < box.top) this.#list.scrollTop -= box.top - item.top + 4;
    if (item.bottom > box.bottom) this.#list.scrollTop += item.bottom - box.bottom + 4;
  }

  #target(step) {
    return {
      first: 0,
      back: Math.max(0, this.#ply - 1),
      next: Math.min(this.#plies, this.#ply + 1),
      last: this.#plies,
    }[step];
  }

  #onClick(event) {
    const link = event.target.closest("a[data-ply], a[data-step]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    this.#onLook(link.dataset.step ? this.#target(link.dataset.step) : Number(link.dataset.ply));
  }

  #onKey(event) {
    const step = { ArrowLeft: "back", ArrowRight: "next", Home: "first", End: "last" }[event.key];
    const writing = event.target.closest?.("input, textarea, select, dialog");
    if (!step || writing || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.#onLook(this.#target(step));
  }
}
