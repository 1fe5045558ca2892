// Make a form: the name that is suggested is chosen, and follows the beginning as long as nobody has typed another.
(() => {
  const name = document.querySelector("[data-suggested]");
  if (!name) return;
  const labelOf = (radio) => radio.closest("label")?.textContent.trim() || "";
  let suggested = name.value;
  name.focus();
  name.select();
  document.addEventListener("change", (event) => {
    if (event.target.name !== "starter" || name.value !== suggested) return;
    suggested = event.target.value === "empty" ? "" : labelOf(event.target);
    name.value = suggested;
  });
})();
