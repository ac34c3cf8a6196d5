// The caller's form finds people who came before as somebody types; without this, "Look up" does.
// Arrow keys choose, Enter fills in. While name or telephone is missing nothing could be booked:
// then Enter takes the first person, and no arrow is needed.
const PAUSE = 150; // milliseconds without a key
// How many signs of each field are enough: an area code alone fits half of the town.
const ENOUGH = { name: 2, phone: 7, email: 4 };

const form = document.getElementById("caller");
const said = document.getElementById("caller-said");
const fields = Object.keys(ENOUGH).map((name) => form.elements[name]);
const list = document.createElement("ul");
let people = [];
let chosen = -1;
let waiting; // the clock of the pause
let isAsking = false; // since the last letter: what the list shows is of the letters before
let asking = new AbortController();

const part = (className, text) =>
  Object.assign(document.createElement("span"), { className, textContent: text });

const mark = (place) => {
  chosen = place;
  [...list.children].forEach((row, at) => row.setAttribute("aria-selected", at === place));
  for (const field of fields) {
    if (place < 0) field.removeAttribute("aria-activedescendant");
    else field.setAttribute("aria-activedescendant", list.children[place].id);
  }
  list.children[place]?.scrollIntoView({ block: "nearest" });
};

const stop = () => {
  clearTimeout(waiting);
  asking.abort();
  isAsking = false;
};

const close = () => {
  stop();
  people = [];
  list.replaceChildren();
  list.hidden = true;
  mark(-1);
  for (const field of fields) field.setAttribute("aria-expanded", "false");
};

const canBook = () => Boolean(form.elements.name.value.trim() && form.elements.phone.value.trim());

const show = (field, found) => {
  close();
  if (!found.length || document.activeElement !== field) return;
  people = found;
  list.append(...found.map((person, at) => {
    const row = Object.assign(document.createElement("li"), { id: `caller-person-${at}` });
    row.setAttribute("role", "option");
    row.append(part("caller-name", person.fields.name), part("", person.fields.phone),
      part("desk-quiet", person.said));
    return row;
  }));
  list.hidden = false;
  field.after(list);
  field.setAttribute("aria-expanded", "true");
  said.textContent = said.dataset.some;
  mark(canBook() ? -1 : 0);
};

const put = (field, value) => {
  if (!field) return;
  if (field.type === "checkbox") field.checked = value;
  else field.value = value;
};

const fillIn = (person) => {
  close();
  for (const [name, value] of Object.entries(person.fields)) put(form.elements[name], value);
  said.textContent = `${said.dataset.filled} ${person.said}`;
  const { payment, interpreter, wants_gender: gender, step_free: steps } = person.fields;
  if (payment || interpreter || gender || steps) form.querySelector("details").open = true;
  // `times.js` offers the same therapist as last time, and goes on to what is still missing.
  form.dispatchEvent(new CustomEvent("person", { detail: person }));
};

const ask = async (field) => {
  const body = new URLSearchParams({ typed: field.value });
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  asking = new AbortController();
  const { signal } = asking;
  try {
    const answer = await fetch(form.dataset.people, { method: "POST", body, signal });
    show(field, answer.ok && !answer.redirected ? (await answer.json()).people : []);
  } catch {
    if (!signal.aborted) close(); // no answer: what was typed still books
  }
};

const typed = ({ target }) => {
  said.textContent = "";
  if (target.value.trim().length < ENOUGH[target.name]) return close();
  stop();
  mark(-1);
  isAsking = true;
  waiting = setTimeout(ask, PAUSE, target);
};

const pressed = (event) => {
  if (event.key === "Enter" && isAsking && !canBook()) event.preventDefault(); // too fast for us
  if (!people.length || isAsking) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    const places = people.length;
    mark(chosen < 0 && step < 0 ? places - 1 : (chosen + step + places) % places);
  } else if (event.key === "Enter" && chosen >= 0) fillIn(people[chosen]);
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
};

list.id = "caller-list";
list.hidden = true;
list.className = "caller-list";
list.setAttribute("role", "listbox");
list.setAttribute("aria-label", said.dataset.list);
// The focus stays in the field while the mouse chooses.
list.addEventListener("mousedown", (event) => event.preventDefault());
list.addEventListener("click", (event) => {
  const place = [...list.children].indexOf(event.target.closest("li"));
  if (place >= 0) fillIn(people[place]);
});
form.append(list);
for (const field of fields) {
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-expanded", "false");
  field.setAttribute("aria-controls", list.id);
  field.addEventListener("input", typed);
  field.addEventListener("keydown", pressed);
  field.addEventListener("blur", close);
}
form.elements.look_up.hidden = true;
