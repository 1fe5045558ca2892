// A period (core/_date_range.html): a preset asks at once; From … to … shows its two days first, which keep each other
// in order.
(() => {
  const partsOf = (range) => ({
    preset: range.querySelector("[data-range-preset]"), days: range.querySelector("[data-range-days]"),
    first: range.querySelector("[data-range-first]"), last: range.querySelector("[data-range-last]"),
  });
  const bound = ({ first, last }) => { last.min = first.value; first.max = last.value; };
  document.addEventListener("change", (event) => {
    const range = event.target.closest?.("[data-range]");
    if (!range) return;
    const parts = partsOf(range), isCustom = parts.preset.value === "custom";
    if (event.target === parts.preset) {
      parts.days.hidden = !isCustom;
      parts.first.disabled = parts.last.disabled = !isCustom;
      // What asks by itself would ask for no days.
      if (isCustom) { event.stopPropagation(); parts.first.focus(); return; }
    } else bound(parts);
    const isWhole = !isCustom || (parts.first.value && parts.last.value && parts.first.value <= parts.last.value);
    if (isWhole && range.dataset.range === "submits") parts.preset.form.requestSubmit();
  }, true);
})();
