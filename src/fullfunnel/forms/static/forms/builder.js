// The builder: keys on the list of fields, and previews that follow the draft.
(() => {
  const list = () => document.querySelector("#blocks");
  const act = (block, name) => block.querySelector(`[data-act="${name}"]:not([disabled])`)?.click();

  document.addEventListener("keydown", (event) => {
    const block = event.target.closest?.(".block[data-key]");
    const writing = event.target.closest?.("input, textarea, select");
    if (event.key === "/" && !writing && !event.ctrlKey && !event.metaKey) {
      const kind = document.querySelector("#add-kind");
      if (kind) { event.preventDefault(); kind.focus(); }
      return;
    }
    if (!writing && (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") {
      const act = document.querySelector(`[data-act="${event.shiftKey ? "redo" : "undo"}"]:not([disabled])`);
      if (act) { event.preventDefault(); act.click(); }
      return;
    }
    if (!block || writing) return;
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    const wanted = event.altKey && event.key === "ArrowUp" ? "up" : event.altKey && event.key === "ArrowDown" ? "down"
      : (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "d" ? "duplicate"
        : plain && event.key === "Delete" ? "remove" : "";
    if (wanted) { event.preventDefault(); act(block, wanted); return; }
    if (plain && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      const next = event.key === "ArrowUp" ? block.previousElementSibling : block.nextElementSibling;
      const link = next?.querySelector(".block-name");
      if (link) { event.preventDefault(); link.focus(); }
    }
  });

  // Focus stays with the field that was moved, although the list is drawn anew.
  let inList = false;
  let pressed = "";
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target === list()) {
      inList = list().contains(document.activeElement);
      pressed = document.activeElement?.closest("#form-actions [data-act]")?.dataset.act || "";
    }
  });
  document.addEventListener("htmx:afterSettle", () => {
    // Who has gone on to another field meanwhile keeps it.
    const isFree = !document.activeElement || document.activeElement === document.body;
    if (inList && isFree) list()?.querySelector(".is-chosen .block-name")?.focus();
    if (pressed && isFree) document.querySelector(`#form-actions [data-act="${pressed}"]:not([disabled])`)?.focus();
    inList = false;
    pressed = "";
  });
  document.addEventListener("draft-changed", () => {
    const asked = new URLSearchParams(location.search);
    document.querySelectorAll("iframe[data-preview]").forEach((frame) => {
      const url = new URL(frame.src);
      for (const name of ["field", "lang"]) url.searchParams.set(name, asked.get(name) || "");
      frame.contentWindow.location.replace(url.href);
    });
  });
})();
