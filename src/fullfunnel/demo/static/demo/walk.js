/* The small site of Halden beside the picture: each page that is opened is told as any site tells it, by the write key,
   and the picture is asked every half second whether it shows something new. */
(function () {
  "use strict";
  var site = document.getElementById("walk-site"), right = document.getElementById("walk-now");
  if (!site || !right) return;
  var shown = "", SPOT = "ff-walk";

  /* What is kept for the tab: the session of the made-up browser, and the page it is on. */
  function kept() {
    try { return JSON.parse(window.sessionStorage.getItem(SPOT)) || {}; } catch (e) { return {}; }
  }
  function keep(now) { window.sessionStorage.setItem(SPOT, JSON.stringify(now)); }
  function begin() {
    var now = kept();
    if (now.who !== site.dataset.anonymous)
      now = { who: site.dataset.anonymous, session: crypto.randomUUID(), path: "" };
    keep(now);
    return now;
  }

  function say(path, query, referrer) {
    var now = begin(), address = site.dataset.site + path + (query ? "?" + query : "");
    var item = {
      type: "page", messageId: crypto.randomUUID(), timestamp: new Date().toISOString(), anonymousId: now.who,
      context: {
        library: { name: "walk.js", version: "1" }, sessionId: now.session, userAgent: navigator.userAgent,
        timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
        page: {
          url: address, path: path, search: query ? "?" + query : "", referrer: referrer || shown, title: "Halden"
        }
      }
    };
    shown = address;
    return fetch("/v1/batch", {
      method: "POST", credentials: "omit", headers: { "Content-Type": "text/plain" },
      body: JSON.stringify({ writeKey: site.dataset.key, sentAt: item.timestamp, batch: [item] })
    });
  }

  function show(path) {
    site.querySelectorAll("[data-page]").forEach(function (page) {
      page.hidden = (page.dataset.page === "advert") !== !path;
    });
    site.querySelectorAll("[data-path]").forEach(function (page) { page.hidden = page.dataset.path !== path; });
    if (path) document.getElementById("walk-address").textContent = site.dataset.site.replace("https://", "") + path;
    if (path === "/demo") showForm();
  }

  /* The real form of the demo, in a frame, with the made-up browser's ids. */
  function showForm() {
    var place = document.getElementById("walk-form"), now = begin(), query = new URLSearchParams();
    if (!site.dataset.form || place.hidden || place.querySelector("iframe")) return;
    [["embed", "1"], ["ff.url", site.dataset.site + "/demo"], ["ff.anon", now.who], ["ff.session", now.session]]
      .forEach(function (pair) { query.set(pair[0], pair[1]); });
    var frame = document.createElement("iframe");
    frame.className = "walk-frame";
    frame.title = "Ask for a demo";
    frame.src = site.dataset.form + "?" + query;
    place.replaceChildren(frame);
  }

  function go(path, query, referrer) {
    var now = begin();
    now.path = path;
    keep(now);
    show(path);
    say(path, query, referrer);
    var first = site.querySelector("[data-path='" + path + "'] h2");
    if (first) { first.tabIndex = -1; first.focus(); }
  }

  site.addEventListener("click", function (event) {
    var to = event.target.closest("[data-go]"), back = event.target.closest("[data-come-back]");
    if (to) go(to.dataset.go, to.dataset.query || "", to.dataset.referrer || "");
    if (back) {
      var now = begin();
      now.session = crypto.randomUUID();
      keep(now);
      shown = "";
      go("/pricing", "", "");
    }
  });

  /* Put the dot, its way, and "you" at each number that counts the visitor, into the picture that is shown. */
  function mark() {
    var you = document.getElementById("walk-you"), wide = right.querySelector(".wide");
    var rows = right.querySelectorAll(".tall-row");
    if (!you || !wide) return;
    right.querySelectorAll(".wide .walk-way, .walk-you-here").forEach(function (one) { one.remove(); });
    you.querySelectorAll("svg").forEach(function (one) { wide.append(one.cloneNode(true)); });
    you.dataset.columns.split(" ").forEach(function (column) {
      var row = rows[column];
      [wide.querySelector(".stage.c" + column + " .stage-said"), row && row.querySelector(".tall-name")]
        .forEach(function (place) {
          var badge = document.createElement("b");
          badge.className = "badge walk-you walk-you-here";
          badge.textContent = "you";
          if (!place) return;
          if (place.matches(".stage-said")) place.replaceChildren(badge);
          else place.append(" ", badge);
        });
    });
  }

  /* The right side and the steps take what is new; while everybody is counted anew the picture stays. */
  function take(text) {
    var fresh = new DOMParser().parseFromString(text, "text/html");
    var now = fresh.getElementById("walk-fresh"), steps = fresh.querySelector("#walk-fresh-steps .walk-steps");
    if (!now || !steps) return;
    var focused = document.activeElement, pressed = focused && right.contains(focused) && focused.matches("button");
    var before = right.querySelector("#walk-picture"), picture = now.querySelector("#walk-picture");
    if (picture.hasAttribute("data-unchanged") && before.querySelector(".funnels")) picture.replaceWith(before);
    right.dataset.seen = now.dataset.seen;
    right.replaceChildren.apply(right, Array.from(now.childNodes));
    document.getElementById("walk-steps").replaceWith(steps);
    mark();
    if (pressed && right.querySelector("button")) right.querySelector("button").focus();
  }
  function ask() {
    var address = right.dataset.walkNow + "?seen=" + encodeURIComponent(right.dataset.seen);
    var may = document.hidden ? Promise.resolve(null) : fetch(address).then(function (answer) {
      return answer.status === 200 && !answer.redirected ? answer.text() : null;
    });
    return may.then(function (text) { if (text) take(text); }, function () { /* asked again in a moment */ });
  }
  function look() { ask().then(function () { window.setTimeout(look, 500); }); }

  /* What Bob does needs no new page: the picture goes on from where it is. */
  right.addEventListener("submit", function (event) {
    var form = event.target;
    if (!form.matches("[data-act]")) return;
    event.preventDefault();
    form.querySelector("button").disabled = true;
    fetch(form.action, { method: "POST", body: new FormData(form) }).then(ask, function () { form.submit(); });
  });

  window.addEventListener("message", function (event) {
    var frame = site.querySelector("iframe"), said = event.data;
    if (!frame || event.source !== frame.contentWindow || !said || said.ff !== "form") return;
    if (typeof said.height === "number") frame.height = Math.min(Math.max(said.height, 120), 2000);
  });
  show(begin().path);
  mark();
  look();
})();
