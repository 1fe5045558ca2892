// Deals: a move into Lost opens the form that asks why; what changes in the drawer is drawn again on the board behind it.
(() => {
  const drawer = () => document.getElementById("drawer");
  let isStale = false;
  document.addEventListener("deal-asks", () => setTimeout(() => document.querySelector("#toast a.toast-act")?.click()));
  const focusCard = (id) => {
    const link = (document.getElementById(id) || document).querySelector("[data-card-open]");
    if (link && document.activeElement === document.body) link.focus();
  };
  document.addEventListener("deal-done", ({ detail }) => setTimeout(() => {
    isStale = !detail.isDrawn;
    const closing = drawer()?.open && drawer().querySelector("[data-close-dialog]");
    closing?.click();
    setTimeout(() => focusCard(detail.card), 200);
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
  // A place to write in opens with the cursor in it, before the next key: `toggle` would come after it.
  document.addEventListener("click", (event) => {
    const place = event.target.closest?.("details.edit > summary")?.parentElement;
    if (!place || place.open || event.defaultPrevented) return;
    event.preventDefault();
    place.open = true;
    place.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  });
})();
