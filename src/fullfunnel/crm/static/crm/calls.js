// Back from a call: how was it? Asked once a call, for every telephone link that says where (data-called).
(() => {
  const CALL_MS = [5_000, 7_200_000];
  let asks = "", since = 0;
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href^='tel:'][data-called]");
    if (link) [asks, since] = [link.dataset.called, Date.now()];
  });
  document.addEventListener("visibilitychange", () => {
    const after = Date.now() - since;
    if (document.hidden || !asks || after < CALL_MS[0] || after > CALL_MS[1]) return;
    const url = asks;
    asks = "";
    document.dispatchEvent(new CustomEvent("drawer-opens", { detail: { value: url } }));
  });
})();
