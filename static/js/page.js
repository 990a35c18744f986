/** Small things that several pages do. */

/** The data the server put into the page as `<script type="application/json" id=…>`. */
export function pageData(id) {
  return JSON.parse(document.getElementById(id).textContent);
}

const renewals = new Map(); // how often the same parts of a page have been asked for

/**
 * Fetch a page of the site anew and put its parts with these ids in the place of this page's.
 * For what changes seldom and is best said by the server: results, lists, what a button offers.
 * Focus stays where it was; if what had it is gone, at the part it was in.
 */
export async function renew(url, ids) {
  const what = [url, ...ids].join(" ");
  const turn = (renewals.get(what) ?? 0) + 1;
  renewals.set(what, turn);
  const response = await fetch(url, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!response?.ok) return; // out of reach: whoever asks, asks again after a reconnection
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  if (renewals.get(what) !== turn) return; // asked for again since: that answer is newer
  for (const id of ids) {
    const [old, next] = [document.getElementById(id), fresh.getElementById(id)];
    if (!old || !next || old.isEqualNode(next)) continue;
    const focused = old.contains(document.activeElement) ? document.activeElement : null;
    old.replaceWith(document.adoptNode(next));
    if (focused) refocus(next, focused.id);
  }
}

function refocus(part, id) {
  const again = id && document.getElementById(id);
  if (!again) part.tabIndex = -1;
  (again || part).focus();
}

/** The address of a match, and the way there. */
export function matchUrl(id) {
  return `/match/${encodeURIComponent(id)}`;
}

export function goToMatch(id) {
  location.assign(matchUrl(id));
}

/** To where a request has led: the match that has begun, or the table that waits for others. */
export function goOn({ match, table }) {
  if (match) goToMatch(match);
  else if (table) location.assign(`/table/${encodeURIComponent(table.id)}`);
  return Boolean(match || table);
}

/** Wait a little for more of the same before doing it once. */
export function debounce(handler, ms) {
  let timer = null;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(handler, ms);
  };
}
