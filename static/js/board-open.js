// A visit opens beside the grid without a page load: its details alone are fetched, and the address
// says so. Without this, the same links read the page anew.
"use strict";

const side = document.getElementById("board-side");
const shown = () => side.querySelector(".is-chosen")?.id.slice("visit-".length) ?? "";
const asked = () => new URLSearchParams(location.search).get("open") ?? "";
let turn = 0; // of two clicks, the later one is answered

const say = () => document.dispatchEvent(new Event("board:open"));

const clear = () => {
  turn += 1;
  side.replaceChildren();
  say();
};

// `keep` writes the address into the history, once the details are there.
const open = async (pk, address, keep) => {
  turn += 1;
  const mine = turn;
  try {
    const from = side.dataset.visit.replace("/0/", `/${pk}/`) + new URL(address, location).search;
    const answer = await fetch(from, { cache: "no-store", redirect: "manual", credentials: "same-origin" });
    if (!answer.ok) throw new Error(answer.status);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const visit = page.getElementById(`visit-${pk}`);
    if (!visit) throw new Error("no visit");
    if (mine !== turn) return;
    side.replaceChildren(...page.body.childNodes);
    keep(address);
    say();
    visit.focus({ preventScroll: true });
  } catch {
    if (mine === turn) location.assign(address); // signed out, or gone: the page says so
  }
};

const push = (address) => history.pushState(null, "", address);
const replace = (address) => history.replaceState(null, "", address);

const click = (event) => {
  if (event.defaultPrevented || event.button || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const see = event.target.closest(".board-visit > a");
  const close = event.target.closest("#board-side .desk-close");
  if (!see && !close) return;
  event.preventDefault();
  if (see) {
    const pk = see.id.slice("see-".length);
    if (pk === shown()) side.querySelector(".is-chosen").focus();
    else open(pk, see.href, push);
    return;
  }
  const back = document.getElementById(close.hash.slice(1));
  push(close.href);
  clear();
  back?.focus();
};

// Back and forward, and an address from before that names the visit alone.
const follow = () => {
  if (asked() === shown()) return;
  if (asked()) open(asked(), location.href, () => {});
  else clear();
};

if (side?.dataset.visit) {
  document.addEventListener("click", click);
  addEventListener("popstate", follow);
  const named = /^#visit-(\d+)$/.exec(location.hash)?.[1];
  if (named && !shown() && !asked()) {
    const address = new URL(location.href);
    address.searchParams.set("open", named);
    open(named, address.href, replace);
  }
}
