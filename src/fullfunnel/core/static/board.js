// A board (core/_board.html): cards walk and move by keys, mouse and finger. A move is posted to the card's address as
// `to` and `before`; the answer's fragments replace what changed, and a card that is refused goes back to its place.
// All listeners are the document's, so columns may be replaced at any time.
(() => {
  const CLICK_PX = 5, PRESS_MS = 350, EDGE_PX = 48;
  const all = (selector, within) => [...within.querySelectorAll(selector)];
  const boardOf = (element) => element?.closest?.("[data-board]");
  const cardOf = (element) => element?.closest?.("[data-card]");
  const columnOf = (element) => element?.closest?.("[data-column]");
  const cardsOf = (column) => all("[data-card]", column);
  const listOf = (column) => column.querySelector(".board-cards");
  const linkOf = (card) => card.querySelector("[data-card-open]");
  const columnsOf = (card) => all("[data-column]", boardOf(card));
  const made = (name, className, text) => Object.assign(document.createElement(name), { className, textContent: text });
  // {card, hole, by: "keys" | "pointer" | "menu"}: the card that is lifted, and the place it came from.
  let lifted = null;
  // {card, x, y, timer, gap}: the pointer that went down on a card, and the place a drop would take.
  let drag = null;

  const focus = (card) => {
    linkOf(card)?.focus({ preventScroll: true });
    card.scrollIntoView({ block: "nearest", inline: "nearest" });
  };
  // One card of a board takes Tab; arrows reach the others.
  const settle = () => all("[data-board]", document).forEach((board) => {
    const links = all("[data-card-open]", board);
    const chosen = links.find((link) => link.matches("[data-chosen]")) || links[0];
    links.forEach((link) => {
      reach(link, link === chosen);
      link.setAttribute("aria-describedby", `${board.id}-keys`);
    });
  });
  const reach = (link, isChosen) => {
    link.tabIndex = cardOf(link).querySelector("summary").tabIndex = isChosen ? 0 : -1;
    link.toggleAttribute("data-chosen", isChosen);
  };
  const choose = (link) => all("[data-card-open]", boardOf(link)).forEach((each) => reach(each, each === link));

  const KEYS = [["← →", "column"], ["↑ ↓", "place"], ["Enter", "drop"], ["Esc", "put back"]];
  const say = (board, words, withKeys) => {
    const hint = board?.querySelector("[data-board-hint]");
    if (!hint || hint.dataset.words === words) return;
    hint.dataset.words = words;
    const keys = made("span", "board-hint-keys", "");
    keys.setAttribute("aria-hidden", "true");
    if (withKeys) KEYS.forEach(([key, does]) => keys.append(made("kbd", "", key), ` ${does} `));
    hint.replaceChildren(...(words ? [made("b", "", words), keys] : []));
  };
  const sayPlace = (column, at) => {
    const { card, hole, by } = lifted, home = columnOf(hole) === column;
    const places = Number(column.dataset.count) + (home ? 0 : 1);
    const words = `${card.dataset.name} to ${column.dataset.name}, place ${at + 1} of ${places}`;
    say(boardOf(hole), words, by === "keys");
    columnsOf(hole).forEach((each) => each.classList.toggle("is-drop", each === column && !home));
  };

  const lift = (card, by) => {
    const hole = made("li", "board-hole", `${card.dataset.name} was here`);
    card.before(hole);
    card.classList.add("is-lifted");
    card.classList.remove("is-refused");
    lifted = { card, hole, by };
  };
  // Nothing is lifted any more; the card stays where it is.
  const lower = () => {
    const { card, hole } = lifted;
    const board = boardOf(hole) || boardOf(card);
    if (board) all(".is-drop", board).forEach((column) => column.classList.remove("is-drop"));
    card.classList.remove("is-lifted", "is-dragged");
    ["width", "left", "top"].forEach((name) => card.style.removeProperty(name));
    drag?.gap?.remove();
    lifted = drag = null;
    return board;
  };
  const putBack = (keepsFocus = true) => {
    const { card, hole } = lifted, board = lower();
    hole.replaceWith(card);
    if (keepsFocus) focus(card);
    say(board, `${card.dataset.name} stays in ${columnOf(card)?.dataset.name}`);
  };
  const drop = () => {
    const { card, hole } = lifted;
    const isBeside = card.nextElementSibling === hole || card.previousElementSibling === hole;
    if (!card.isConnected || isBeside) { putBack(); return; }
    const follows = cardOf(card.nextElementSibling);
    const board = lower();
    hole.hidden = true;
    focus(card);
    say(board, "");
    send(card, hole, columnOf(card).dataset.column, follows?.id || "");
  };
  const send = (card, hole, to, before) => {
    card.classList.add("is-waiting");
    card.setAttribute("aria-busy", "true");
    const posted = { source: card, target: card, swap: "none", values: { to, before } };
    htmx.ajax("POST", card.dataset.move, posted).catch(() => {});
    waiting.set(card, hole);
  };
  const waiting = new Map();
  const answered = (card, hole, { xhr }) => {
    card.classList.remove("is-waiting");
    card.removeAttribute("aria-busy");
    if ((xhr.status < 200 || xhr.status > 299) && hole.isConnected) {
      hole.replaceWith(card);
      card.classList.add("is-refused");
      const stays = `${card.dataset.name} stays in ${columnOf(card).dataset.name}`;
      const detail = { sentence: `${stays}: the server did not answer. Try again.`, refused: true };
      // A refusal brings its own sentence.
      if (xhr.status !== 422) document.dispatchEvent(new CustomEvent("toast", { detail }));
    }
    hole.remove();
    const now = document.getElementById(card.id);
    if (now && document.activeElement === document.body) focus(now);
    settle();
  };
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    const card = detail.requestConfig?.elt, hole = waiting.get(card);
    if (hole && waiting.delete(card)) answered(card, hole, detail);
  });

  // By keys
  const walk = (card, by, along) => {
    const here = columnOf(card), at = cardsOf(here).indexOf(card);
    if (along === "down") return cardsOf(here)[at + by];
    const columns = columnsOf(card).filter((each) => cardsOf(each).length && !each.classList.contains("is-folded"));
    const there = columns[columns.indexOf(here) + by];
    return there && cardsOf(there)[Math.min(at, cardsOf(there).length - 1)];
  };
  const put = (item, column, others, at) => {
    if (others[at]) others[at].before(item);
    else if (others.length) others.at(-1).after(item);
    else listOf(column).prepend(item);
  };
  const carry = (by, along) => {
    const { card } = lifted, columns = columnsOf(card), from = columnOf(card);
    const column = along === "down" ? from : columns[columns.indexOf(from) + by];
    if (!column) return;
    const others = cardsOf(column).filter((each) => each !== card), here = cardsOf(from).indexOf(card);
    const at = Math.max(0, Math.min(along === "down" ? here + by : here, others.length));
    put(card, column, others, at);
    sayPlace(column, at);
    focus(card);
  };
  const ARROWS = {
    ArrowUp: [-1, "down"], ArrowDown: [1, "down"], ArrowLeft: [-1, "across"], ArrowRight: [1, "across"],
  };
  const openMenu = (card) => {
    card.querySelector(".board-menu").open = true;
    card.querySelector(".board-menu button").focus();
  };
  const pressed = (event, card) => {
    const arrow = ARROWS[event.key];
    if (arrow && lifted) carry(...arrow);
    else if (arrow) { const next = walk(card, ...arrow); if (next) focus(next); }
    else if (event.key === " " && !lifted) {
      lift(card, "keys");
      sayPlace(columnOf(card), cardsOf(columnOf(card)).indexOf(card));
    }
    else if (lifted && [" ", "Enter"].includes(event.key)) drop();
    else if (lifted && event.key === "Escape") putBack();
    else if (lifted && event.key === "Tab") { putBack(); return; }
    else if (!lifted && window.ffLetter(event) === "m") openMenu(card);
    else return;
    event.preventDefault();
  };
  const inMenu = (event, menu) => {
    const buttons = all("button", menu), by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") { menu.open = false; focus(cardOf(menu)); }
    else if (by && menu.open) buttons.at((buttons.indexOf(document.activeElement) + by) % buttons.length).focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const menu = event.target.closest?.(".board-menu"), card = cardOf(event.target);
    if (menu) inMenu(event, menu);
    else if (card && event.target === linkOf(card)) pressed(event, card);
    // Whoever has just come begins at the first card.
    else if (event.target === document.body && ARROWS[event.key]) {
      const first = document.querySelector("[data-card-open][data-chosen]");
      if (first) { event.preventDefault(); focus(cardOf(first)); }
    }
    else if (lifted && event.key === "Escape") { event.preventDefault(); putBack(); }
  }, true);
  document.addEventListener("submit", (event) => {
    const card = event.target.closest?.(".board-menu") && cardOf(event.target);
    const column = card && columnsOf(card).find((each) => each.dataset.column === event.submitter?.value);
    if (!column) return;
    event.preventDefault();
    card.querySelector(".board-menu").open = false;
    lift(card, "menu");
    listOf(column).prepend(card);
    drop();
  });
  document.addEventListener("focusin", (event) => {
    if (event.target.matches?.("[data-card-open]")) choose(event.target);
  });
  document.addEventListener("focusout", (event) => {
    const card = cardOf(event.target);
    if (card && !card.contains(event.relatedTarget)) setTimeout(() => {
      if (card.contains(document.activeElement)) return;
      card.classList.remove("is-refused");
      if (lifted?.card === card && lifted.by === "keys") putBack(false);
    });
  });

  // By mouse, and by finger where a press is long enough; on a phone, with a column at a time, by the menu.
  const phone = matchMedia("(max-width: 767px)");
  const begin = () => {
    const { card, x, y } = drag, box = card.getBoundingClientRect();
    lift(card, "pointer");
    Object.assign(drag, { dx: x - box.left, dy: y - box.top, gap: made("li", "board-gap", "") });
    card.style.width = `${box.width}px`;
    card.classList.add("is-dragged");
  };
  const nudge = (at, low, high) => (at > high - EDGE_PX ? 12 : at < low + EDGE_PX ? -12 : 0);
  const dragTo = (x, y) => {
    const { card, gap, dx, dy } = drag;
    card.style.left = `${x - dx}px`;
    card.style.top = `${y - dy}px`;
    const columns = boardOf(lifted.hole).querySelector(".board-columns"), edges = columns.getBoundingClientRect();
    columns.scrollLeft += nudge(x, edges.left, edges.right);
    columns.scrollTop += nudge(y, edges.top, Math.min(edges.bottom, innerHeight));
    scrollBy(0, nudge(y, 0, innerHeight));
    const column = columnOf(document.elementFromPoint(x, y));
    if (!column || boardOf(column) !== boardOf(lifted.hole)) { gap.remove(); return; }
    const others = cardsOf(column).filter((each) => each !== card);
    const middle = (each) => (({ top, height }) => top + height / 2)(each.getBoundingClientRect());
    const above = others.findIndex((each) => y < middle(each)), at = above < 0 ? others.length : above;
    put(gap, column, others, at);
    sayPlace(column, at);
  };
  document.addEventListener("pointerdown", (event) => {
    const card = cardOf(event.target);
    if (!card || event.button || lifted || phone.matches) return;
    if (event.target.closest("button, input, summary, details")) return;
    drag = { card, x: event.clientX, y: event.clientY };
    if (event.pointerType === "touch") drag.timer = setTimeout(begin, PRESS_MS);
  });
  document.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const far = Math.hypot(event.clientX - drag.x, event.clientY - drag.y) > CLICK_PX;
    if (!lifted && far && drag.timer) { clearTimeout(drag.timer); drag = null; return; }
    if (!lifted && far) begin();
    if (lifted) dragTo(event.clientX, event.clientY);
  });
  document.addEventListener("pointerup", () => {
    const gap = drag?.gap;
    clearTimeout(drag?.timer);
    if (!lifted || lifted.by !== "pointer") { drag = null; return; }
    // The click that ends a drag opens nothing.
    const swallow = (event) => { event.preventDefault(); event.stopPropagation(); };
    document.addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => document.removeEventListener("click", swallow, true));
    if (gap?.isConnected) { gap.replaceWith(lifted.card); drop(); } else putBack();
  });
  document.addEventListener("pointercancel", () => {
    clearTimeout(drag?.timer);
    if (lifted?.by === "pointer") putBack(); else drag = null;
  });
  const hold = (event) => { if (drag && lifted) event.preventDefault(); };
  document.addEventListener("touchmove", hold, { passive: false });
  ["dragstart", "contextmenu"].forEach((name) => document.addEventListener(name, (event) => {
    if (cardOf(event.target) && (name === "dragstart" || drag?.timer)) event.preventDefault();
  }));

  // On a phone the tab of the column that is in view is the chosen one.
  const seen = new IntersectionObserver((entries) => entries.forEach(({ target, isIntersecting }) => {
    if (!isIntersecting) return;
    all(".board-tabs a", boardOf(target) || document).forEach((tab) => {
      const isHere = tab.hash === `#${target.id}`;
      tab.toggleAttribute("aria-current", isHere);
      if (isHere && phone.matches) tab.parentElement.scrollTo({ left: tab.offsetLeft - innerWidth / 3 });
    });
  }), { rootMargin: "0px -45%" });
  const begun = () => {
    if (lifted && !lifted.hole.isConnected && !lifted.card.isConnected) lifted = null;
    settle();
    all("[data-column]", document).forEach((column) => seen.observe(column));
  };
  document.addEventListener("htmx:afterSettle", begun);
  document.addEventListener("htmx:oobAfterSwap", begun);
  begun();
})();
