/** There is no way to the house: ask again and again, and go on to the page that was wanted. */

const EVERY_MS = 4000;
const line = document.querySelector("[data-trying]");
const theme = document.cookie.split("; ").find((each) => each.startsWith("theme="))?.slice(6);

// The page was kept for everybody, so it knows nothing of what this reader has chosen.
if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;

let asking = false;

async function ask() {
  if (asking) return;
  asking = true;
  const answer = await fetch("/version", { cache: "no-store" }).catch(() => null);
  asking = false;
  if (!answer?.ok) return;
  line.textContent = line.dataset.here;
  location.reload();
}

line.textContent = line.dataset.trying;
document.querySelector("[data-again]").href = location.href;
addEventListener("online", ask);
setInterval(ask, EVERY_MS);
