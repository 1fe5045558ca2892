// Choose the browser's time zone, where nobody has chosen one yet.
(() => {
  const form = document.querySelector("form[data-guess]");
  const zone = form && form.elements.timezone;
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone && [...zone.options].some((option) => option.value === here)) zone.value = here;
})();
