/**
 * Cards that fly: from where they were to where they are now, and from there out of sight. What
 * lies where has been changed before; this only shows the way, and nothing to those who mind motion.
 */

const FLIGHT_MS = 190;
const APART_MS = 12; // of cards that come together, one after another
const BANNER_MS = 900;

const still = matchMedia("(prefers-reduced-motion: reduce)");

/** Does the reader mind motion? */
export function isStill() {
  return still.matches || document.hidden;
}

/** Resolves after so long; at once where nobody looks. */
export function pause(ms) {
  return document.hidden ? Promise.resolve() : new Promise((done) => setTimeout(done, ms));
}

/** Where every card of the table is: key -> {element, box}. */
export function boxes(root) {
  const found = new Map();
  for (const element of root.querySelectorAll("[data-key]")) {
    found.set(element.dataset.key, { element, box: element.getBoundingClientRect() });
  }
  return found;
}

/**
 * Fly from what `boxes` found before to what is there now. `from(key)`: the element that a card that
 * was not there came out of, or null; `to(key)`: the element that one that is gone went into.
 */
export function fly(root, before, { from, to }) {
  if (isStill()) return;
  const after = boxes(root);
  let order = 0;
  for (const [key, { element, box }] of after) {
    const origin = before.get(key)?.box ?? from(key)?.getBoundingClientRect();
    if (origin && isMoved(origin, box)) glide(element, origin, box, (order += 1) * APART_MS);
  }
  for (const [key, gone] of before) {
    const goal = after.has(key) ? null : to(key);
    if (goal) leave(root, gone, goal.getBoundingClientRect());
  }
}

function isMoved(one, other) {
  return Math.abs(one.left - other.left) + Math.abs(one.top - other.top) > 2;
}

function way(from, to) {
  const scale = from.width / (to.width || 1);
  return `translate(${from.left - to.left}px, ${from.top - to.top}px) scale(${scale})`;
}

function glide(element, from, to, delay) {
  element.classList.add("gliding");
  const flight = element.animate(
    { transformOrigin: ["0 0", "0 0"], transform: [way(from, to), "none"] },
    { duration: FLIGHT_MS, delay, easing: "cubic-bezier(0.2, 0.7, 0.3, 1)", fill: "backwards" },
  );
  flight.finished.finally(() => element.classList.remove("gliding"));
}

/** A card that is no longer there, on its way out: a copy of it flies and is gone. */
function leave(root, { element, box }, goal) {
  const ground = root.getBoundingClientRect();
  const ghost = element.cloneNode(true);
  for (const name of ["data-key", "id", "name", "aria-label", "role"]) ghost.removeAttribute(name);
  ghost.classList.add("flying");
  ghost.setAttribute("aria-hidden", "true");
  ghost.inert = true;
  ghost.style.left = `${box.left - ground.left}px`;
  ghost.style.top = `${box.top - ground.top}px`;
  ghost.style.width = `${box.width}px`;
  root.append(ghost);
  const flight = ghost.animate(
    {
      transformOrigin: ["0 0", "0 0"],
      transform: ["none", way(goal, box)],
      opacity: [1, 1, 0.35],
    },
    { duration: FLIGHT_MS, easing: "ease-in", fill: "forwards" },
  );
  flight.finished.finally(() => ghost.remove());
}

/** A word over the table, for a moment. */
export async function banner(text) {
  const place = document.getElementById("banner");
  place.textContent = text;
  if (!isStill()) {
    place.animate({ scale: [0.7, 1], opacity: [0, 1] }, { duration: 160, easing: "ease-out" });
  }
  await pause(BANNER_MS);
  place.textContent = "";
}
