// Ctrl-K: pages and actions from the side bar at once, people and the like from the addresses in data-sources.
(() => {
  const dialog = document.querySelector("#palette");
  if (!dialog) return;
  const field = dialog.querySelector("input");
  const list = dialog.querySelector("ul");
  const sources = JSON.parse(dialog.dataset.sources || "[]");
  const pages = [...document.querySelectorAll(".nav-main a, .switcher .menu-body a, [data-palette]")].map((link) => ({
    label: link.dataset.palette || link.textContent.trim(), href: link.href,
    kind: link.closest(".switcher") ? "workspace" : link.dataset.palette ? "action" : "page",
  }));
  let items = [];
  let chosen = 0;
  let asked = 0;

  const show = () => {
    list.replaceChildren(...items.map((item, index) => {
      const line = document.createElement("li");
      line.id = `found-${index}`;
      line.setAttribute("role", "option");
      line.setAttribute("aria-selected", String(index === chosen));
      const label = document.createElement("span");
      label.className = "truncate";
      label.textContent = item.label;
      const kind = document.createElement("small");
      kind.textContent = item.kind;
      line.append(label, kind);
      line.addEventListener("click", () => { location.href = item.href; });
      return line;
    }));
    if (!items.length) {
      const none = document.createElement("li");
      none.className = "none";
      none.setAttribute("role", "option");
      none.setAttribute("aria-disabled", "true");
      none.textContent = "Nothing found";
      list.append(none);
    }
    field.setAttribute("aria-activedescendant", items.length ? `found-${chosen}` : "");
    list.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  };
  const find = async () => {
    const words = field.value.trim().toLowerCase();
    const mine = ++asked;
    items = pages.filter((page) => words.split(/\s+/).every((word) => page.label.toLowerCase().includes(word)));
    chosen = 0;
    show();
    if (words.length < 2) return;
    await new Promise((done) => setTimeout(done, 150));
    for (const source of sources) {
      if (mine !== asked) return;
      const answer = await fetch(`${source}?q=${encodeURIComponent(field.value.trim())}`, { headers: { "HX-Request": "true" } });
      if (!answer.ok || mine !== asked) continue;
      const found = new DOMParser().parseFromString(await answer.text(), "text/html");
      items = items.concat([...found.querySelectorAll("a[href]")].map((link) => (
        { label: link.textContent.trim(), href: link.getAttribute("href"), kind: link.dataset.kind || "person" })));
      show();
    }
  };
  const open = () => {
    if (dialog.open) return;
    dialog.showModal();
    field.value = "";
    find();
  };
  field.addEventListener("input", find);
  field.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && items.length) { event.preventDefault(); chosen = (chosen + step + items.length) % items.length; show(); }
    if (event.key === "Enter" && items[chosen]) { event.preventDefault(); location.href = items[chosen].href; }
  });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") { event.preventDefault(); open(); }
  });
  document.addEventListener("click", (event) => { if (event.target.closest?.("[data-open-palette]")) open(); });
})();
