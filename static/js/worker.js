/**
 * The service worker (app/web/app.py says `house`: the version and its files). It keeps the files
 * of this version of the site, and one page for when there is no way to the house. Pages, and
 * whatever else is about somebody, it never keeps.
 */

const { version, language, files, offline, needed } = self.house;
const KEPT = `files-${version}-${language}`;
const AGAIN = { cache: "reload" }; // what the browser keeps may be of another version
const NOBODY = { credentials: "omit" };
const AWAY = new Set([502, 504]); // what a proxy says of a house that does not answer

async function keepNeeded() {
  const cache = await caches.open(KEPT);
  await cache.addAll(needed);
  await cache.add(new Request(offline, { ...AGAIN, ...NOBODY }));
}

/** Files of other versions go, and their pages with the next look at them. */
async function begin() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== KEPT).map((name) => caches.delete(name)));
  await self.registration.navigationPreload?.enable();
  await self.clients.claim();
}

async function fileOf(request) {
  const cache = await caches.open(KEPT);
  const known = await cache.match(request, { ignoreVary: true });
  if (known) return known;
  const answer = await fetch(request);
  if (answer.status === 200) cache.put(request, answer.clone()).catch(() => {}); // no room
  return answer;
}

async function pageOf(event) {
  try {
    const answer = (await event.preloadResponse) ?? (await fetch(event.request));
    if (!AWAY.has(answer.status)) return answer;
  } catch {
    // no way to the house, not even to what stands before it
  }
  const cache = await caches.open(KEPT);
  return (await cache.match(offline)) ?? Response.error();
}

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(keepNeeded());
});

self.addEventListener("activate", (event) => event.waitUntil(begin()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(pageOf(event));
  else if (url.pathname.startsWith(files)) event.respondWith(fileOf(request));
});

/** A notification leads to what it tells of: the page that shows it already, else a new one. */
async function go(href) {
  const pages = await self.clients.matchAll({ type: "window" });
  const there = pages.find((page) => new URL(page.url).pathname === href);
  return there ? there.focus() : self.clients.openWindow(href);
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(go(event.notification.data.href));
});
