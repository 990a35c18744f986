/** The form for a table: "rated" can be chosen only where the variant is rated. */

const form = document.getElementById("table-form");
const rated = form.elements.rated;
const ratedVariants = form.dataset.rated.split(" ");
let wanted = rated.checked;

function show() {
  const can = ratedVariants.includes(form.elements.variant.value);
  rated.disabled = !can;
  rated.checked = can && wanted;
  for (const hint of form.querySelectorAll("[data-when]")) {
    hint.hidden = (hint.dataset.when === "rated") !== can;
  }
}

if (form.dataset.guest === "0") {
  rated.addEventListener("change", () => {
    wanted = rated.checked;
  });
  form.addEventListener("change", show);
  show();
}
