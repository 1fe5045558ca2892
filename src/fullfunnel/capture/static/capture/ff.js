/* fullfunnel's own client. On every page: <script async src="https://HOST/ff.js" data-key="ffw_…"></script>
   ff("track", "Name", {…})  ff("identify", "user id", {…})  ff("page")  ff("group", "company id", {…})
   ff("alias", "user id")  ff("reset")  ff("consent", true | false)
   data-host: another server · data-consent="ask": nothing is kept or sent before ff("consent", true)
   data-pages="off": page views only by ff("page")
   data-cookieless, or ff("init", {cookieless: true}): nothing is kept here, no cookie, no storage; the server knows a visitor
   for a day. It never throws into the page. */
(function (w, d) {
  "use strict";
  var script = d.currentScript || d.querySelector("script[data-key][src*='ff.js']");
  var early = (w.ff && w.ff.q) || [];
  var attribute = function (name) { return (script && script.getAttribute("data-" + name)) || ""; };
  var key = attribute("key"), bare = script && script.hasAttribute("data-cookieless");
  var n = w.navigator, memory = new Map(), waiting = [], timer = 0, sending = false, failures = 0, pages = 0;
  var host = attribute("host") || (script && script.src ? new URL(script.src).origin : "");
  var url = host.replace(/\/+$/, "") + "/v1/batch";
  var shown = "", MINUTE = 6e4, MOST = 200, most = 50;

  function guard(f) {
    return function () { try { return f.apply(null, arguments); } catch (e) { /* never into the page */ } };
  }

  /* What is remembered: in localStorage; where there is none, in cookies, but for the queue; cookieless, for this page only. */
  function read(name) {
    // A no that was given before still holds.
    if (bare && (name !== "consent" || memory.has(name))) return memory.get(name) || null;
    try { return w.localStorage.getItem("ff_" + name); } catch (e) {
      if (memory.has(name)) return memory.get(name);
      var found = ("; " + d.cookie).split("; ff_" + name + "=")[1];
      return found ? decodeURIComponent(found.split(";")[0]) : null;
    }
  }
  function keep(name, value) {
    if (bare) memory.set(name, value);
    else store(name, value);
  }
  function store(name, value) {
    try {
      if (value === null) w.localStorage.removeItem("ff_" + name);
      else w.localStorage.setItem("ff_" + name, value);
    } catch (e) {
      memory.set(name, value);
      if (name !== "queue")
        d.cookie = "ff_" + name + "=" + encodeURIComponent((value || "").slice(0, 1e3)) + "; path=/; samesite=lax; max-age=" +
          (value === null ? 0 : 31536e3) + (w.location.protocol === "https:" ? "; secure" : "");
    }
  }
  function list(name) {
    try { var found = JSON.parse(read(name)); return Array.isArray(found) ? found : []; } catch (e) { return []; }
  }
  function id() {
    var c = w.crypto;
    if (c && c.randomUUID) return c.randomUUID();
    return "xxxxxxxxxxxx4xxxyxxxxxxxxxxxxxxx".replace(/[xy]/g, function () { return (Math.random() * 16 | 0).toString(16); });
  }
  function anonymous() {
    var found = read("anon");
    if (!found) keep("anon", (found = id()));
    return found;
  }

  /* A session ends after 30 minutes without an event, and after a day. Returns [id, start, last, last address, first]. */
  function session() {
    var now = Date.now(), found = list("session");
    if (found.length < 3 || now - found[2] > 30 * MINUTE || now - found[1] > 1440 * MINUTE) found = [id(), now, now, ""];
    found[2] = now;
    return found;
  }

  /* May we? An answer given to ff("consent") goes before what the browser says, and that before the page's setting. */
  function allowed() {
    var said = read("consent");
    if (said) return said === "1";
    if (n.doNotTrack === "1" || w.doNotTrack === "1" || n.globalPrivacyControl) return false;
    return attribute("consent") === "ask" ? null : true;
  }

  function plain(name, value) {
    return name === "__proto__" || name === "constructor" || name === "prototype" ? undefined : value;
  }

  function add(type, fields) {
    var now = session(), group = read("group"), user = read("user"), place = w.location;
    var item = {
      type: type, messageId: id(), timestamp: new Date().toISOString(), anonymousId: bare ? undefined : anonymous(),
      context: {
        library: { name: "ff.js", version: "1" }, sessionId: bare ? undefined : now[0], userAgent: n.userAgent, locale: n.language,
        timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
        page: {
          url: place.href, path: place.pathname, search: place.search, title: d.title,
          referrer: shown && shown !== place.href ? shown : d.referrer || (now[3] !== place.href && now[3]) || ""
        }
      }
    };
    if (user) item.userId = user;
    if (group) item.context.groupId = group;
    for (var name in fields) if (fields[name] !== undefined) item[name] = fields[name];
    now[3] = place.href;
    // For forms.
    if (!now[4]) now[4] = [place.href.slice(0, 300), d.referrer.slice(0, 300)];
    keep("session", JSON.stringify(now));
    var queue = list("queue");
    queue.push(JSON.parse(JSON.stringify(item, plain)));
    keep("queue", JSON.stringify(queue.slice(-MOST)));
    soon(20);
  }

  function soon(delay) {
    w.clearTimeout(timer);
    timer = w.setTimeout(guard(flush), delay);
  }
  function body(items) {
    return JSON.stringify({ writeKey: key, sentAt: new Date().toISOString(), cookieless: bare || undefined, batch: items });
  }
  function flush() {
    var items = list("queue").slice(0, most);
    if (sending || !items.length || !allowed()) return;
    sending = true;
    var text = body(items);
    w.fetch(url, {
      method: "POST", body: text, headers: { "Content-Type": "text/plain" }, credentials: "omit", keepalive: text.length < 6e4
    }).then(function (told) {
      // What was refused stays refused; only what was not heard is said again.
      var status = told.status;
      if (told.ok || status < 400 || status > 499 || status === 408 || status === 429) return told.ok && items;
      if (status !== 400) return items;
      // Of a refused body the items that it names are gone, the others go again; else fewer at a time.
      return told.json().then(function (said) {
        return said.refused.map(function (one) { return items[one.index]; });
      }).catch(function () { return []; }).then(function (named) {
        if (named.length || items.length < 2) return named.length ? named : items;
        most = items.length >> 1;
        return named;
      });
    }, function () { return false; }).then(guard(function (heard) {
      sending = false;
      if (heard) {
        var gone = heard.map(function (item) { return item.messageId; });
        keep("queue", JSON.stringify(list("queue").filter(function (item) { return gone.indexOf(item.messageId) < 0; })));
        if (heard === items && most < 50) most *= 2;
        failures = 0;
        soon(0);
      } else soon(Math.min(5 * MINUTE, 1e3 * Math.pow(2, failures++)) * (0.5 + Math.random()));
    }));
  }
  /* As the page goes, all that was not confirmed is sent once more; the server knows repeats by their id. */
  function leave() {
    var items = list("queue");
    while (items.length && allowed() && n.sendBeacon) {
      var some = items.splice(0, 20);
      if (!n.sendBeacon(url, body(some))) return;
    }
  }

  function page(name, properties) {
    if (typeof name === "object") { properties = name; name = undefined; }
    pages++;
    add("page", { name: name, properties: properties || {} });
    shown = w.location.href;
  }
  /* A new address without a new page (history API). A new part after # is no new page, but for a route (#/ or #!/). */
  function place(address) { return address.replace(/#(?!!?\/).*/, ""); }
  function moved(replaced) {
    var before = place(shown), now = place(w.location.href), query = /\?[^#]*/g;
    if (!pages || before === now) return;
    // What only writes into its query (a search box, filters) is the same page.
    if (replaced && before.replace(query, "") === now.replace(query, "")) shown = w.location.href;
    else ff("page");
  }
  function watch(name) {
    var original = w.history[name];
    w.history[name] = function () {
      var result = original.apply(this, arguments);
      // The page sets its new title just after.
      w.setTimeout(guard(function () { moved(name === "replaceState"); }), 0);
      return result;
    };
  }

  /* From here on nothing is kept, and what was kept before goes. */
  function withoutCookies() {
    bare = true;
    ["user", "group", "anon", "session", "queue"].forEach(function (name) {
      if (d.cookie.indexOf("ff_" + name + "=") >= 0) d.cookie = "ff_" + name + "=; path=/; max-age=0";
      try { w.localStorage.removeItem("ff_" + name); } catch (e) { /* there is none */ }
    });
  }
  function forget(names) { names.forEach(function (name) { keep(name, null); }); }
  var commands = new Map([
    ["init", function (how) { if (how && how.cookieless) withoutCookies(); }],
    ["page", page],
    ["track", function (name, properties) { add("track", { event: name, properties: properties || {} }); }],
    ["identify", function (user, traits) {
      if (typeof user === "object") { traits = user; user = undefined; }
      if (user !== undefined) keep("user", String(user));
      add("identify", { userId: user === undefined ? undefined : String(user), traits: traits || {} });
    }],
    ["group", function (group, traits) {
      keep("group", String(group));
      add("group", { groupId: String(group), traits: traits || {} });
    }],
    ["alias", function (user, previous) { add("alias", { userId: String(user), previousId: previous || (bare ? undefined : anonymous()) }); }],
    ["reset", function () { forget(["user", "group", "anon", "session"]); }],
    ["consent", function (given) {
      if (!given) forget(["user", "group", "anon", "session", "queue"]);
      keep("consent", given ? "1" : "0");
      go();
    }]
  ]);

  function go() { waiting.splice(0).forEach(function (call) { ff.apply(null, call); }); }
  var ff = guard(function (name) {
    // A page that is prepared before anybody sees it says nothing until it is shown.
    var command = commands.get(name), may = d.prerendering ? null : name === "consent" || name === "init" || allowed();
    if (may === null) { if (waiting.length < MOST) waiting.push(arguments); }
    else if (command && may) command.apply(null, Array.prototype.slice.call(arguments, 1));
  });
  guard(function () {
    if (!key || (w.ff && w.ff.on)) return;
    ff.on = true;
    w.ff = ff;
    if (bare) withoutCookies();
    early = early.filter(function (call) { return (call && call[0]) !== "init" || ff.apply(null, call); });
    if (attribute("pages") !== "off") {
      ff("page");
      watch("pushState");
      watch("replaceState");
      w.addEventListener("popstate", guard(function () { moved(); }));
    }
    for (var i = 0; i < early.length; i++) ff.apply(null, early[i]);
    d.addEventListener("prerenderingchange", guard(go));
    w.addEventListener("pagehide", guard(leave));
    d.addEventListener("visibilitychange", guard(function () { if (d.visibilityState === "hidden") leave(); }));
    w.addEventListener("online", guard(function () { failures = 0; soon(0); }));
    soon(0);
  })();
})(window, document);
