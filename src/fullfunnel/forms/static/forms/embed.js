/* Shows a form in a frame where this script stands:
   <script async src="https://HOST/f/embed.js" data-form="…" data-title="Ask for a demo"></script>
   It passes the page, its referrer, the first page of the visit and the ids of ff.js, and fits the height. */
(function (w, d) {
  "use strict";
  var script = d.currentScript;
  if (!script || !script.dataset.form) return;
  var host = new URL(script.src).origin, tries = 0;

  function read(store, name) {
    try { return w[store].getItem(name); } catch (e) { return null; }
  }
  /* Of ff.js: [id, start, last, last address, [first address, its referrer]]. */
  function session() {
    try { return JSON.parse(read("localStorage", "ff_session")) || []; } catch (e) { return []; }
  }
  /* The first page that this tab saw. Kept for the tab alone; not where consent was refused or nothing may be kept. */
  function first() {
    var may = read("localStorage", "ff_consent") !== "0" && !d.querySelector("script[data-cookieless]");
    var found = read("sessionStorage", "ff_first");
    if (session()[4]) return session()[4];
    if (!found && may) {
      found = JSON.stringify([w.location.href, d.referrer]);
      try { w.sessionStorage.setItem("ff_first", found); } catch (e) { /* this page is the first, then */ }
    }
    try { return JSON.parse(found) || ["", ""]; } catch (e) { return ["", ""]; }
  }
  function address() {
    var url = new URL("/f/" + encodeURIComponent(script.dataset.form) + "/", host), before = first();
    var zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    var said = [
      ["embed", "1"], ["ff.url", w.location.href], ["ff.ref", d.referrer],
      ["ff.first", before[0]], ["ff.firstref", before[1]],
      ["ff.anon", read("localStorage", "ff_anon")], ["ff.session", session()[0]], ["ff.zone", zone]
    ];
    said.forEach(function (pair) { if (pair[1]) url.searchParams.set(pair[0], pair[1]); });
    return url.href;
  }
  function show() {
    // ff.js may only just be arriving: its id is worth half a second.
    if (d.querySelector("script[data-key][src*='ff.js']") && !read("localStorage", "ff_anon") && tries++ < 10) {
      w.setTimeout(show, 50);
      return;
    }
    var frame = d.createElement("iframe");
    frame.src = address();
    frame.title = script.dataset.title || d.title;
    frame.style.width = "100%";
    frame.style.height = "480px";
    frame.style.border = "0";
    frame.style.display = "block";
    script.parentNode.insertBefore(frame, script.nextSibling);
    w.addEventListener("message", function (event) {
      var said = event.data;
      if (event.origin !== host || event.source !== frame.contentWindow || !said || said.ff !== "form") return;
      if (typeof said.height === "number") frame.style.height = Math.min(Math.max(said.height, 100), 10000) + "px";
      if (/^https?:\/\//.test(said.goes)) w.location.assign(said.goes);
    });
  }
  show();
})(window, document);
