// Runs before the page is drawn, so that a chosen theme does not flash.
"use strict";
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const stored = () => {
    try { return localStorage.getItem("dedupe-theme"); } catch { return null; } // storage may be forbidden
  };
  const current = () => root.dataset.theme || (dark.matches ? "dark" : "light");
  if (stored() === "dark" || stored() === "light") root.dataset.theme = stored();

  addEventListener("DOMContentLoaded", () => {
    const button = document.getElementById("theme");
    const show = () => {
      const other = current() === "dark" ? "Light" : "Dark";
      button.textContent = other;
      button.setAttribute("aria-label", `Use the ${other.toLowerCase()} theme`);
    };
    button.hidden = false;
    button.addEventListener("click", () => {
      root.dataset.theme = current() === "dark" ? "light" : "dark";
      try { localStorage.setItem("dedupe-theme", root.dataset.theme); } catch { /* lasts for this page */ }
      show();
    });
    dark.addEventListener("change", show);
    show();
  });
})();
