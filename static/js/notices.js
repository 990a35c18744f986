/**
 * What admins announce while the page is open, and closing it in this browser: the numbers of
 * those closed are in a cookie, for the server. Without this file each is closed by its form.
 */

import { heed } from "./connection.js";

const COOKIE = "heard";
const KEPT = 20;
const KEPT_FOR = 30 * 24 * 60 * 60;

const place = document.getElementById("notices");
const pattern = document.getElementById("notice");

function find(id) {
  return place.querySelector(`[data-notice="${CSS.escape(id)}"]`);
}

function heard() {
  const cookie = document.cookie.split("; ").find((each) => each.startsWith(`${COOKIE}=`));
  return (cookie ?? "").slice(COOKIE.length + 1).split(".").filter(Boolean);
}

function show({ id, text }) {
  if (find(id)) return;
  const notice = document.importNode(pattern.content, true).firstElementChild;
  notice.dataset.notice = id;
  notice.classList.add("notice-live");
  notice.querySelector("p").textContent = text;
  place.append(notice);
}

function close(notice) {
  const numbers = [...heard(), notice.dataset.notice].slice(-KEPT).join(".");
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${COOKIE}=${numbers}; Path=/; Max-Age=${KEPT_FOR}; SameSite=Lax${secure}`;
  notice.remove();
}

if (place && pattern) {
  place.addEventListener("submit", (event) => {
    event.preventDefault();
    close(event.target.closest("[data-notice]"));
  });
  heed("broadcast", show);
  heed("broadcast_gone", ({ id }) => find(id)?.remove());
}
