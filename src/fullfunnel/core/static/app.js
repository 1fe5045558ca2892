// The shell: theme, side bar, menus, drawer, keys, drafts of forms. No inline code anywhere: the CSP forbids it.
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
  const fold = () => {
    root.dataset.sidebar = root.dataset.sidebar === "folded" ? "open" : "folded";
    keep("ff-sidebar", root.dataset.sidebar);
    window.dispatchEvent(new Event("resize"));
  };
  const more = (open) => {
    if (open) root.dataset.more = "open"; else delete root.dataset.more;
    $("[data-open-more]")?.setAttribute("aria-expanded", String(Boolean(open)));
    if (open) $(".nav-main a")?.focus();
  };

  // Dialogs. The drawer's address is pushed, so that Back closes it and a reload shows the page itself.
  const drawer = () => $("#drawer");
  const openDrawer = (url, push) => {
    const box = drawer();
    if (!box) { location.href = url; return; }
    htmx.ajax("GET", url, { target: "#drawer-body", swap: "innerHTML" }).then(() => {
      if (!box.open) box.showModal();
      if (push) history.pushState({ drawer: url, depth: (history.state?.depth || 0) + 1 }, "", url);
      box.scrollTop = 0;
    });
  };
  const closeDialog = (dialog) => {
    // Back goes from page to page within the drawer; closing leaves all of them.
    if (dialog.id === "drawer" && history.state?.drawer) history.go(-(history.state.depth || 1)); else dialog.close();
  };
  window.addEventListener("popstate", (event) => {
    const url = event.state?.drawer;
    if (url) openDrawer(url, false); else if (drawer()?.open) drawer().close();
  });
  document.addEventListener("cancel", (event) => {
    if (event.target.id === "drawer") { event.preventDefault(); closeDialog(event.target); }
  }, true);
  // A page that could not be loaded into the drawer (signed out, gone) is opened as itself: it says why.
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.target?.id === "drawer-body") location.href = event.detail.pathInfo.requestPath;
  });

  document.addEventListener("click", (event) => {
    const hit = (selector) => event.target.closest?.(selector);
    const plain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.button);
    const inDrawer = hit("a[data-drawer]");
    if (inDrawer && plain && window.htmx) { event.preventDefault(); openDrawer(inDrawer.href, true); return; }
    const choice = hit("button[data-theme-choice]");
    if (choice) { keep("ff-theme", choice.dataset.themeChoice); root.dispatchEvent(new Event("ff:theme-changed")); }
    if (hit("[data-fold]")) fold();
    if (hit("[data-open-more]")) more(root.dataset.more !== "open"); else if (!hit(".sidebar")) more(false);
    if (hit("[data-open-keys]")) { closeMenus(); $("#keys").showModal(); }
    if (hit("[data-dismiss]")) hit(".message").remove();
    const close = hit("[data-close-dialog]");
    if (close) closeDialog(close.closest("dialog"));
    if (event.target.tagName === "DIALOG") closeDialog(event.target);
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
  let going = 0;
  const typing = (element) => element.closest?.("input, textarea, select, [contenteditable=true]");
  // The single letter that a key event stands for, or "": none while typing, with Ctrl, or where they are switched off.
  window.ffLetter = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.key.length > 1 || typing(event.target)) return "";
    return root.dataset.letters === "off" ? "" : event.key.toLowerCase();
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { closeMenus(); more(false); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || $("dialog[open]")) return;
    if (event.timeStamp - going < 1500 && /^[a-z]$/.test(event.key)) {
      going = 0;
      const link = $(`.nav-main a[data-key="${event.key}"]`);
      if (link) { event.preventDefault(); link.click(); }
    } else if (event.key === "g") going = event.timeStamp;
    else if (event.key === "?") $("#keys")?.showModal();
    else if (event.key === "[") fold();
  });

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

  // Nothing typed is lost: a form marked data-keep is remembered until it was saved, also over a sign-in.
  const drafts = document.querySelectorAll("form[data-keep]");
  const saved = $("[data-message=success], [data-answered]");
  drafts.forEach((form) => {
    const name = `ff-draft:${location.pathname}:${form.dataset.keep}`;
    const fields = () => [...form.elements].filter((field) => field.name && !["hidden", "password", "submit", "file"].includes(field.type));
    if (saved) sessionStorage.removeItem(name);
    const draft = JSON.parse(sessionStorage.getItem(name) || "null");
    if (draft && !form.querySelector("[aria-invalid=true]")) {
      fields().forEach((field) => {
        const value = draft[`${field.name}=${field.type === "checkbox" || field.type === "radio" ? field.value : ""}`];
        if (value === undefined) return;
        if (typeof value === "boolean") field.checked = value; else field.value = value;
      });
    }
    form.addEventListener("input", () => sessionStorage.setItem(name, JSON.stringify(Object.fromEntries(fields().map((field) => {
      const box = field.type === "checkbox" || field.type === "radio";
      return [`${field.name}=${box ? field.value : ""}`, box ? field.checked : field.value];
    })))));
  });
  $(".tabs [aria-current=page]")?.scrollIntoView({ block: "nearest", inline: "center" });
  // A page that answered a form is not sent again by a reload.
  if ($("[data-answered]")) history.replaceState(history.state, "", location.href);
})();
