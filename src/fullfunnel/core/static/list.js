// The one list (core/_list.html): J and K walk its rows, Enter opens the row's link, / searches, F goes to the filter.
// Rows that are <li data-row> within [data-list] (an inbox) are walked the same way.
(() => {
  const all = (selector, within) => [...within.querySelectorAll(selector)];
  const linkOf = (row) => row.querySelector("[data-open], a[href]");
  const lists = () => all("[data-list]", document).filter((list) => list.offsetParent);
  const choose = (row, list) => {
    all(".is-cursor", list).forEach((each) => each.classList.remove("is-cursor"));
    row.classList.add("is-cursor");
  };
  const walk = (by) => {
    const here = document.activeElement;
    const list = (!here?.closest?.("#beside") && here?.closest?.("[data-list]")) || lists()[0];
    const rows = list ? all("[data-row]", list) : [];
    const at = rows.findIndex((row) => row.contains(document.activeElement) || row.classList.contains("is-cursor"));
    const next = rows[at < 0 ? 0 : Math.min(Math.max(at + by, 0), rows.length - 1)];
    if (!next) return false;
    choose(next, list);
    linkOf(next)?.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
    next.dispatchEvent(new CustomEvent("row-chosen", { bubbles: true }));
    return true;
  };
  const DOES = {
    j: () => walk(1),
    k: () => walk(-1),
    "/": () => { const box = document.querySelector("[data-list-search]"); box?.focus(); box?.select(); return box; },
    f: () => { const chip = document.querySelector("[data-chip], [data-list-search]"); chip?.focus(); return chip; },
  };
  document.addEventListener("keydown", (event) => {
    if (document.querySelector("dialog[open]")) return;
    if (DOES[window.ffLetter(event)]?.()) event.preventDefault();
  });
  document.addEventListener("walk-rows", (event) => walk(event.detail));
  document.addEventListener("focusin", (event) => {
    const row = event.target.closest?.("[data-row]"), list = row?.closest("[data-list]");
    if (list) choose(row, list);
  });
})();
