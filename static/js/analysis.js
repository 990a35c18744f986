/**
 * The analysis beside a replay: marks the position that is looked at on the graph, says what there
 * is to say of it and shows its best move on the board; while the analysis goes on, asks how far
 * it has come and draws what is there by now. The same as templates/play/_analysis.html and
 * app/web/analysis_panel.py, which is all there is for whoever has no script.
 */

import { renew } from "./page.js";
import { parseMove } from "./uttt.js";
import { say } from "./words.js";

const PAUSE = { waiting: 2000, running: 1000 }; // milliseconds until it is asked for again
const SIGNS = { inaccuracy: "?!", mistake: "?", blunder: "??" };

export class Analysis {
  #data;
  #moves;
  #ply;
  #root = document.getElementById("analysis");
  #tell;

  /** `data`: as the server gives it, or null where nothing can be analysed; `tell(text)`. */
  constructor(data, { moves, ply, tell }) {
    this.#data = data;
    this.#moves = moves;
    this.#ply = ply;
    this.#tell = tell;
    if (!data || !this.#root) return;
    this.#follow();
    if (PAUSE[data.state]) this.#askAgain();
  }

  /** Show what there is of the position after `ply` moves; it in words. */
  show(ply) {
    this.#ply = ply;
    if (!this.#data) return "";
    const field = this.#root.querySelector("[data-ply-field]");
    if (field) field.value = ply;
    this.#root.querySelector(".graph-now")?.setAttribute("d", `M${ply} 0V100`);
    this.#showBest(this.#data.best[ply]);
    if (this.#data.state !== "done") return "";
    const texts = [this.#judged(ply), this.#stands(ply)];
    this.#root.querySelector("[data-judged]").textContent = texts[0];
    this.#root.querySelector("[data-stands]").textContent = texts[1];
    return texts.join(" ").trim();
  }

  #judged(ply) {
    const { chances, left, best, kinds } = this.#data;
    if (ply === 0 || ply > kinds.length) return "";
    const move = this.#moves[ply - 1];
    const kept = ply % 2 === 1 ? chances[ply - 1] : 1 - chances[ply - 1];
    const key = kinds[ply - 1] || (move === best[ply - 1] ? "best" : "good");
    return say(`an_${key}`, {
      move, best: best[ply - 1], kept: percent(kept), left: percent(left[ply - 1]),
    });
  }

  #stands(ply) {
    const { chances, best } = this.#data;
    if (ply >= chances.length) return say("an_unseen");
    if (!best[ply]) return say("an_over");
    const x = percents(chances[ply]);
    return say("an_stands", { x: words(x), o: words(100 - x), best: best[ply] });
  }

  #showBest(name) {
    for (const old of document.querySelectorAll(".board .best")) old.classList.remove("best");
    if (!name) return;
    const move = parseMove(name);
    const parts = move.swap
      ? move.swap.map((board) => document.querySelectorAll(".board .plate")[board])
      : [document.querySelector(`.board [data-at="${name}"]`)];
    for (const part of parts) part.classList.add("best");
  }

  // ---- while it goes on ------------------------------------------------------

  #askAgain() {
    setTimeout(async () => {
      if (!document.hidden) await this.#ask();
      if (PAUSE[this.#data.state]) this.#askAgain();
    }, PAUSE[this.#data.state]);
  }

  async #ask() {
    const response = await fetch(this.#root.dataset.analysis).catch(() => null);
    if (response?.ok) await this.#take(await response.json());
    else if (response?.status === 404) location.reload(); // the match is gone, or not for us
  }

  async #take(data) {
    if (data.state === "none") {
      location.reload(); // given up: it may be asked for anew
      return;
    }
    this.#data = data;
    this.#draw();
    this.#mark();
    if (data.state === "done") {
      this.#root.querySelector(".insight-words").replaceChildren(line("judged"), line("stands"));
      this.#tell(`${data.waits} ${this.show(this.#ply)}`);
      await renew(location.pathname, ["analysis-results"]);
    } else {
      this.show(this.#ply);
      this.#root.querySelector("#analysis-waits").textContent = data.waits;
      this.#root.querySelector("progress").value = data.chances.length;
    }
  }

  #draw() {
    const { chances, kinds } = this.#data;
    const points = chances.map((chance, ply) => `${ply} ${Math.round(1000 - 1000 * chance) / 10}`);
    const line = points.join("L");
    const graph = this.#root.querySelector("[data-graph]");
    if (!line) return;
    graph.querySelector(".graph-line").setAttribute("d", `M${line}`);
    graph.querySelector(".graph-area").setAttribute("d", `M0 100L${line}V100Z`);
    graph.querySelector(".graph-rest").setAttribute("d", `M0 0L${line}V0Z`);
    for (const path of graph.querySelectorAll("[data-kind]")) {
      const led = points.filter((_, ply) => ply > 0 && kinds[ply - 1] === path.dataset.kind);
      path.setAttribute("d", led.map((point) => `M${point}h0`).join(""));
    }
  }

  #mark() {
    this.#data.kinds.forEach((kind, index) => {
      const link = document.querySelector(`#moves li a[data-ply="${index + 1}"]`);
      if (!kind || !link || link.dataset.mark) return;
      const label = say(`an_move_${kind}`, { move: this.#moves[index] });
      link.dataset.mark = SIGNS[kind];
      link.setAttribute("aria-label", label);
      link.title = label;
    });
  }

  // ---- dragging along the graph ----------------------------------------------

  #follow() {
    this.#root.addEventListener("pointermove", (event) => {
      if (event.buttons !== 1) return;
      const link = document.elementFromPoint(event.clientX, event.clientY)?.closest(".graph a");
      if (link && Number(link.dataset.ply) !== this.#ply) link.dispatchEvent(click());
    });
    this.#root.addEventListener("dragstart", (event) => event.preventDefault());
  }
}

function line(name) {
  const text = document.createElement("p");
  text.className = "small";
  text.dataset[name] = "";
  return text;
}

const click = () => new MouseEvent("click", { bubbles: true, cancelable: true });
const percents = (share) => Math.floor(100 * share + 0.5 + 1e-9);
const words = (n) => say("an_percent", { n });
const percent = (share) => words(percents(share));
