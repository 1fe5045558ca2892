// The drawer and other dialogs. The drawer's address is pushed, so that Back closes it and a reload shows the page
// itself. A link with data-drawer opens there; out of a list (data-list, data-column or data-walk) one walks to its
// neighbours, by the head's buttons or by J and K.
(() => {
  const all = (selector, within) => [...within.querySelectorAll(selector)];
  const drawer = () => document.getElementById("drawer");
  // The addresses that one can walk, and the place among them.
  let road = [], at = -1;

  const open = (url, how) => {
    const box = drawer();
    if (!box) { location.href = url; return; }
    box.dataset.page = new URL(url, location.href).pathname;
    htmx.ajax("GET", url, { target: "#drawer-body", swap: "innerHTML" }).then(() => {
      if (!box.open) box.showModal();
      const depth = (history.state?.depth || 0) + (how === "push" ? 1 : 0);
      if (how === "push") history.pushState({ drawer: url, depth }, "", url);
      if (how === "replace") history.replaceState({ drawer: url, depth }, "", url);
      box.scrollTop = 0;
      showPlace();
    });
  };
  const close = (dialog) => {
    // Back goes from page to page within the drawer; closing leaves all of them.
    if (dialog.id === "drawer" && history.state?.drawer) history.go(-(history.state.depth || 1)); else shut(dialog);
  };
  // Focus goes back to the row that was shown last, before the next key: the event `close` would come after it.
  const shut = (dialog) => {
    dialog.close();
    if (dialog.id === "drawer" && road[at]) linkTo(road[at])?.focus();
  };
  const linkTo = (url) => all("a[data-drawer]", document).find((link) => link.href === url && !drawer().contains(link));

  const showPlace = () => {
    const place = drawer().querySelector("[data-walk-place]");
    if (!place || road.length < 2 || at < 0) return;
    place.hidden = false;
    place.querySelector("span").textContent = `${at + 1} of ${road.length}`;
    all("[data-walk-by]", place).forEach((button) => { button.disabled = !road[at + Number(button.dataset.walkBy)]; });
  };
  const walk = (by) => {
    const next = road[at + by];
    if (!next) return;
    at += by;
    const row = linkTo(next)?.closest("[data-row]");
    all(".is-cursor", document).forEach((each) => each.classList.remove("is-cursor"));
    row?.classList.add("is-cursor");
    open(next, "replace");
  };
  const remember = (link) => {
    const list = link.closest("[data-list], [data-column], [data-walk]");
    if (link.closest("#drawer, #beside")) return;
    const isRow = (each) => each.closest("[data-row], [data-card], [data-walk]");
    const links = list ? all("a[data-drawer]", list).filter(isRow) : [];
    road = [...new Set(links.map((each) => each.href))];
    at = road.indexOf(link.href);
  };

  window.addEventListener("popstate", (event) => {
    const url = event.state?.drawer;
    if (url) open(url, ""); else if (drawer()?.open) shut(drawer());
  });
  document.addEventListener("cancel", (event) => {
    if (event.target.id === "drawer") { event.preventDefault(); close(event.target); }
  }, true);
  // A page that could not be loaded into the drawer (signed out, gone) is opened as itself: it says why.
  document.addEventListener("htmx:responseError", (event) => {
    const { target, requestConfig, pathInfo } = event.detail;
    if (["drawer-body", "beside-body"].includes(target?.id) && requestConfig.verb === "get") location.href = pathInfo.requestPath;
  });
  document.addEventListener("click", (event) => {
    const hit = (selector) => event.target.closest?.(selector);
    const isPlain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.button);
    const link = hit("a[data-drawer]");
    if (link && isPlain && !event.defaultPrevented) {
      event.preventDefault();
      remember(link);
      open(link.href, "push");
    }
    const step = hit("[data-walk-by]");
    if (step?.closest("#drawer")) walk(Number(step.dataset.walkBy));
    const closing = hit("[data-close-dialog]");
    if (closing?.closest("dialog")) close(closing.closest("dialog"));
    if (event.target.tagName === "DIALOG") close(event.target);
  });
  // A view asks for it by HX-Trigger (core.pages.answer_action).
  document.addEventListener("drawer-opens", (event) => open(event.detail.value, "push"));
  document.addEventListener("drawer-closes", () => { if (drawer()?.open) close(drawer()); });
  document.addEventListener("keydown", (event) => {
    const by = drawer()?.open ? { j: 1, k: -1 }[window.ffLetter(event)] : 0;
    if (by) { event.preventDefault(); walk(by); }
  });
})();
