// The inbox: J, K, arrows and clicks show a hand-over beside the list; after an act the cursor goes on to the next row.
(() => {
  const inbox = document.querySelector("[data-inbox]");
  if (!inbox) return;
  const list = inbox.querySelector("[data-list]"), pane = document.getElementById("inbox-record");
  const rows = () => [...(list?.querySelectorAll("[data-row]") || [])];
  const linkOf = (row) => row.querySelector("[data-show]");
  const isWide = () => matchMedia("(min-width: 820px)").matches;
  const CALL_MS = [5_000, 7_200_000];
  let shown = rows().find((row) => row.querySelector("[aria-current]"))?.dataset.id || "";

  const mark = () => {
    rows().forEach((row) => {
      const isShown = row.dataset.id === shown, link = linkOf(row);
      row.classList.toggle("is-cursor", isShown);
      if (isShown) link.setAttribute("aria-current", "true"); else link.removeAttribute("aria-current");
    });
    const at = rows().findIndex((row) => row.dataset.id === shown), walk = pane.querySelector("[data-inbox-walk]");
    if (!walk || at < 0) return;
    walk.hidden = false;
    walk.querySelector("span").textContent = `${at + 1} of ${rows().length}`;
    walk.querySelectorAll("[data-inbox-by]").forEach((button) => {
      button.disabled = !rows()[at + Number(button.dataset.inboxBy)];
    });
  };
  // Careful: as long as the record is not that of the cursor, no key may decide about it.
  const guard = () => {
    const isOther = pane.querySelector("[data-sheet]")?.dataset.sheet !== shown;
    pane.querySelectorAll("[data-hotkey], .acts button").forEach((each) => { each.disabled = isOther; });
  };
  const show = (row, how) => {
    const link = linkOf(row), url = link.href;
    shown = row.dataset.id;
    mark();
    guard();
    row.scrollIntoView({ block: "nearest" });
    if (inbox.classList.contains("is-record") || isWide()) {
      if (how !== "again") history[how === "push" ? "pushState" : "replaceState"]({ inbox: shown }, "", url);
      htmx.ajax("GET", url, { target: "#inbox-record", swap: "innerHTML", source: pane })
        .then(() => { mark(); guard(); pane.scrollTop = 0; });
    } else location.href = url;
  };
  const focusOn = (row) => { if (isWide()) linkOf(row).focus({ preventScroll: true }); else pane.focus(); };
  const walk = (by) => {
    const all = rows(), at = all.findIndex((row) => row.dataset.id === shown);
    const next = all[at < 0 ? 0 : at + by];
    if (next) { show(next, "replace"); focusOn(next); }
    return Boolean(next);
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-show]"), step = event.target.closest?.("[data-inbox-by]");
    const isPlain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.button);
    if (step) walk(Number(step.dataset.inboxBy));
    if (!link || !isPlain || !isWide()) return;
    event.preventDefault();
    show(link.closest("[data-row]"), "push");
  });
  // Before list.js, which would only move the focus.
  document.addEventListener("keydown", (event) => {
    if (document.querySelector("dialog[open]") || event.ctrlKey || event.metaKey || event.altKey) return;
    const popover = event.target.closest?.("[popover]");
    if (popover) { chooseNumber(event, popover); return; }
    const letter = window.ffLetter(event);
    const arrow = list?.contains(document.activeElement) ? { ArrowDown: 1, ArrowUp: -1 }[event.key] : 0;
    const by = { j: 1, k: -1 }[letter] || arrow;
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    walk(by);
  }, true);
  const chooseNumber = (event, popover) => {
    const isText = event.target.matches("textarea, select, input:not([type=radio], [type=checkbox])");
    const choices = popover.querySelectorAll("[data-numbers] input");
    const choice = /^[1-9]$/.test(event.key) && !isText && choices[event.key - 1];
    if (!choice) return;
    event.preventDefault();
    choice.checked = true;
    choice.focus();
  };
  document.addEventListener("toggle", (event) => {
    if (event.newState !== "open" || !event.target.matches?.(".act")) return;
    event.target.querySelector("[data-numbers] input, textarea, input:not([type=hidden])")?.focus();
  }, true);

  // What the server says after an act: which row changed, and whether one goes on.
  document.addEventListener("inbox-answered", (event) => {
    const { id, goesOn } = event.detail;
    pane.querySelectorAll("[popover]:popover-open").forEach((each) => each.hidePopover());
    setTimeout(() => {
      const all = rows(), at = all.findIndex((row) => row.dataset.id === id);
      const waiting = (row) => !row.classList.contains("is-decided") && row.dataset.id !== id;
      const next = goesOn && at >= 0 && (all.slice(at + 1).find(waiting) || all.find(waiting));
      const row = next || all[at];
      if (row) { show(row, "replace"); focusOn(row); } else location.reload();
    }, 0);
  });

  // Back from a call: how was it? Once a call.
  let called = 0;
  document.addEventListener("click", (event) => { if (event.target.closest?.("[data-call]")) called = Date.now(); });
  document.addEventListener("visibilitychange", () => {
    const after = Date.now() - called;
    if (document.hidden || !called || after < CALL_MS[0] || after > CALL_MS[1]) return;
    called = 0;
    document.getElementById("act-call")?.showPopover();
  });
  window.addEventListener("popstate", (event) => {
    const row = rows().find((each) => each.dataset.id === event.state?.inbox);
    if (row) show(row, "again"); else if (!event.state?.drawer) location.reload();
  });
  history.replaceState({ inbox: shown }, "", location.href);
  rows().find((row) => row.dataset.id === shown)?.scrollIntoView({ block: "nearest" });
  mark();
})();
