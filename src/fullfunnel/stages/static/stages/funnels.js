// The picture of both funnels: arrows walk its stages, Escape closes a stage's card, and letters do what a click does.
(() => {
  const stages = () => [...document.querySelectorAll(".wide .stage-number")].filter((each) => each.offsetParent);
  const cell = () => document.activeElement?.closest?.(".wide .stage");
  const press = (selector, within = document) => within.querySelector(selector)?.click();
  const walk = (by) => {
    const all = stages(), at = all.indexOf(cell()?.querySelector(".stage-number"));
    all[Math.min(Math.max(at + by, 0), all.length - 1)]?.focus();
  };
  document.addEventListener("keydown", (event) => {
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "Escape") cell()?.classList.add("is-shut");
    if (cell() && (event.key === "ArrowRight" || event.key === "ArrowLeft")) {
      event.preventDefault();
      walk(event.key === "ArrowRight" ? 1 : -1);
    }
    const letter = window.ffLetter?.(event);
    if (letter === "y" && cell()) press(".stage-card a", cell());
    if (letter === "w" && cell()) press(".stage-number", cell());
    if (letter === "m") press(".views .is-on + a, .views a:first-child:not(.is-on)");
    if (letter === "d") press("#difference > summary");
  });
  document.addEventListener("focusout", (event) => event.target.closest?.(".stage")?.classList.remove("is-shut"));
  document.addEventListener("mouseout", (event) => event.target.closest?.(".stage")?.classList.remove("is-shut"));
})();
