// The combobox (core/_picker.html): what is typed is asked for after 120 ms; arrows, Enter, Escape; Tab takes what was
// moved to. The hidden field holds the value, and is empty as long as the words are not an option's.
(() => {
  const WAIT_MS = 120;
  const all = (selector, within) => [...within.querySelectorAll(selector)];
  const pickerOf = (element) => element?.closest?.("[data-picker]");
  const part = (picker) => ({
    box: picker.querySelector("[role=combobox]"), value: picker.querySelector("[data-picker-value]"),
    list: picker.querySelector("[role=listbox]"), said: picker.querySelector("[data-picker-said]"),
  });
  const asking = new WeakMap();
  const close = (picker) => {
    const { box, list } = part(picker);
    clearTimeout(asking.get(picker)?.timer);
    if (asking.get(picker)) asking.get(picker).isWaiting = false;
    list.hidden = true;
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  };
  const mark = (picker, option) => {
    const { box, list } = part(picker);
    all("[role=option]", list).forEach((each) => each.classList.toggle("is-here", each === option));
    box.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  };
  // What Enter takes: the option that is marked, the one that was typed in full, or the only one.
  const meant = (picker) => {
    const { box, list } = part(picker), options = all("[role=option]:not([aria-disabled])", list);
    const typed = box.value.trim().toLowerCase();
    return list.querySelector(".is-here") || options.find((option) => option.dataset.label.toLowerCase() === typed)
      || (options.length === 1 ? options[0] : null);
  };
  const enter = (picker) => {
    const state = asking.get(picker), option = meant(picker);
    if (state?.isWaiting) state.isEntered = true;
    else if (option) take(picker, option);
    else walk(picker, 1);
  };
  const show = (picker, html) => {
    const { box, value, list, said } = part(picker);
    if (document.activeElement !== box) return;
    list.innerHTML = html;
    const options = all("[role=option]", list);
    options.forEach((option, at) => {
      option.id = `${list.id}-${at}`;
      option.setAttribute("aria-selected", String(option.dataset.value === value.value));
    });
    list.hidden = false;
    box.setAttribute("aria-expanded", "true");
    said.textContent = options.length === 1 ? "1 fits" : `${options.length} fit`;
    const state = asking.get(picker);
    state.isWaiting = false;
    if (state.isEntered) enter(picker);
  };
  const ask = (picker, wait) => {
    const before = asking.get(picker), stop = new AbortController();
    clearTimeout(before?.timer);
    before?.stop.abort();
    const url = new URL(picker.dataset.options, location.href);
    url.searchParams.set("q", part(picker).box.value.trim());
    const timer = setTimeout(() => fetch(url, { signal: stop.signal, headers: { "HX-Request": "true" } })
      .then((answer) => (answer.ok ? answer.text() : Promise.reject(new Error("refused"))))
      .then((html) => show(picker, html))
      .catch((error) => {
        if (error.name === "AbortError") return;
        asking.get(picker).isWaiting = false;
        part(picker).said.textContent = "The list did not come. Try again.";
      }), wait);
    asking.set(picker, { timer, stop, isWaiting: true, isEntered: false });
  };
  const choose = (picker, chosen) => {
    const { value } = part(picker);
    if (value.value === chosen) return;
    value.value = chosen;
    value.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const take = (picker, option) => {
    const { box } = part(picker);
    if (!option || option.getAttribute("aria-disabled") === "true") return;
    box.value = option.dataset.label;
    close(picker);
    choose(picker, option.dataset.value);
  };
  const walk = (picker, by) => {
    const options = all("[role=option]:not([aria-disabled])", part(picker).list);
    const at = options.findIndex((option) => option.classList.contains("is-here"));
    const next = options.at(at < 0 && by < 0 ? -1 : (at + by) % options.length);
    if (next) mark(picker, next);
  };

  document.addEventListener("input", (event) => {
    const picker = pickerOf(event.target);
    if (!picker || event.target !== part(picker).box) return;
    choose(picker, "");
    ask(picker, WAIT_MS);
  });
  document.addEventListener("keydown", (event) => {
    const picker = pickerOf(event.target);
    if (!picker) return;
    const { list } = part(picker), here = list.querySelector(".is-here"), isOpen = !list.hidden;
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by && isOpen) walk(picker, by);
    else if (by) ask(picker, 0);
    else if (event.key === "Enter" && (isOpen || asking.get(picker)?.isWaiting)) enter(picker);
    else if (event.key === "Escape" && isOpen) close(picker);
    else if (event.key === "Tab" && isOpen) { take(picker, here); close(picker); return; }
    else return;
    event.preventDefault();
    event.stopPropagation();
  }, true);
  document.addEventListener("click", (event) => {
    const picker = pickerOf(event.target), option = event.target.closest?.("[role=option]");
    if (picker && option) take(picker, option);
    else if (picker && event.target === part(picker).box && part(picker).list.hidden) ask(picker, 0);
  });
  // A press on the list keeps the focus in the box, so that the box does not close it first.
  document.addEventListener("mousedown", (event) => {
    if (event.target.closest?.(".picker-options")) event.preventDefault();
  });
  document.addEventListener("focusout", (event) => {
    const picker = pickerOf(event.target);
    if (picker && !picker.contains(event.relatedTarget)) close(picker);
  });
})();
