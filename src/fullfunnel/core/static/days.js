// The small calendar of a day's field (core/_day.html): arrows walk days and weeks, Page Up and Down months, Enter
// takes, Escape closes. It writes the day as 2026-12-03, which the server always reads.
(() => {
  const DAY_MS = 86_400_000;
  // The words stay English; which of day and month goes first is the user's.
  const order = document.documentElement.dataset.locale === "en-US" ? "en-US" : "en-GB";
  const month = new Intl.DateTimeFormat(order, { month: "long", year: "numeric", timeZone: "UTC" });
  const whole = new Intl.DateTimeFormat(order, { dateStyle: "full", timeZone: "UTC" });
  const iso = (day) => day.toISOString().slice(0, 10);
  const made = (name, className, text) => Object.assign(document.createElement(name), { className, textContent: text });
  const fieldOf = (element) => element?.closest?.("[data-day]");
  const part = (field) => ({ box: field.querySelector("input"), calendar: field.querySelector(".day-calendar") });
  const utc = (year, at, day) => new Date(Date.UTC(year, at, day));
  const today = () => { const now = new Date(); return utc(now.getFullYear(), now.getMonth(), now.getDate()); };

  const draw = (field, day) => {
    const { calendar, box } = part(field), first = utc(day.getUTCFullYear(), day.getUTCMonth(), 1);
    const begins = new Date(first - ((first.getUTCDay() + 6) % 7) * DAY_MS);
    const head = made("span", "day-head", "");
    [["‹", "Month before", -1], ["›", "Next month", 1]].forEach(([sign, label, by], at) => {
      const button = made("button", "btn btn-icon", sign);
      button.type = "button";
      button.ariaLabel = label;
      button.dataset.months = by;
      if (at) head.append(made("b", "", month.format(day)));
      head.append(button);
    });
    const grid = made("span", "day-grid", "");
    ["M", "T", "W", "T", "F", "S", "S"].forEach((each) => {
      const name = made("span", "day-name", each);
      name.ariaHidden = "true";
      grid.append(name);
    });
    for (let at = 0; at < 42; at += 1) {
      const each = new Date(begins.getTime() + at * DAY_MS), button = made("button", "day-cell", each.getUTCDate());
      button.type = "button";
      button.dataset.at = iso(each);
      button.ariaLabel = whole.format(each);
      button.tabIndex = iso(each) === iso(day) ? 0 : -1;
      button.classList.toggle("is-outside", each.getUTCMonth() !== day.getUTCMonth());
      if (iso(each) === iso(today())) button.ariaCurrent = "date";
      if (iso(each) === box.value) button.ariaPressed = "true";
      grid.append(button);
    }
    calendar.replaceChildren(head, grid);
  };
  const go = (field, day) => {
    draw(field, day);
    part(field).calendar.querySelector("[tabindex='0']").focus();
  };
  const close = (field, wantsFocus) => {
    part(field).calendar.hidden = true;
    if (wantsFocus) part(field).box.focus();
  };
  const open = (field) => {
    const { box, calendar } = part(field), typed = /^\d{4}-\d\d-\d\d$/.test(box.value) ? new Date(box.value) : today();
    calendar.hidden = false;
    go(field, Number.isNaN(typed.getTime()) ? today() : typed);
  };
  const take = (field, at) => {
    const { box } = part(field);
    box.value = at;
    close(field, true);
    ["input", "change"].forEach((name) => box.dispatchEvent(new Event(name, { bubbles: true })));
  };
  const otherMonth = (day, by) => {
    const year = day.getUTCFullYear(), at = day.getUTCMonth() + by, last = utc(year, at + 1, 0).getUTCDate();
    return utc(year, at, Math.min(day.getUTCDate(), last));
  };

  document.addEventListener("click", (event) => {
    const field = fieldOf(event.target), hit = (selector) => event.target.closest?.(selector);
    if (!field) return;
    if (hit("[data-day-open]")) { if (part(field).calendar.hidden) open(field); else close(field, true); }
    if (hit("[data-at]")) take(field, hit("[data-at]").dataset.at);
    const chosen = part(field).calendar.querySelector("[tabindex='0'][data-at]");
    const by = Number(hit("[data-months]")?.dataset.months);
    if (by) go(field, otherMonth(new Date(chosen.dataset.at), by));
  });
  const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
  document.addEventListener("keydown", (event) => {
    const field = fieldOf(event.target), at = event.target.dataset?.at;
    if (!field || part(field).calendar.hidden) return;
    const day = at && new Date(at);
    if (event.key === "Escape") close(field, true);
    else if (at && STEPS[event.key]) go(field, new Date(day.getTime() + STEPS[event.key] * DAY_MS));
    else if (at && event.key === "PageUp") go(field, otherMonth(day, -1));
    else if (at && event.key === "PageDown") go(field, otherMonth(day, 1));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }, true);
  document.addEventListener("focusout", (event) => {
    const field = fieldOf(event.target);
    if (field && event.relatedTarget && !field.contains(event.relatedTarget)) close(field, false);
  });
})();
