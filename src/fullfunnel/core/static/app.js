// The shell: theme, side bar, menus, keys. No inline code anywhere: the CSP forbids it.
(() => {
  const root = document.documentElement;
  const $ = (selector, within = document) => within.querySelector(selector);
  const keep = (name, value) => { try { localStorage.setItem(name, value); } catch { /* private mode */ } };

  // Theme and side bar
  const showTheme = () => document.querySelectorAll("[data-theme-choice]").forEach((button) => {
    if (button !== root) button.setAttribute("aria-pressed", String(button.dataset.themeChoice === root.dataset.themeChoice));
  });
  root.addEventListener("ff:theme", showTheme);
  showTheme();
  const setTheme = (choice) => {
    keep("ff-theme", choice);
    if (root.dataset.keepTheme) {
      root.dataset.ownTheme = choice;
      const headers = JSON.parse(document.body.getAttribute("hx-headers"));
      fetch(root.dataset.keepTheme, { method: "POST", headers, body: new URLSearchParams({ theme: choice }) });
    }
    root.dispatchEvent(new Event("ff:theme-changed"));
  };
  const fold = () => {
    root.dataset.sidebar = root.dataset.sidebar === "folded" ? "open" : "folded";
    keep("ff-sidebar", root.dataset.sidebar);
    window.dispatchEvent(new Event("resize"));
  };
  const foldGroup = (button) => {
    const folds = button.getAttribute("aria-expanded") === "true";
    button.setAttribute("aria-expanded", String(!folds));
    document.getElementById(button.getAttribute("aria-controls")).classList.toggle("is-folded", folds);
    const closed = document.querySelectorAll("[data-fold-group][aria-expanded=false]");
    const folded = [...closed].map((each) => each.dataset.foldGroup);
    // A cookie, so that the server draws the next page as it is to be.
    document.cookie = `ff-folded=${folded.join(".")}; path=/; max-age=31536000; samesite=lax`;
  };
  const pin = (what) => {
    const form = $("#pin");
    form.elements.path.value = location.pathname + location.search;
    form.elements.label.value = $("h1").textContent.trim();
    if (what === "unpin") form.append(Object.assign(document.createElement("input"), { name: "unpin", value: "1" }));
    form.submit();
  };
  // What a command of Ctrl-K does in the page itself.
  window.ffDo = (what) => {
    if (what === "keys") $("#keys").showModal();
    if (what === "fold") fold();
    if (what === "pin" || what === "unpin") pin(what);
    if (what.startsWith("theme:")) setTheme(what.slice(6));
  };
  const more = (open) => {
    if (open) root.dataset.more = "open"; else delete root.dataset.more;
    $("[data-open-more]")?.setAttribute("aria-expanded", String(Boolean(open)));
    if (open) $(".nav-main a")?.focus();
  };

  document.addEventListener("click", (event) => {
    const hit = (selector) => event.target.closest?.(selector);
    const choice = hit("button[data-theme-choice]");
    if (choice) setTheme(choice.dataset.themeChoice);
    if (hit("[data-fold]")) fold();
    const group = hit("[data-fold-group]");
    if (group) foldGroup(group);
    if (hit("[data-open-more]")) more(root.dataset.more !== "open"); else if (!hit(".sidebar")) more(false);
    if (hit("[data-open-keys]")) { closeMenus(); $("#keys").showModal(); }
    if (hit("[data-dismiss]")) hit(".message").remove();
    const copy = hit("[data-copy]");
    if (copy) copyText(copy);
    closeMenus(hit("details.menu"));
  });
  const closeMenus = (but) => document.querySelectorAll("details.menu[open]").forEach((menu) => { if (menu !== but) menu.open = false; });
  const copyText = async (button) => {
    await navigator.clipboard.writeText($(button.dataset.copy).textContent.trim());
    const label = $("span", button) || button;
    const before = label.textContent;
    label.textContent = "Copied";
    setTimeout(() => { label.textContent = before; }, 1500);
  };

  // Keys: g and a letter goes, ? shows them, [ folds, Ctrl-K finds (palette.js), Esc closes.
  let going = -Infinity;
  const typing = (element) => element.closest?.("input, textarea, select, [contenteditable=true]");
  // The single letter that a key event stands for, or "": none while typing, with Ctrl, or where they are switched off.
  window.ffLetter = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.key.length > 1 || typing(event.target)) return "";
    if (event.defaultPrevented) return "";
    return root.dataset.letters === "off" ? "" : event.key.toLowerCase();
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { closeMenus(); more(false); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || $("dialog[open]")) return;
    if (root.dataset.letters === "off") return;
    if (event.timeStamp - going < 1500 && /^[a-z]$/.test(event.key)) {
      going = -Infinity;
      const link = $(`.nav-main a[data-key="${event.key}"]`);
      if (link) { event.preventDefault(); link.click(); }
    } else if (event.key === "g") going = event.timeStamp;
    else if (event.key === "?") $("#keys")?.showModal();
    else if (event.key === "[") fold();
  });
  // A button says its own letter: data-hotkey="a". In an open drawer only the drawer's are heard.
  document.addEventListener("keydown", (event) => {
    const letter = window.ffLetter(event), dialog = $("dialog[open]");
    if (!/^[a-z]$/.test(letter) || (dialog && dialog.id !== "drawer")) return;
    const buttons = [...(dialog || document).querySelectorAll(`[data-hotkey="${letter}"]`)];
    const button = buttons.find((each) => each.offsetParent && !each.disabled);
    if (!button) return;
    event.preventDefault();
    button.focus();
    button.click();
  });
  const showLetters = () => { const box = $("[data-letters]"); if (box) box.checked = root.dataset.letters !== "off"; };
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-letters]")) return;
    root.dataset.letters = event.target.checked ? "on" : "off";
    keep("ff-letters", root.dataset.letters);
  });
  showLetters();

  // A popover opens with the focus where one chooses or writes. Careful: not in `toggle`, which comes so late that the
  // next key is heard before it, or that it takes the focus away from where one writes already.
  const FIRST = "[data-numbers] input, ol button, input:not([type=hidden]), select, textarea";
  document.addEventListener("beforetoggle", (event) => {
    const box = event.target;
    if (event.newState !== "open" || !box.popover || $("[autofocus]", box)) return;
    $(FIRST, box)?.setAttribute("autofocus", "");
  }, true);

  // Careful: htmx takes a button that has only got the focus for the one that was pressed. A form that asks by itself
  // (a change, a keystroke) sends none of its buttons.
  document.addEventListener("htmx:configRequest", ({ detail: { elt, triggeringEvent, formData } }) => {
    if (elt.tagName !== "FORM" || !triggeringEvent || triggeringEvent.type === "submit") return;
    const typed = new FormData(elt);
    const buttons = [...elt.elements].filter((each) => each.type === "submit" && each.name);
    new Set(buttons.map((each) => each.name)).forEach((name) => {
      formData.delete(name);
      typed.getAll(name).forEach((value) => formData.append(name, value));
    });
  });

  // A control that changes the view sends its form at once (the button stays for those without JavaScript).
  document.addEventListener("change", (event) => { if (event.target.matches("[data-submit]")) event.target.form.requestSubmit(); });

  $(".tabs [aria-current=page]")?.scrollIntoView({ block: "nearest", inline: "center" });
  // A page that answered a form is not sent again by a reload.
  if ($("[data-answered]")) history.replaceState(history.state, "", location.href);
})();
