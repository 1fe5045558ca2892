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
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target === list()) inList = list().contains(document.activeElement);
  });
  document.addEventListener("htmx:afterSettle", () => {
    if (inList) list()?.querySelector(".is-chosen .block-name")?.focus();
    inList = false;
  });
  document.addEventListener("draft-changed", () => {
    const field = new URLSearchParams(location.search).get("field") || "";
    document.querySelectorAll("iframe[data-preview]").forEach((frame) => {
      const url = new URL(frame.src);
      url.searchParams.set("field", field);
      frame.contentWindow.location.replace(url.href);
    });
  });
})();
