/** The button that prints a page for paper: the browser's own menu does the same without it. */
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
