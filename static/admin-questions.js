// A question that is added gets the next number.
"use strict";

document.addEventListener("formset:added", (event) => {
  const own = event.target.querySelector("input[name^='questions-'][name$='-number']");
  if (!own) return;
  const numbers = [...document.querySelectorAll("input[name^='questions-'][name$='-number']")]
    .filter((input) => input !== own && !input.name.includes("__prefix__"))
    .map((input) => Number(input.value) || 0);
  own.value = Math.max(0, ...numbers) + 1;
});
