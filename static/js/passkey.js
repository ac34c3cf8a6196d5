// A passkey in place of a code: the browser asks for finger, face or PIN, and signs what the site
// asks for. Without this script, or where a browser has none, the code is typed.
const bytes = (text) => Uint8Array.from(
  atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0),
);
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

const ready = (asked) => {
  asked.challenge = bytes(asked.challenge);
  if (asked.user) asked.user.id = bytes(asked.user.id);
  const named = [...(asked.allowCredentials ?? []), ...(asked.excludeCredentials ?? [])];
  named.forEach((each) => { each.id = bytes(each.id); });
  return { publicKey: asked };
};

const PARTS = ["clientDataJSON", "attestationObject", "authenticatorData", "signature"];
const inWords = ({ id, rawId, type, response }) => {
  const parts = PARTS.filter((part) => response[part]).map((part) => [part, text(response[part])]);
  return JSON.stringify({ id, rawId: text(rawId), type, response: Object.fromEntries(parts) });
};

const sign = async (form) => {
  const answer = await fetch(form.dataset.asked, { method: "POST", body: new FormData(form) });
  // A session that is over, or a code that is asked for first: the page itself says so.
  if (answer.redirected || !answer.ok) return location.replace(location.pathname + location.search);
  const asked = ready(await answer.json());
  form.elements.answer.value = inWords(await navigator.credentials[form.dataset.passkey](asked));
  form.submit();
};

const equip = (form) => {
  const said = form.querySelector("[data-said]");
  const button = form.querySelector("[type=submit]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    said.textContent = "";
    button.disabled = true;
    try {
      await sign(form);
    } catch (error) {
      const isKnown = error.name === "InvalidStateError" && form.dataset.known;
      said.textContent = isKnown || form.dataset.failed;
      button.disabled = false;
      button.focus();
    }
  });
  form.hidden = false;
  if (form.dataset.passkey === "get") button.focus();  // so that Enter is enough
};

// Recovery codes take seconds to make: a second click would lose the page that shows them.
const once = (form) => {
  let isSent = false;
  form.addEventListener("submit", (event) => {
    if (isSent) event.preventDefault();
    isSent = true;
  });
  window.addEventListener("pageshow", () => { isSent = false; });
};

document.querySelectorAll("[data-once]").forEach(once);
if (window.PublicKeyCredential) document.querySelectorAll("[data-passkey]").forEach(equip);
