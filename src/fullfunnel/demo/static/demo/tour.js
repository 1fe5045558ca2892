/* The cards of the demo's first five minutes. Where they stand is kept for the tab; without a tour nothing happens. */
(function () {
  "use strict";
  var KEY = "ff-tour", place = null;

  function kept() {
    try { return JSON.parse(window.sessionStorage.getItem(KEY)); } catch (e) { return null; }
  }
  function keep(now) {
    if (now) window.sessionStorage.setItem(KEY, JSON.stringify(now));
    else window.sessionStorage.removeItem(KEY);
  }
  function end() {
    keep(null);
    if (place) place.remove();
    place = null;
  }

  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-tour-end]")) { end(); return; }
    var to = event.target.closest("[data-tour-to]"), now = kept(), list = document.querySelector("[data-tour-home]");
    var home = list ? list.dataset.tourHome : now && now.home;
    if (to && home) keep({ home: home, at: Number(to.dataset.tourTo) });
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && place && place.contains(document.activeElement)) end();
  });

  /* The numbers may still be counted: the card is asked again until they are. */
  function show(now) {
    fetch(now.home + "card/" + now.at + "/").then(function (answer) {
      if (!answer.ok || answer.redirected) throw new Error("no card");
      return answer.text();
    }).then(function (text) {
      if (!place) {
        place = document.createElement("div");
        place.className = "tour-place";
        document.body.append(place);
      }
      if (place.contains(document.activeElement) && place.textContent.indexOf("Counting") < 0) return;
      place.innerHTML = text;
      if (text.indexOf("Counting") >= 0) window.setTimeout(function () { if (place) show(now); }, 2000);
    }).catch(end);
  }
  function begin() {
    var now = kept();
    var is_here = now && window.location.pathname.indexOf(now.home.replace("tour/", "")) === 0;
    if (is_here && !document.querySelector("[data-tour-home]")) show(now);
  }
  begin();
})();
