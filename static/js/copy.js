/** Passing on an address: by the device's own sheet, or by the clipboard. */

import { say } from "./words.js";

/** Copy `url`; `tell(text)` says how it went. Without HTTPS a browser lets no page copy. */
export async function copy(url, tell) {
  try {
    await navigator.clipboard.writeText(url);
    tell(say("copied"));
  } catch {
    tell(url);
  }
}

/** Share `url` where one shares things, else copy it. */
export async function share(url, tell) {
  if (navigator.share && matchMedia("(pointer: coarse)").matches) {
    await navigator.share({ title: document.title, url }).catch(() => {}); // closed by the user
  } else {
    await copy(url, tell);
  }
}

/** Every `<button data-copy="id">`: copies the value of the field with that id. */
export function onCopy() {
  document.addEventListener("click", async ({ target }) => {
    const button = target.closest("[data-copy]");
    if (!button) return;
    const field = document.getElementById(button.dataset.copy);
    field.select();
    const words = button.querySelector("span");
    button.dataset.words ??= words.textContent;
    await copy(field.value, (text) => {
      words.textContent = text === field.value ? button.dataset.words : text;
    });
  });
}
