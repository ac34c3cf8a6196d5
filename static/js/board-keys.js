// The day board by keys: Enter goes into it, arrows go among its visits, x cuts one, Escape closes or
// stops. All of it is a link or a button on the page too; Tab goes through them in their order.
"use strict";

const WHERE = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
const isMoving = () => Boolean(document.getElementById("place"));
const stops = () => [...document.querySelectorAll(isMoving() ? ".board-free button" : ".board-visit > a")];
const columnOf = (it) => it.closest(".board-column");

// The next one up or down in its column; to the side, the one in the nearest column that begins nearest.
const next = (from, [sideways, down]) => {
  const here = from.getBoundingClientRect();
  const top = (it) => it.getBoundingClientRect().top - here.top;
  const nearest = (found) => found.sort((one, other) => Math.abs(top(one)) - Math.abs(top(other)))[0];
  const all = stops().filter((it) => it !== from);
  if (down) return nearest(all.filter((it) => columnOf(it) === columnOf(from) && top(it) * down > 0));
  const columns = [...document.querySelectorAll(".board-column")];
  for (let at = columns.indexOf(columnOf(from)) + sideways; columns[at]; at += sideways) {
    const found = nearest(all.filter((it) => columnOf(it) === columns[at]));
    if (found) return found;
  }
  return null;
};

const go = (event, from) => {
  const to = next(from, WHERE[event.key]);
  event.preventDefault(); // at the last one too: the page does not run away
  to?.focus();
  to?.scrollIntoView({ block: "nearest", inline: "nearest" });
};

const close = () => {
  const link = document.querySelector("#board-side .is-chosen .desk-close");
  link?.click();
  return Boolean(link);
};

// To the same day, with its free times as places for the visit.
const cut = (visit) => {
  const to = new URL(visit.querySelector("a").href);
  to.searchParams.delete("open");
  to.searchParams.set("moving", visit.id.split("-")[1]);
  to.hash = "";
  location.assign(to);
};

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (event.target.matches("input:not([type=hidden]), textarea, select")) return;
  if (document.body.classList.contains("is-dragging")) return;
  const stop = event.target.closest(".board-visit > a, .board-free :is(a, button)");
  if (event.key in WHERE && stop) go(event, stop);
  else if (event.key === "Enter" && event.target.id === "board") {
    event.preventDefault(); // else the same key presses what now has the focus
    stops()[0]?.focus();
  } else if (event.key === "x") {
    const visit = stop?.closest(".board-visit[data-sequence]");
    if (visit) cut(visit);
    else event.target.closest(".desk-visit")?.querySelector("[data-cut]")?.click();
  } else if (event.key === "Escape" && !close()) document.querySelector("[data-stop]")?.click();
});
