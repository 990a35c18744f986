/**
 * What one can do about a message: the link goes to a page; with this it opens as a dialog over
 * the chat instead, with the same words and forms.
 */

import { request } from "./connection.js";
import { explain, say } from "./words.js";

export function onAbout() {
  const dialog = document.createElement("dialog");
  dialog.className = "about-dialog";
  dialog.setAttribute("aria-labelledby", "about-title");
  document.body.append(dialog);
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".line-more");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      open(dialog, link.href);
    } else if (event.target === dialog || event.target.closest(".about-dialog [data-close]")) {
      event.preventDefault();
      dialog.close();
    }
  });
  dialog.addEventListener("submit", (event) => {
    const act = ACTS[event.target.dataset.about];
    if (!act) return;
    event.preventDefault();
    answer(dialog, event.target, act);
  });
}

const ACTS = {
  async block(form) {
    const name = form.elements.player.value;
    await request("block", { user: name });
    return say("chat_block_done", { name });
  },
  async report(form) {
    const { id, reason, code } = form.elements;
    const data = { id: Number(id.value), reason: reason.value, code: code.value || null };
    await request("report", data);
    return say("chat_report_done");
  },
};

async function open(dialog, url) {
  const about = await ask(url);
  if (!about) {
    location.assign(url); // the server has the last word: a page of its own
    return;
  }
  dialog.replaceChildren(about);
  dialog.showModal();
}

async function ask(url) {
  try {
    const response = await fetch(url);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const about = page.getElementById("about");
    return about && document.adoptNode(about);
  } catch {
    return null;
  }
}

async function answer(dialog, form, act) {
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    done(dialog, await act(form));
  } catch (error) {
    complain(form, explain(error));
  } finally {
    button.disabled = false;
  }
}

/** Say what was wrong beside the field, or instead of one above the button. */
function complain(form, text) {
  let error = form.querySelector(".error");
  if (!error) {
    error = document.createElement("p");
    error.className = "error";
    error.setAttribute("role", "alert");
    form.prepend(error);
  }
  error.textContent = text;
  form.elements.reason?.setAttribute("aria-invalid", "true");
  form.elements.reason?.focus();
}

function done(dialog, text) {
  const said = document.createElement("p");
  said.id = "about-title";
  said.setAttribute("role", "status");
  said.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "button button-small";
  close.dataset.close = "";
  close.textContent = say("close");
  dialog.replaceChildren(said, close);
  close.focus();
}
