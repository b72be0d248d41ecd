// The form: a dropped file is sent at once. The answer: its texts go to the side-by-side view.
"use strict";
(() => {
  const form = document.getElementById("ask");
  const file = form.elements.namedItem("file");
  const texts = document.getElementById("story-data");
  if (texts) dedupe.data("story", JSON.parse(texts.textContent));

  document.getElementById("drop").hidden = false;
  const over = (is) => document.body.classList.toggle("dropping", is);
  addEventListener("dragover", (event) => {
    event.preventDefault();
    over(true);
  });
  addEventListener("dragleave", () => over(false));
  addEventListener("drop", (event) => {
    event.preventDefault();
    over(false);
    if (event.dataTransfer.files.length === 0) return;
    file.files = event.dataTransfer.files;
    form.requestSubmit();
  });
  form.addEventListener("submit", () => {
    const button = form.querySelector("button");
    button.disabled = true;
    button.textContent = "Asking…";
  });
  addEventListener("pageshow", () => { // back from the answer
    const button = form.querySelector("button");
    button.disabled = false;
    button.textContent = "Ask";
  });
})();
