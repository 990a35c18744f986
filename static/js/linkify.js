/**
 * Links in what people write. The same as app/web/linkify.py, which tests/web/links.json sees to:
 * what the server has put into the page and what comes later must not differ.
 */

const HOST = "[^\\s<>\"'`/?#:@\\\\\\[\\](){}|^,;!";
const LINK = new RegExp(
  "(?<![A-Za-z0-9])[Hh][Tt][Tt][Pp][Ss]?://" +
    `${HOST}.\\-]${HOST}]*` +
    "(?::[0-9]{1,5})?(?:[/?#][^\\s<>\"'`]*)?",
  "g",
);
const STOPS = ".,:;!?"; // end a sentence, not an address
const PAIRS = { ")": "(", "]": "[", "}": "{" };

/** The text cut into pieces: [text, is it the address of a link?]. */
export function parts(text) {
  const pieces = [];
  let done = 0;
  for (const found of text.matchAll(LINK)) {
    const url = trimmed(found[0]);
    if (found.index > done) pieces.push([text.slice(done, found.index), false]);
    pieces.push([url, true]);
    done = found.index + url.length;
  }
  if (done < text.length) pieces.push([text.slice(done), false]);
  return pieces;
}

/** The text as DOM nodes: its links are links, and nothing else in it is anything but text. */
export function linkify(text) {
  return parts(text).map(([piece, isLink]) => {
    if (!isLink) return document.createTextNode(piece);
    const link = document.createElement("a");
    link.href = piece;
    link.rel = "noopener nofollow ugc";
    link.target = "_blank";
    link.textContent = piece;
    return link;
  });
}

/** Without the stops and the closing brackets that belong to the sentence around it. */
function trimmed(url) {
  for (;;) {
    const last = url.at(-1);
    const unopened = PAIRS[last] && count(url, last) > count(url, PAIRS[last]);
    if (!STOPS.includes(last) && !unopened) return url;
    url = url.slice(0, -1);
  }
}

function count(text, char) {
  return text.split(char).length - 1;
}
