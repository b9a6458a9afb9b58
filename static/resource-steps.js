// Optional help with the steps of a submission. Every button saves without this file too. `savesOf` is in portal.js.
"use strict";

for (const form of document.querySelectorAll("form[data-step-url]")) {
  const { version, upload } = form.elements;
  const said = form.querySelector("[data-saved-out]");

  // All that was typed. Files go with the buttons only.
  const typed = () => {
    const fields = new FormData(form);
    fields.delete("upload");
    return new URLSearchParams(fields);
  };
  const words = () => {
    const fields = typed();
    fields.delete("version");
    return fields.toString();
  };
  let waiting, stale = false, submitted = false, kept = words();

  const save = savesOf(form, async (leaving) => {
    clearTimeout(waiting);
    const sent = words();
    if (stale || submitted || sent === kept) return;
    try {
      const answer = await fetch(form.dataset.stepUrl, {
        method: "POST", body: typed(), keepalive: leaving, signal: AbortSignal.timeout(PATIENCE),
      });
      const told = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
      if (answer.ok) {
        kept = sent;
        version.value = told.version;
        said.textContent = told.saved_at;
      } else said.textContent = told.error ?? form.dataset.unsaved;
      if (answer.status === 409) stale = true;
      if (answer.status === 429) waiting = setTimeout(save, 30000);
    } catch {
      said.textContent = form.dataset.unsaved;
      waiting = setTimeout(save, 10000);
    }
  });
  form.addEventListener("input", (event) => {
    if (event.target === upload) return;
    clearTimeout(waiting);
    waiting = setTimeout(save, 1500);
  });
  // What was typed before the session ended stands in the form, and is saved nowhere yet.
  if ("restored" in form.dataset) {
    kept = undefined;
    save();
  }
  addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") save(true); });
  addEventListener("pageshow", () => { submitted = false; });

  // A file that is too large is not sent for minutes only to be refused.
  const refusal = document.createElement("p");
  refusal.className = "error";
  refusal.setAttribute("role", "alert");
  const isTooLarge = () => Boolean(upload?.files[0]) && upload.files[0].size > Number(upload.dataset.largest);
  upload?.addEventListener("change", () => {
    refusal.textContent = isTooLarge() ? upload.dataset.tooLarge : "";
    upload.before(refusal);
  });
  form.addEventListener("submit", (event) => {
    if (isTooLarge()) {
      event.preventDefault();
      upload.focus();
      return;
    }
    submitted = true;
    clearTimeout(waiting);
  });
}
