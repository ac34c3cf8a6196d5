// A visit is dragged to another quarter of an hour or therapist, by mouse or pen; a finger scrolls.
// The drop is a form that posts to the page of moving, which says what speaks against it. Without
// this, and by keys, a visit is moved by "Move on the board".
"use strict";

const FAR = 6; // pixels; less than that was a click
const QUARTER = 15 * 60; // seconds
let drag = null;

const rowsOf = (column) => column.querySelector(".board-rows");
const count = (list, name) => Number([...list].find((each) => each.startsWith(`${name}-`))?.split("-")[1] ?? 0);
const lengthOf = (visit) => count(visit.classList, "long") * 4 + count(visit.classList, "and");
const firstOf = (visit) => count(visit.classList, "hour") * 4 + count(visit.classList, "quarter");

// The therapist's column and the row under the pointer, where the head of the visit would be.
const targetAt = (x, y) => {
  const board = document.getElementById("board").getBoundingClientRect();
  if (x < board.left || x > board.right || y < board.top || y > board.bottom) return null;
  const column = [...document.querySelectorAll(".board-column[data-therapist]")].find((each) => {
    const place = each.getBoundingClientRect();
    return place.left <= x && x < place.right;
  });
  if (!column) return null;
  const place = rowsOf(column).getBoundingClientRect();
  const all = count(rowsOf(column).classList, "long") * 4;
  const row = Math.round((y - drag.grip - place.top) / (place.height / all));
  return row < 0 || row >= all ? null : { column, row, all };
};

const instant = (row) => new Date((Number(document.getElementById("board-grid").dataset.begins) + row * QUARTER) * 1000);
const codeOf = (row) => `${instant(row).toISOString().slice(0, 16).replace(/[-:]/g, "")}Z`;
const clock = (row) => new Intl.DateTimeFormat("en-US", {
  timeZone: document.getElementById("board-grid").dataset.zone, hour: "numeric", minute: "2-digit",
}).format(instant(row)).replace("AM", "a.m.").replace("PM", "p.m.");

const addressOf = (visit) => document.getElementById("board-grid").dataset.move.replace("/0/", `/${visit.id.split("-")[1]}/`);

const show = (target) => {
  drag.target = target;
  if (!target) return drag.mark.remove();
  const long = Math.min(lengthOf(drag.visit), target.all - target.row);
  const place = [target.row >> 2, target.row & 3, long >> 2, long & 3];
  drag.mark.className = "board-drop hour-$ quarter-$ long-$ and-$".replace(/\$/g, () => place.shift());
  drag.mark.textContent = clock(target.row);
  rowsOf(target.column).append(drag.mark);
};

const end = () => {
  drag?.mark.remove();
  drag?.visit.classList.remove("board-cut");
  document.body.classList.remove("is-dragging");
  drag = null;
};

const drop = () => {
  const { visit, target } = drag;
  const same = target && target.column.contains(visit) && target.row === firstOf(visit);
  end();
  if (!target || same) return;
  const form = document.createElement("form");
  Object.assign(form, { method: "post", action: addressOf(visit), hidden: true });
  const values = {
    csrfmiddlewaretoken: document.querySelector("#click [name=csrfmiddlewaretoken]").value,
    sequence: visit.dataset.sequence,
    slot: `${target.column.dataset.therapist}:${codeOf(target.row)}`,
  };
  Object.entries(values).forEach(([name, value]) => {
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  });
  document.body.append(form);
  form.submit();
};

const begin = () => {
  drag.isFar = true;
  drag.visit.classList.add("board-cut");
  document.body.classList.add("is-dragging");
};

document.addEventListener("dragstart", (event) => {
  if (event.target.closest?.(".board-visit")) event.preventDefault(); // the browser's own, of a link
});
document.addEventListener("pointerdown", (event) => {
  const visit = event.target.closest(".board-visit[data-sequence]");
  if (!visit || event.pointerType === "touch" || event.button || event.target.closest("button")) return;
  const grip = event.clientY - visit.getBoundingClientRect().top;
  drag = { visit, grip, x: event.clientX, y: event.clientY, mark: document.createElement("li"), target: null };
});
document.addEventListener("pointermove", (event) => {
  if (!drag) return;
  if (!event.buttons) return end(); // let go outside the window
  if (!drag.isFar && Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < FAR) return;
  if (!drag.isFar) begin();
  event.preventDefault();
  show(targetAt(event.clientX, event.clientY));
});
document.addEventListener("pointerup", () => {
  if (!drag?.isFar) return end();
  // The click that follows would open the visit.
  addEventListener("click", (event) => { event.preventDefault(); event.stopPropagation(); }, { capture: true, once: true });
  setTimeout(() => document.dispatchEvent(new Event("board:look")), 1000);
  drop();
});
document.addEventListener("pointercancel", end);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && drag?.isFar) { event.stopImmediatePropagation(); end(); }
}, true);
