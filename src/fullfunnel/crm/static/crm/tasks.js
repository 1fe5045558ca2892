// Tasks: D says done, S opens what one may put a task off to; then the cursor goes on to the task that follows.
(() => {
  const rows = () => [...document.querySelectorAll("#tasks [data-row]")];
  const here = () => rows().find((row) => row.contains(document.activeElement) || row.classList.contains("is-cursor"));
  let at = 0;
  document.addEventListener("keydown", (event) => {
    if (document.querySelector("dialog[open]")) return;
    const name = { d: "[data-task-done]", s: "[data-task-snooze]" }[window.ffLetter(event)];
    const row = name && (here() || rows()[0]), button = row?.querySelector(name);
    if (!button) return;
    event.preventDefault();
    button.focus();
    button.click();
    row.querySelector("details[open] .menu-body button")?.focus();
  });
  document.addEventListener("htmx:beforeRequest", ({ target }) => {
    const row = target.closest?.("#tasks [data-row]");
    if (row) at = rows().indexOf(row);
  });
  // Focus never falls to the page: the row that follows gets it.
  document.addEventListener("tasks-answered", () => {
    const all = rows(), next = all[Math.min(at, all.length - 1)];
    next?.classList.add("is-cursor");
    (next?.querySelector(".task-say a, [data-task-done]") || document.getElementById("main"))?.focus();
  });
})();
