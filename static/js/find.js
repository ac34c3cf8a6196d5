// "/" jumps to the field of the head that finds visits, "n" opens a new visit from the day. On the page
// of Find they can be turned off, as whoever speaks to the computer says such signs by accident (WCAG
// 2.1.4); this browser remembers it.
const OFF = "find-key-off";
const field = document.getElementById("staff-find");
const book = document.getElementById("new-visit");
const isOff = () => localStorage.getItem(OFF) === "1";
const isTyped = (target) => target.isContentEditable || target.closest("input, textarea, select");

const say = () => {
  for (const [target, key] of [[field, "/"], [book, "n"]]) {
    if (isOff()) target?.removeAttribute("aria-keyshortcuts");
    else target?.setAttribute("aria-keyshortcuts", key);
  }
};

const jump = () => {
  field.focus();
  field.select();
};

const pressed = (event) => {
  const act = { "/": jump, n: book && (() => book.click()) }[event.key];
  if (!act || event.ctrlKey || event.metaKey || event.altKey || isOff()) return;
  if (event.defaultPrevented || isTyped(event.target)) return;
  event.preventDefault();
  act();
};

const offerToTurnOff = (place) => {
  const button = Object.assign(document.createElement("button"), {
    type: "button", className: "desk-click",
  });
  const label = () => { button.textContent = isOff() ? place.dataset.on : place.dataset.off; };
  button.addEventListener("click", () => {
    localStorage.setItem(OFF, isOff() ? "0" : "1");
    label();
    say();
  });
  label();
  place.append(button);
  place.hidden = false;
};

if (field) {
  say();
  document.addEventListener("keydown", pressed);
  document.querySelectorAll("[data-find-key]").forEach(offerToTurnOff);
}
