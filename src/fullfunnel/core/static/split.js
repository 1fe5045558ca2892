// A record beside its list (core/_split.html), from 1,200 px on: Space or the button opens it, J and K go on to the
// neighbours, Esc closes it. The address holds it as ?beside=. Where there is no room the record opens in the drawer.
(() => {
  const WIDE = matchMedia("(min-width: 1200px)"), WAIT_MS = 120;
  const place = () => document.getElementById("beside");
  const linkOf = (row) => row?.querySelector("a[data-open]");
  const first = (selector) => document.querySelector(`[data-split] ${selector}`);
  const chosen = () => first(".is-cursor") || first("[data-row]");
  const isOpen = () => Boolean(place() && !place().hidden);
  let timer = 0, asked = "";

  const say = (path) => {
    const url = new URL(location.href);
    if (path) url.searchParams.set("beside", path); else url.searchParams.delete("beside");
    history.replaceState(history.state, "", url);
  };
  const show = (path) => {
    const box = place();
    if (!box || path === asked) return;
    asked = path;
    const wanted = path;
    htmx.ajax("GET", path, { target: "#beside-body", swap: "innerHTML" }).then(() => {
      if (asked !== wanted) return;
      box.hidden = false;
      box.closest("[data-split]").classList.add("is-split");
      document.querySelector("[data-split] .is-cursor")?.scrollIntoView({ block: "nearest" });
      box.scrollTop = 0;
      say(wanted);
    });
  };
  const close = () => {
    const box = place();
    box.hidden = true;
    asked = "";
    box.closest("[data-split]").classList.remove("is-split");
    document.getElementById("beside-body").replaceChildren();
    say("");
    linkOf(chosen())?.focus();
  };
  const open = (row) => {
    const link = linkOf(row);
    if (!link) return;
    if (!WIDE.matches) { link.click(); return; }
    row.closest("[data-list]").querySelectorAll(".is-cursor").forEach((each) => each.classList.remove("is-cursor"));
    row.classList.add("is-cursor");
    show(new URL(link.href).pathname);
  };

  document.addEventListener("row-chosen", (event) => {
    if (!isOpen() || !event.target.closest("[data-split]")) return;
    clearTimeout(timer);
    timer = setTimeout(() => open(event.target), WAIT_MS);
  });
  document.addEventListener("keydown", (event) => {
    if (!place() || document.querySelector("dialog[open]")) return;
    const at = event.target, isTyping = at.closest?.("input, textarea, select, [contenteditable]");
    if (event.key === "Escape" && isOpen() && !isTyping && !event.defaultPrevented) { event.preventDefault(); close(); }
    const isFree = at === document.body || at.closest?.("[data-split] [data-row] a[data-open]");
    if (event.key !== " " || !isFree || isTyping) return;
    event.preventDefault();
    open(at.closest("[data-row]") || chosen());
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-split-open]")) { if (isOpen()) close(); else open(chosen()); }
    if (event.target.closest?.("#beside [data-close-dialog]")) close();
    const step = event.target.closest?.("#beside [data-walk-by]");
    if (step) document.dispatchEvent(new CustomEvent("walk-rows", { detail: Number(step.dataset.walkBy) }));
  });
  // Its place in the list, and the buttons that go on.
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id !== "beside-body") return;
    const rows = [...document.querySelectorAll("[data-split] [data-row]")];
    const at = rows.findIndex((row) => linkOf(row) && new URL(linkOf(row).href).pathname === asked);
    const walk = event.target.querySelector("[data-walk-place]");
    if (!walk || at < 0) return;
    walk.hidden = false;
    walk.querySelector("span").textContent = `${at + 1} of ${rows.length}`;
    walk.querySelectorAll("[data-walk-by]").forEach((button) => {
      button.disabled = !rows[at + Number(button.dataset.walkBy)];
    });
  });
  const named = new URLSearchParams(location.search).get("beside") || "";
  if (place() && WIDE.matches && /^\/w\/[^/\\]+\/[^\\]*$/.test(named)) {
    const row = [...document.querySelectorAll("[data-split] [data-row]")]
      .find((each) => linkOf(each) && new URL(linkOf(each).href).pathname === named);
    row?.classList.add("is-cursor");
    show(named);
  }
})();
