// The toast: one line at the foot that moves nothing. One at a time, eight seconds, longer while looked at; Z undoes.
// Others say a plain line by document.dispatchEvent(new CustomEvent("toast", { detail: "…" })), a view by HX-Trigger.
(() => {
  const STANDS_MS = 8000;
  const place = document.getElementById("toast");
  if (!place) return;
  let timer = 0, before = null;
  const clear = () => {
    const hadFocus = place.contains(document.activeElement);
    place.replaceChildren();
    if (hadFocus) before?.focus();
  };
  const wait = () => {
    clearTimeout(timer);
    const line = place.firstElementChild;
    if (!line) return;
    // All outside an open modal dialog is inert, so the toast stands inside it.
    const home = document.querySelector("dialog:modal") || document.body;
    if (place.parentElement !== home) home.append(place);
    if (line.classList.contains("is-refused")) return;
    timer = setTimeout(() => (line.matches(":hover, :focus-within") ? wait() : clear()), STANDS_MS);
  };
  new MutationObserver(wait).observe(place, { childList: true });
  const moveOut = (event) => { if (event.target.contains(place)) document.body.append(place); };
  document.addEventListener("close", moveOut, true);
  document.addEventListener("focusin", (event) => { if (!place.contains(event.target)) before = event.target; });
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-toast-close], #toast a")) clear();
  });
  document.addEventListener("toast", (event) => {
    const line = document.createElement("div"), words = document.createElement("p");
    line.className = `toast-line${event.detail.refused ? " is-refused" : ""}`;
    words.textContent = event.detail.value ?? event.detail.sentence ?? event.detail;
    line.append(words);
    if (event.detail.opens) {
      const link = Object.assign(document.createElement("a"), { className: "toast-act", href: event.detail.opens });
      link.textContent = event.detail.label;
      link.dataset.drawer = "";
      line.append(link);
    }
    place.replaceChildren(line);
    if (event.detail.refused) setTimeout(() => line.remove(), STANDS_MS);
  });
  document.addEventListener("keydown", (event) => {
    const undo = window.ffLetter(event) === "z" && place.querySelector("[data-undo]");
    if (!undo) return;
    event.preventDefault();
    undo.click();
  });
  wait();
})();
