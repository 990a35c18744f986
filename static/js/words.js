/**
 * What the page says, in the reader's language. The server puts the texts into the page as JSON
 * (`<script type="application/json" data-words>`); values stand in braces: "{name} to move".
 */

const texts = {};
for (const script of document.querySelectorAll("script[data-words]")) {
  Object.assign(texts, JSON.parse(script.textContent));
}

/** The text `key` with its values put in; plain text, never markup. */
export function say(key, values = {}) {
  const text = texts[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** Whether there is a text of that key on this page. */
export function isSaid(key) {
  return key in texts;
}

/** What to tell the player about a refused request ({code, msg}). */
export function explain(error) {
  return texts[`error_${error.code}`] ?? error.msg ?? say("unanswered");
}
