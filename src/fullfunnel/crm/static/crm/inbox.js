// The inbox: J, K, arrows and clicks show a hand-over beside the list; after an act the cursor goes on to the next row.
(() => {
  const inbox = document.querySelector("[data-inbox]");
  if (!inbox) return;
  const list = inbox.querySelector("[data-list]"), pane = document.getElementById("inbox-record");
  const rows = () => [...(list?.querySelectorAll("[data-row]") || [])];
  const linkOf = (row) => row.querySelector("[data-show]");
  const isWide = () => matchMedia("(min-width: 820px)").matches;
  const CALL_MS = [5_000, 7_200_000];
  const sheetOf = () => pane.querySelector("[data-sheet]")?.dataset.sheet || "";
  // The hand-over of the cursor; whether its record is on the way, or an act is; the letters that wait for them.
  let shown = sheetOf(), isLoading = false, isDeciding = false, early = [];

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
  // Careful: as long as the record is not that of the cursor, no button may decide about it.
  const isReady = () => !isLoading && !isDeciding && sheetOf() === shown;
  const guard = () => {
    const isOff = !isReady();
    pane.querySelectorAll("[data-hotkey], .acts button").forEach((each) => { each.disabled = isOff; });
  };
  const load = (id, url, how) => {
    shown = id;
    isLoading = true;
    mark();
    guard();
    if (how !== "again") history[how === "push" ? "pushState" : "replaceState"]({ inbox: shown }, "", url);
    htmx.ajax("GET", url, { target: "#inbox-record", swap: "innerHTML", source: pane }).catch(() => {});
  };
  const show = (row, how) => {
    const url = linkOf(row).href;
    row.scrollIntoView({ block: "nearest" });
    if (inbox.classList.contains("is-record") || isWide()) load(row.dataset.id, url, how); else location.href = url;
  };
  // Careful: not by the promise of htmx.ajax, which is kept at once for a request that waits for the one before; and
  // htmx does not know the new forms before they have settled: they would load a page.
  document.addEventListener("htmx:afterSwap", (event) => { if (event.target === pane) guard(); });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target !== pane) return;
    isLoading = sheetOf() !== shown;
    mark();
    guard();
    pane.scrollTop = 0;
    obey();
  });
  ["htmx:responseError", "htmx:sendError"].forEach((name) => document.addEventListener(name, ({ detail }) => {
    if (detail.target !== pane) return;
    isLoading = false;
    early = [];
    const sentence = "The record did not come. Try again.";
    document.dispatchEvent(new CustomEvent("toast", { detail: { sentence, refused: true } }));
  }));
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
    const popover = openPopover();
    if (popover) { chooseNumber(event, popover); return; }
    if (early.length && /^([1-9]|Enter)$/.test(event.key)) {
      // What answers a letter that waits, waits with it.
      early.push(event.key);
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    const letter = window.ffLetter(event);
    const arrow = list?.contains(document.activeElement) ? { ArrowDown: 1, ArrowUp: -1 }[event.key] : 0;
    const by = { j: 1, k: -1 }[letter] || arrow;
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    if (early.length) early.push(by < 0 ? "k" : "j"); else walk(by);
  }, true);
  const openPopover = () => document.querySelector("[popover]:popover-open");
  const chooseNumber = (event, popover) => {
    const isText = event.target.matches("textarea, select, input:not([type=radio], [type=checkbox])");
    if (!isText && choose(popover, event.key)) event.preventDefault();
  };
  const choose = (popover, key) => {
    const choice = /^[1-9]$/.test(key) && popover.querySelectorAll("[data-numbers] input")[key - 1];
    if (!choice) return false;
    choice.checked = true;
    choice.focus();
    return true;
  };
  // A letter that comes before its record is obeyed when the record stands. A second A is no second decision as long as
  // the first is not answered: one of the two was pressed for the record that is shown.
  document.addEventListener("keydown", (event) => {
    const letter = window.ffLetter(event);
    if (isReady() || event.repeat || !/^[a-z]$/.test(letter) || document.querySelector("dialog[open]")) return;
    if (!openPopover() && !(isDeciding && letter === "a")) early.push(letter);
  });
  const obey = () => {
    while (early.length && isReady()) {
      const key = early.shift(), by = { j: 1, k: -1 }[key], popover = openPopover();
      if (popover && key === "Enter") popover.querySelector("form")?.requestSubmit();
      else if (popover) choose(popover, key);
      else if (by) walk(by);
      else if (/^[a-z]$/.test(key)) pane.querySelector(`[data-hotkey="${key}"]`)?.click();
    }
  };
  const isAct = (config) => config?.verb === "post" && config.elt.closest("#inbox-record, #toast");
  document.addEventListener("htmx:beforeRequest", ({ detail: { requestConfig } }) => {
    if (!isAct(requestConfig)) return;
    isDeciding = true;
    guard();
  });
  document.addEventListener("htmx:afterRequest", ({ detail: { requestConfig } }) => {
    if (!isDeciding || requestConfig?.verb !== "post") return;
    isDeciding = false;
    guard();
    setTimeout(obey);
  });

  // What the server says after an act: which row changed, and whether one goes on.
  document.addEventListener("inbox-answered", (event) => {
    const { id, goesOn, address } = event.detail;
    pane.querySelectorAll("[popover]:popover-open").forEach((each) => each.hidePopover());
    setTimeout(() => {
      // Who has walked on meanwhile stays there.
      if (goesOn && shown !== id) { mark(); return; }
      const all = rows(), at = all.findIndex((row) => row.dataset.id === id);
      const waiting = (row) => !row.classList.contains("is-decided") && row.dataset.id !== id;
      const next = goesOn && at >= 0 && (all.slice(at + 1).find(waiting) || all.find(waiting));
      const row = next || all[at];
      // A record that was opened by its address may stand in no row.
      if (!row) { load(id, address, "replace"); return; }
      show(row, "replace");
      if (!isWriting()) focusOn(row);
    }, 0);
  });
  const isWriting = () => document.activeElement?.closest("input, textarea, select, dialog[open]");

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
    // A drawer that closes over an empty inbox goes back to what is shown: loaded anew, its toast would be gone.
    const isShown = event.state?.inbox === shown;
    if (row) show(row, "again"); else if (!event.state?.drawer && !isShown) location.reload();
  });
  history.replaceState({ inbox: shown }, "", location.href);
  rows().find((row) => row.dataset.id === shown)?.scrollIntoView({ block: "nearest" });
  mark();
})();
