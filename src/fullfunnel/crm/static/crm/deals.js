// Deals: a move into Lost opens the form that asks why; what changes in the drawer is drawn again on the board behind it.
(() => {
  const drawer = () => document.getElementById("drawer");
  let isStale = false;
  document.addEventListener("deal-asks", () => setTimeout(() => document.querySelector("#toast a.toast-act")?.click()));
  document.addEventListener("deal-done", () => setTimeout(() => {
    isStale = false;
    const closing = drawer()?.open && drawer().querySelector("[data-close-dialog]");
    closing?.click();
    setTimeout(() => {
      if (document.activeElement === document.body) document.querySelector("[data-card-open]")?.focus();
    }, 200);
  }));
  document.addEventListener("htmx:afterRequest", ({ detail: { requestConfig, xhr } }) => {
    const isOurs = requestConfig?.verb === "post" && requestConfig.elt.closest?.("#drawer");
    if (isOurs && xhr.status === 200) isStale = true;
  });
  document.addEventListener("close", (event) => {
    const board = document.getElementById("deals");
    if (event.target.id !== "drawer" || !isStale || !board) return;
    isStale = false;
    setTimeout(() => htmx.ajax("GET", location.href, { target: "#deals", select: "#deals", swap: "outerHTML" }));
  }, true);
  document.addEventListener("keydown", (event) => {
    const text = window.ffLetter(event) === "l" && document.querySelector("[data-log-text]");
    if (!text) return;
    event.preventDefault();
    text.focus();
  });
  // What a move lacked is opened where it stands, if the deal is the page that one is on.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("#toast a[href*='?open=']");
    const url = link && new URL(link.href), fact = url && document.getElementById(`fact-${url.searchParams.get("open")}`);
    if (!fact || url.pathname !== location.pathname) return;
    event.preventDefault();
    fact.open = true;
    fact.scrollIntoView({ block: "nearest" });
    fact.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  }, true);
  // A place to write in opens with the cursor in it, before the next key: `toggle` would come after it.
  document.addEventListener("click", (event) => {
    const place = event.target.closest?.("details.edit > summary")?.parentElement;
    if (!place || place.open || event.defaultPrevented) return;
    event.preventDefault();
    place.open = true;
    place.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  });
})();
