// A free time beside the caller's form fills it in, and the times follow what is chosen there. Enter
// before one is chosen goes on to the first. Without this, a time books or is chosen by a page, and
// "Show free times" reads them anew.
const form = document.getElementById("caller");
const beside = document.getElementById("caller-beside");
const CHOICES = ["visit_type", "therapist", "location", "day"];
let reading = new AbortController();
let acts = 0; // keys, clicks and letters so far

const goOn = () => {
  const missing = [form.elements.name, form.elements.phone].find((field) => !field.value.trim());
  (missing ?? document.getElementById("caller-book")).focus();
};

const choose = (button) => {
  form.elements.therapist.value = button.value.split(":")[0];
  form.elements.day.value = button.dataset.day;
  form.elements.time.value = button.dataset.time;
  for (const other of beside.querySelectorAll("[aria-current]")) other.removeAttribute("aria-current");
  button.setAttribute("aria-current", "true");
  goOn();
};

const read = async () => {
  const chosen = CHOICES.map((name) => [name, form.elements[name]?.value ?? ""]);
  reading.abort();
  reading = new AbortController();
  const { signal } = reading;
  try {
    const answer = await fetch(`${form.dataset.times}?${new URLSearchParams(chosen)}`, { signal });
    if (!answer.ok || answer.redirected) return false;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    beside.replaceChildren(...page.body.childNodes);
    return true;
  } catch {
    return false; // overtaken, or no answer: the times shown are those from before
  }
};

// Who came before: the same therapist's times, unless a time is chosen, and the first in focus.
const offer = async ({ detail }) => {
  if (form.elements.time.value) return;
  if (detail.therapist && !form.elements.therapist.value) form.elements.therapist.value = detail.therapist;
  const before = acts;
  // Whoever goes on meanwhile keeps the focus where they are.
  if (await read() && acts === before) beside.querySelector("button")?.focus();
};

for (const act of ["keydown", "input", "pointerdown"]) {
  document.addEventListener(act, () => { acts += 1; }, { capture: true });
}
beside.addEventListener("click", (event) => {
  const button = event.target.closest("button[name=slot]");
  if (!button) return;
  event.preventDefault();
  choose(button);
});
form.addEventListener("change", ({ target }) => CHOICES.includes(target.name) && read());
// Who comes stands there, and when does not: the next thing is a time, not a page that asks for it.
form.addEventListener("submit", (event) => {
  const isWhole = [form.elements.name, form.elements.phone].every((field) => field.value.trim());
  const first = beside.querySelector("button");
  if (event.submitter?.id !== "caller-book" || !isWhole || form.elements.time.value || !first) return;
  event.preventDefault();
  first.focus();
});
form.addEventListener("person", offer);
form.elements.times.hidden = true;
