// Reasons at a button (core/_reasons.html): app.js gives the first the focus, 1 to 9 take one, arrows walk, Enter takes.
(() => {
  const all = (selector, within) => [...within.querySelectorAll(selector)];
  const buttons = (box) => all("ol button", box);
  document.addEventListener("toggle", (event) => {
    const box = event.target.matches?.("[data-reasons]") && event.target;
    if (!box) return;
    if (event.newState === "open") {
      const at = document.querySelector(`[popovertarget="${box.id}"]`).getBoundingClientRect();
      box.style.left = `${Math.max(8, Math.min(at.left, innerWidth - box.offsetWidth - 8))}px`;
      const below = at.bottom + 4, above = Math.max(8, at.top - box.offsetHeight - 4);
      box.style.top = `${below + box.offsetHeight > innerHeight ? above : below}px`;
    }
  }, true);
  document.addEventListener("keydown", (event) => {
    const box = document.querySelector("[data-reasons]:popover-open");
    if (!box || event.ctrlKey || event.metaKey || event.altKey || event.target.matches?.("input")) return;
    const found = buttons(box), by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const here = found.indexOf(document.activeElement);
    if (/^[1-9]$/.test(event.key)) found[Number(event.key) - 1]?.click();
    else if (by) found.at(here < 0 && by < 0 ? -1 : (here + by) % found.length).focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }, true);
  // The answer says how it went; the question is no longer asked.
  document.addEventListener("htmx:beforeRequest", (event) => {
    const box = event.target.closest?.("[data-reasons]");
    if (box?.matches(":popover-open")) box.hidePopover();
  });
})();
