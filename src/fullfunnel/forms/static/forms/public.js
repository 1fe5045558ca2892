// The page of a form: sends once, tells how far it was filled in, and says its height to the site that frames it.
(() => {
  const form = document.querySelector("form");
  const embedded = window.parent !== window;
  // Whoever frames it is on the form's list (frame-ancestors); a height is no secret.
  const toSite = (message) => { if (embedded) window.parent.postMessage({ ff: "form", ...message }, "*"); };
  const height = () => toSite({ height: Math.ceil(document.querySelector(".sheet").getBoundingClientRect().height) });
  if (embedded && window.ResizeObserver) new ResizeObserver(height).observe(document.querySelector(".sheet"));
  const goes = document.querySelector("[data-goes]");
  if (goes) toSite({ goes: goes.dataset.goes });
  if (!form) return;
  document.querySelector("[aria-invalid=true]")?.focus();

  let sending = false;
  form.addEventListener("submit", (event) => {
    if (sending) { event.preventDefault(); return; }
    sending = true;
    form.querySelector(".button").setAttribute("aria-disabled", "true");
  });
  window.addEventListener("pageshow", () => {
    sending = false;
    form.querySelector(".button").removeAttribute("aria-disabled");
  });
})();
