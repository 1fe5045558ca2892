// What was done is written down (crm/_composer.html): L goes there, Ctrl Enter saves.
document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("[data-composer]");
  if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit();
    return;
  }
  if (window.ffLetter(event) !== "l" || event.defaultPrevented) return;
  const text = [...document.querySelectorAll("[data-log-text]")].find((each) => each.offsetParent);
  if (!text) return;
  event.preventDefault();
  text.focus();
});
