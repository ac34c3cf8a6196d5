// The day board keeps itself up to date: it asks for its parts again, and puts them in place without
// losing focus, scroll or the chosen visit. Without this, a link reads the page anew.
"use strict";

const EVERY = 22_000; // milliseconds
const TYPED = 10_000; // so long after a key, somebody may still be typing
const MOST_SAID = 4;
const PARTS = ["board-sum", "board-news", "board-grid", "board-side"];
const fresh = document.getElementById("board-fresh");
const said = document.getElementById("board-said");
const scroller = document.getElementById("board");
const chosen = () => (/^#visit-\d+$/.test(location.hash) ? location.hash.slice("#visit-".length) : "");
const spaced = (text) => text.replace(/\s+/g, " ").trim();

// The chosen visit is marked on the grid, and stays open as its details are put in anew.
const choose = () => {
  document.querySelectorAll(".is-chosen").forEach((each) => each.classList.remove("is-chosen"));
  document.querySelectorAll(".board-visit [aria-current]").forEach((each) => each.removeAttribute("aria-current"));
  const pk = chosen();
  document.getElementById(`visit-${pk}`)?.classList.add("is-chosen");
  document.getElementById(`at-${pk}`)?.classList.add("is-chosen");
  document.getElementById(`see-${pk}`)?.setAttribute("aria-current", "true");
};

// On a small screen the details lie over the grid: the chosen visit comes out from under them.
const showChosen = () => {
  if (matchMedia("(max-width: 63.99rem)").matches) document.getElementById(`at-${chosen()}`)?.scrollIntoView();
};

// What a visit on the grid says, by its key: name, time, therapist and state.
const visitsIn = (root) => new Map([...root.querySelectorAll(".board-visit")].map((each) => {
  const text = (name) => spaced(each.querySelector(name)?.textContent ?? "");
  const who = each.closest(".board-column").getAttribute("aria-label");
  return [each.id, { name: each.dataset.name, words: `${each.dataset.name}, ${text("time")}, ${who}, ${text(".board-status i")}` }];
}));
const newsIn = (root) => new Map([...root.querySelectorAll(".desk-change")].map(
  (each) => [each.dataset.key, { pk: each.dataset.visit, words: spaced(each.dataset.news) }],
));

// Patients' own moves and cancellations first, then what else is new, other or gone.
const changes = (was, is) => {
  const news = [...is.news].filter(([key]) => !was.news.has(key)).map(([, each]) => each);
  const told = new Set(news.map((each) => `at-${each.pk}`));
  const lines = news.map((each) => each.words);
  is.visits.forEach((visit, key) => {
    const before = was.visits.get(key);
    if (told.has(key) || before?.words === visit.words) return;
    lines.push(before ? visit.words : said.dataset.added.replace("%s", visit.words));
  });
  was.visits.forEach((visit, key) => {
    if (!is.visits.has(key) && !told.has(key)) lines.push(said.dataset.gone.replace("%s", visit.name));
  });
  const rest = lines.length - MOST_SAID;
  return rest > 0 ? [...lines.slice(0, MOST_SAID), said.dataset.more.replace("%s", rest)] : lines;
};
const state = (root) => ({ visits: visitsIn(root), news: newsIn(root) });

// Which element has the focus, so that its successor gets it.
const keyOf = (it) => [
  it.tagName, it.closest("[id]:not(button, input)")?.id, it.name === "slot" ? it.value : it.name ?? "",
  it.getAttribute("href") ?? it.getAttribute("formaction") ?? it.form?.getAttribute("action") ?? "",
].join(" ");
const refocus = (key, within) => {
  const same = [...document.querySelectorAll("a, button, summary, input")].find((each) => keyOf(each) === key);
  const next = same ?? document.querySelector(`#${within} a`) ?? scroller;
  next.focus({ preventScroll: true });
};

const put = (html) => {
  const page = new DOMParser().parseFromString(html, "text/html");
  if (!PARTS.every((id) => page.getElementById(id) && document.getElementById(id))) throw new Error("no board");
  const lines = changes(state(document), state(page));
  const focus = document.activeElement;
  const held = PARTS.some((id) => document.getElementById(id).contains(focus));
  const [key, within] = held ? [keyOf(focus), focus.closest("li[id], section[id]")?.id ?? "board"] : [];
  const isOpen = document.querySelector("#board-news details")?.open;
  PARTS.forEach((id) => {
    const [old, next] = [document.getElementById(id), page.getElementById(id)];
    Object.assign(old.dataset, next.dataset);
    old.replaceChildren(...next.childNodes);
  });
  const details = document.querySelector("#board-news details");
  if (details && isOpen) details.open = true;
  choose();
  if (held && document.activeElement !== focus) refocus(key, within);
  if (lines.length) said.textContent = lines.join("; ");
  document.dispatchEvent(new Event("board:put"));
};

let typedAt = -TYPED;
let lookedAt = performance.now();
let tag = fresh?.dataset.tag;
document.addEventListener("input", () => { typedAt = performance.now(); });

const isBusy = () => {
  const focus = document.activeElement;
  const inForm = focus?.matches("textarea, select, input:not([type=hidden])") && focus.closest("#board-side");
  return document.hidden || inForm || document.body.classList.contains("is-dragging")
    || performance.now() - typedAt < TYPED;
};

// The page's board again, with the visit that stands open now.
const source = () => {
  const url = new URL(fresh.dataset.source, location);
  url.searchParams.delete("open");
  const open = new URLSearchParams(location.search).get("open");
  if (open) url.searchParams.set("open", open);
  return url.href;
};

const look = async () => {
  if (isBusy()) return;
  const asks = source();
  lookedAt = performance.now();
  try {
    const answer = await fetch(asks, {
      headers: { "If-None-Match": tag }, cache: "no-store", redirect: "manual", credentials: "same-origin",
    });
    if (answer.status !== 304) {
      if (!answer.ok) throw new Error(answer.status);
      const html = await answer.text();
      if (isBusy() || asks !== source()) return; // what somebody began meanwhile goes first; the next look brings it
      put(html);
      tag = answer.headers.get("ETag");
    }
    const time = answer.headers.get("X-Clinic-Time");
    if (fresh.classList.contains("is-old")) said.textContent = "";
    fresh.classList.remove("is-old");
    fresh.dataset.read = time;
    fresh.textContent = fresh.dataset.fresh.replace("%s", time);
  } catch {
    // Signed out, or the server is away: the page stays, says how old it is, and tries again.
    fresh.classList.add("is-old");
    const words = fresh.dataset.old.replace("%s", fresh.dataset.read);
    fresh.textContent = words;
    if (said.textContent !== words) said.textContent = words;
  }
};

// Where the board was scrolled to stays as a click on it leads back to the page.
const asked = new URLSearchParams(location.search);
asked.delete("open");
const PLACE = `board ${location.pathname}?${asked}`;
const keepPlace = () => sessionStorage.setItem(PLACE, JSON.stringify([scroller.scrollLeft, scroller.scrollTop]));
const findPlace = () => {
  const [left, top] = JSON.parse(sessionStorage.getItem(PLACE) ?? "[0, null]");
  const now = document.getElementById("now");
  const first = now ? now.offsetTop - scroller.clientHeight / 3 : 0;
  scroller.scrollTo({ left, top: top ?? first, behavior: "instant" });
};

// A tab leads sideways to its therapist; the hour in view stays.
const showColumn = (event) => {
  const column = document.getElementById(event.target.closest(".board-tabs a")?.hash.slice(1) ?? "");
  if (!column) return;
  event.preventDefault();
  const times = scroller.querySelector(".board-times").offsetWidth;
  scroller.scrollTo({ left: column.offsetLeft - times });
  column.querySelector("a, button")?.focus({ preventScroll: true });
};

if (fresh && scroller) {
  choose();
  findPlace();
  addEventListener("hashchange", () => { choose(); showChosen(); });
  document.addEventListener("board:open", () => { choose(); showChosen(); });
  addEventListener("pagehide", keepPlace);
  document.addEventListener("click", showColumn);
  setInterval(look, EVERY);
  document.addEventListener("visibilitychange", () => {
    if (performance.now() - lookedAt > EVERY) look();
  });
  document.addEventListener("board:look", look);
}
