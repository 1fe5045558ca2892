// Ctrl-K: pages and actions of the registry at once, by their names and by what the trade calls them; people, companies,
// deals and questions from the addresses in #palette-sources.
(() => {
  const dialog = document.querySelector("#palette");
  if (!dialog) return;
  const field = dialog.querySelector("input");
  const list = dialog.querySelector("ul");
  const read = (id) => JSON.parse(document.getElementById(id)?.textContent || "[]");
  const sources = read("palette-sources");
  const icons = document.querySelector(".icon use")?.getAttribute("href").split("#")[0];
  const ofPage = [...document.querySelectorAll("[data-palette]")].map((link) => (
    { label: link.dataset.palette, href: link.href, kind: "here", icon: "star", words: [] }));
  const commands = [...ofPage, ...read("palette-commands")];
  let items = [];
  let chosen = 0;
  let asked = 0;
  // The search whose answer Enter waits for; 0: none.
  let entered = 0;
  let isAsking = false;

  // How well a command fits what was typed: 0 not at all. A name that begins so goes before a word of the trade.
  const fit = (command, typed) => {
    const label = command.label.toLowerCase();
    if (label.startsWith(typed)) return 6;
    if (command.words.includes(typed)) return 5;
    const parts = typed.split(/\s+/);
    if (parts.every((part) => label.split(/[\s:,]+/).some((word) => word.startsWith(part)))) return 4;
    if (command.words.some((word) => word.startsWith(typed))) return 3;
    if (parts.every((part) => label.includes(part))) return 2;
    const all = [label, ...command.words].join(" ");
    return typed.length > 2 && parts.every((part) => all.includes(part)) ? 1 : 0;
  };
  const fitting = (typed) => {
    if (!typed) return commands.map((command) => ({ ...command, by: "" }));
    const found = commands.map((command) => ({ ...command, fits: fit(command, typed) })).filter((each) => each.fits);
    found.sort((a, b) => b.fits - a.fits);
    return found.map((each) => {
      const isNamed = each.label.toLowerCase().includes(typed);
      return { ...each, by: isNamed ? "" : each.words.find((word) => word.includes(typed)) || "" };
    });
  };
  const text = (tag, words, name = "") => {
    const made = document.createElement(tag);
    made.textContent = words;
    if (name) made.className = name;
    return made;
  };
  const drawn = (name) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("class", "icon");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", `${icons}#${name}`);
    svg.append(use);
    return svg;
  };
  const go = (item) => {
    if (item.href) location.href = item.href;
    else { dialog.close(); window.ffDo(item.does); }
  };

  const show = () => {
    list.replaceChildren(...items.map((item, index) => {
      const line = document.createElement("li");
      line.id = `found-${index}`;
      line.setAttribute("role", "option");
      line.setAttribute("aria-selected", String(index === chosen));
      if (icons && item.icon) line.append(drawn(item.icon));
      line.append(text("span", item.label, "truncate"));
      line.append(text("small", item.by ? `${item.kind} · ${item.by}` : item.kind));
      if (item.key) line.append(text("kbd", `g ${item.key}`));
      line.addEventListener("click", () => go(item));
      return line;
    }));
    if (!items.length) {
      const none = text("li", "Nothing found. Try a name, an e-mail address, or what you want to do.", "none");
      none.setAttribute("role", "option");
      none.setAttribute("aria-disabled", "true");
      list.append(none);
    }
    field.setAttribute("aria-activedescendant", items.length ? `found-${chosen}` : "");
    list.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  };
  const find = async () => {
    const typed = field.value.trim().toLowerCase();
    const mine = ++asked;
    items = fitting(typed);
    chosen = 0;
    show();
    isAsking = typed.length > 1;
    if (!isAsking) return;
    await new Promise((done) => setTimeout(done, 150));
    for (const source of sources) {
      if (mine !== asked) return;
      const asks = `${source}?q=${encodeURIComponent(field.value.trim())}`;
      const answer = await fetch(asks, { headers: { "HX-Request": "true" } });
      if (!answer.ok || mine !== asked) continue;
      const found = new DOMParser().parseFromString(await answer.text(), "text/html");
      const icon = { person: "user", company: "building", deal: "folder", question: "star" };
      items = items.concat([...found.querySelectorAll("a[href]")].map((link) => {
        const kind = link.dataset.kind || "person";
        return { label: link.textContent.trim(), href: link.getAttribute("href"), kind, icon: icon[kind] || "user" };
      }));
      show();
      if (entered === mine && items.length) { go(items[chosen]); return; }
    }
    if (mine === asked) isAsking = false;
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
    if (step && items.length) {
      event.preventDefault();
      chosen = (chosen + step + items.length) % items.length;
      show();
    }
    if (event.key !== "Enter") return;
    event.preventDefault();
    if (items[chosen]) go(items[chosen]); else if (isAsking) entered = asked;
  });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") { event.preventDefault(); open(); }
  });
  document.addEventListener("click", (event) => { if (event.target.closest?.("[data-open-palette]")) open(); });
})();
