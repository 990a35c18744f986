/**
 * What the page says, in the reader's language. The server puts the texts into the page as JSON
 * (`<script type="application/json" data-words>`); values stand in braces: "{name} to move".
 */

const texts = {};
for (const script of document.querySelectorAll("script[data-words]")) {
  Object.assign(texts, JSON.parse(script.textContent));
}

/** How numbers and dates are written: in the page's language, English as the server writes it. */
const language = document.documentElement?.lang || "en";
export const LOCALE = language === "en" ? "en-GB" : language;

/** The text `key` with its values put in; plain text, never markup. */
export function say(key, values = {}) {
  const text = texts[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** What is said of so many: the text `<key>_one` or `<key>_many`. */
export function sayMany(key, count, values = {}) {
  return say(`${key}_${count === 1 ? "one" : "many"}`, { count, ...values });
}

/** Whether there is a text of that key on this page. */
export function isSaid(key) {
  return key in texts;
}

/** What to tell the player about a refused request ({code, msg}). */
export function explain(error) {
  return texts[`error_${error.code}`] ?? texts[error.msg] ?? error.msg ?? say("unanswered");
}
