// The page of a form: sends once, tells how far it was filled in, and says its height to the site that frames it.
(() => {
  const form = document.querySelector("form");
  const sheet = document.querySelector(".sheet");
  const embedded = document.body.classList.contains("embedded") && window.parent !== window;
  // Whoever frames it is on the form's list (frame-ancestors); a height is no secret.
  const toSite = (message) => { if (embedded) window.parent.postMessage({ ff: "form", ...message }, "*"); };
  if (embedded) {
    new ResizeObserver(() => toSite({ height: Math.ceil(sheet.getBoundingClientRect().height) })).observe(sheet);
  }
  const goes = document.querySelector("[data-goes]");
  if (goes) toSite({ goes: goes.dataset.goes });
  if (!form) return;
  if (form.hasAttribute("data-preview")) {
    form.addEventListener("submit", (event) => event.preventDefault());
    // Not scrollIntoView, which moves the page around the frame too.
    const chosen = document.querySelector(".is-chosen")?.getBoundingClientRect();
    if (chosen) window.scrollTo(0, window.scrollY + chosen.top - (window.innerHeight - chosen.height) / 2);
    return;
  }
  document.querySelector("[aria-invalid=true]")?.focus();

  // How far: viewed, begun, and the field it was left at. The server knows repeats by the page's nonce.
  const counted = form.elements["ff.counted"];
  let began = Boolean(counted.value);
  let sending = false;
  let last = "";
  const tell = (step) => {
    const said = new FormData();
    for (const field of form.elements) if (field.name.startsWith("ff.")) said.append(field.name, field.value);
    said.append("step", step);
    said.append("field", last);
    return navigator.sendBeacon(form.dataset.seen, new URLSearchParams(said));
  };
  const begin = () => {
    if (began) return;
    began = true;
    if (tell("started")) counted.value = "1";
  };
  const view = () => {
    if (document.visibilityState !== "visible" || counted.value) return;
    document.removeEventListener("visibilitychange", view);
    tell("viewed");
  };
  document.addEventListener("visibilitychange", view);
  view();
  form.addEventListener("focusin", (event) => { last = event.target.closest("[data-field]")?.dataset.field || last; });
  form.addEventListener("input", (event) => {
    last = event.target.closest("[data-field]")?.dataset.field || last;
    begin();
  });
  window.addEventListener("pagehide", (event) => { if (began && !sending && !event.persisted) tell("abandoned"); });

  form.addEventListener("submit", (event) => {
    if (sending) { event.preventDefault(); return; }
    begin();
    sending = true;
    form.querySelector(".button").setAttribute("aria-disabled", "true");
  });
  window.addEventListener("pageshow", () => {
    sending = false;
    form.querySelector(".button").removeAttribute("aria-disabled");
  });
})();
