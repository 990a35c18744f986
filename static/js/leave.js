/**
 * Leaving a match: the link goes to a page that says what it costs; with this it opens as a
 * dialog over the board instead, asked for at that moment so that the cost is today's.
 */

export function onLeave() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("#leave");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      open(link.href);
    } else if (event.target.closest("#leaving [data-stay]") || event.target.id === "leaving") {
      event.preventDefault();
      document.getElementById("leaving").close();
    }
  });
}

async function open(url) {
  const form = await ask(url);
  if (!form) {
    location.assign(url); // the server has the last word: a page of its own
    return;
  }
  const dialog = document.getElementById("leaving");
  dialog.replaceChildren(form);
  dialog.showModal();
}

async function ask(url) {
  try {
    const response = await fetch(url);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const form = page.getElementById("leave-form");
    return form && document.adoptNode(form);
  } catch {
    return null;
  }
}
