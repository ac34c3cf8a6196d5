// Rows below a form of the admin change places by buttons; without this their numbers are typed.
"use strict";
{
  const ROW = ".inline-related:not(.tabular, .empty-form)";
  const placeOf = (row) => row.querySelector("input[data-up]");
  const rowsOf = (group) => [...group.querySelectorAll(ROW)].filter(placeOf);
  const sort = (rows, by) => rows.sort((one, other) => by(one) - by(other))
    .forEach((row, at, sorted) => at && sorted[at - 1].after(row));

  // No two rows share a place; those whose place fits keep it.
  const number = (rows) => {
    const places = rows.map((row) => Number(placeOf(row).value)).sort((one, other) => one - other);
    rows.forEach((row, at) => {
      places[at] = Math.max(places[at], at ? places[at - 1] + 1 : 0);
      placeOf(row).value = places[at];
    });
  };

  const move = (row, step) => {
    const group = row.closest(".inline-group");
    const rows = rowsOf(group);
    const other = rows[rows.indexOf(row) + step];
    if (!other) return;
    other[step < 0 ? "before" : "after"](row);
    number(rowsOf(group));
  };

  const addButton = (row, text, step) => {
    const button = Object.assign(document.createElement("button"), {
      type: "button", className: "desk-click", textContent: text,
    });
    button.addEventListener("click", () => { move(row, step); button.focus(); });
    placeOf(row).parentElement.append(" ", button);
  };

  const equip = (row) => {
    const place = placeOf(row);
    if (!place) return;
    addButton(row, place.dataset.up, -1);
    addButton(row, place.dataset.down, 1);
  };

  const addLast = (row) => {
    equip(row);
    const rows = rowsOf(row.closest(".inline-group"));
    if (placeOf(row)) placeOf(row).value = Math.max(...rows.map((each) => placeOf(each).value));
  };

  // The admin counts rows in the order of the page as one is taken out: stored rows first.
  const takeOut = (event) => {
    const link = event.target.closest(".inline-deletelink");
    const group = link && link.closest(".inline-group");
    if (!group || !rowsOf(group).length) return;
    sort(rowsOf(group), (row) => Number(row.id.split("-").pop()));
    setTimeout(() => sort(rowsOf(group), (row) => Number(placeOf(row).value)));
  };

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll(ROW).forEach(equip));
  document.addEventListener("formset:added", (event) => addLast(event.target));
  document.addEventListener("click", takeOut, true);
}
