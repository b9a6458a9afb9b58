"use strict";

// A question that is added gets the next number.
document.addEventListener("formset:added", (event) => {
  const own = event.target.querySelector("input[name^='questions-'][name$='-number']");
  if (!own) return;
  const numbers = [...document.querySelectorAll("input[name^='questions-'][name$='-number']")]
    .filter((input) => input !== own && !input.name.includes("__prefix__"))
    .map((input) => Number(input.value) || 0);
  own.value = Math.max(0, ...numbers) + 1;
});

// Select2 leaves its parts without a name for those who listen to the page.
function nameSearchFields() {
  for (const select of document.querySelectorAll("select.admin-autocomplete")) {
    const label = document.querySelector(`label[for="${select.id}"]`);
    const shown = select.nextElementSibling?.querySelector("[role=textbox]");
    if (!label || !shown) continue;
    label.id ||= `label-${select.id}`;
    shown.setAttribute("aria-labelledby", label.id);
    shown.closest("[role=combobox]").setAttribute("aria-labelledby", `${label.id} ${shown.id}`);
  }
}
// Select2 makes its parts in handlers of the same events, which may come later.
for (const event of ["load", "formset:added"]) addEventListener(event, () => setTimeout(nameSearchFields));
document.addEventListener("focusin", ({ target }) => {
  if (!target.matches(".select2-search__field")) return;
  const placeholder = document.querySelector(".select2-container--open .select2-selection__placeholder");
  target.setAttribute("aria-label", placeholder?.textContent || document.title);
});
