// New lead: name and phone are comboboxes over one list of who fits (crm/leads/_matches.html), which htmx draws anew.
(() => {
  const BOXES = "#id_name, #id_contact";
  const form = () => document.getElementById("new-lead");
  const boxes = () => [...(form()?.querySelectorAll(BOXES) || [])];
  const options = () => [...(form()?.querySelectorAll("#lead-options [role=option]:not([aria-disabled])") || [])];
  const here = () => form()?.querySelector("#lead-options .is-here");
  const mark = (option) => {
    options().forEach((each) => each.classList.toggle("is-here", each === option));
    boxes().forEach((box) => {
      if (option && box === document.activeElement) box.setAttribute("aria-activedescendant", option.id);
      else box.removeAttribute("aria-activedescendant");
    });
  };
  const take = (option) => {
    document.getElementById("lead-person").value = option.dataset.value;
    options().forEach((each) => each.setAttribute("aria-selected", String(each === option)));
    mark(null);
    htmx.trigger(form().querySelector("[data-lead-who]"), "lead-picked");
  };
  document.addEventListener("keydown", (event) => {
    if (!event.target.matches?.(BOXES) || !form()?.contains(event.target)) return;
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key], all = options(), at = all.indexOf(here());
    if (by && all.length) mark(all.at(at < 0 && by < 0 ? -1 : (at + by) % all.length));
    else if (event.key === "Enter" && here()) take(here());
    else if (event.key === "Escape" && here()) mark(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }, true);
  document.addEventListener("click", (event) => {
    const option = event.target.closest?.("#lead-options [role=option]:not([aria-disabled])");
    if (option) take(option);
  });
  document.addEventListener("mousedown", (event) => {
    if (event.target.closest?.("#lead-options")) event.preventDefault();
  });
  document.addEventListener("focusout", (event) => { if (event.target.matches?.(BOXES)) mark(null); });
  document.addEventListener("htmx:afterSettle", () => {
    const isOpen = String(options().length > 0);
    boxes().forEach((box) => {
      box.setAttribute("aria-expanded", isOpen);
      box.removeAttribute("aria-activedescendant");
    });
  });
})();
