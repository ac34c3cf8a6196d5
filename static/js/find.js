// "/" jumps to the field of the head that finds visits. On the page of Find it can be turned off, as
// whoever speaks to the computer says such signs by accident (WCAG 2.1.4); this browser remembers it.
const OFF = "find-key-off";
const field = document.getElementById("staff-find");
const isOff = () => localStorage.getItem(OFF) === "1";
const isTyped = (target) => target.isContentEditable || target.closest("input, textarea, select");

const say = () => {
  if (isOff()) field.removeAttribute("aria-keyshortcuts");
  else field.setAttribute("aria-keyshortcuts", "/");
};

const jump = (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isOff()) return;
  if (event.defaultPrevented || isTyped(event.target)) return;
  event.preventDefault();
  field.focus();
  field.select();
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
  document.addEventListener("keydown", jump);
  document.querySelectorAll("[data-find-key]").forEach(offerToTurnOff);
}
