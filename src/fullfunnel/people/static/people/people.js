// The address says what the list shows, also after htmx has changed it; Back from the drawer then needs no reload.
document.addEventListener("htmx:afterSettle", (event) => {
  const address = document.querySelector("#people")?.dataset.address;
  if (event.target.id === "people" && address) history.replaceState(null, "", address);
});
