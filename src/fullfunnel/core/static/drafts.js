// Nothing typed is lost. A form marked data-keep, and every form in the drawer, is remembered until it was saved, also
// over a sign-in; closing the drawer over it says so. Drafts live in this tab alone.
(() => {
  const drawerOf = (form) => form.closest("#drawer");
  const keeps = (form) => form && (form.dataset.keep !== undefined || (form.method === "post" && drawerOf(form)));
  const pageOf = (form) => drawerOf(form)?.dataset.page || location.pathname;
  const nameOf = (form) => `ff-draft:${pageOf(form)}:${form.dataset.keep || form.getAttribute("action") || ""}`;
  const SECRET = ["hidden", "password", "submit", "button", "file"];
  // Careful: a picker's words without its hidden value would be somebody else's name for the old choice.
  const isKept = (field) => field.name && (!SECRET.includes(field.type) || field.matches("[data-picker-value]"));
  const fields = (form) => [...form.elements].filter(isKept);
  const isBox = (field) => field.type === "checkbox" || field.type === "radio";
  const keyOf = (field) => `${field.name}=${isBox(field) ? field.value : ""}`;

  const keep = (form) => {
    const values = fields(form).map((field) => [keyOf(field), isBox(field) ? field.checked : field.value]);
    sessionStorage.setItem(nameOf(form), JSON.stringify(Object.fromEntries(values)));
    form.dataset.dirty = "now";
  };
  const forget = (form) => {
    sessionStorage.removeItem(nameOf(form));
    delete form.dataset.dirty;
  };
  const restore = (form) => {
    form.dataset.restored = "";
    const draft = JSON.parse(sessionStorage.getItem(nameOf(form)) || "null");
    if (!draft || form.querySelector("[aria-invalid=true]")) return;
    fields(form).forEach((field) => {
      const value = draft[keyOf(field)];
      if (typeof value === "boolean") field.checked = value; else if (value !== undefined) field.value = value;
    });
    form.dataset.dirty = "before";
  };
  const restoreAll = () => [...document.querySelectorAll("form:not([data-restored])")].filter(keeps).forEach(restore);

  // What was sent, and whether the page that answers it says that it was done.
  const DONE = "[data-message=success], [data-answered], .toast-line:not(.is-refused)";
  const sent = sessionStorage.getItem("ff-draft-sent");
  if (sent && document.querySelector(DONE)) sessionStorage.removeItem(sent);
  sessionStorage.removeItem("ff-draft-sent");
  document.addEventListener("input", (event) => { if (keeps(event.target.form)) keep(event.target.form); });
  document.addEventListener("change", (event) => { if (keeps(event.target.form)) keep(event.target.form); });
  document.addEventListener("submit", (event) => {
    if (keeps(event.target)) sessionStorage.setItem("ff-draft-sent", nameOf(event.target));
  });
  const answered = ({ detail: { requestConfig, xhr } }) => {
    const form = requestConfig?.elt;
    if (form?.tagName === "FORM" && keeps(form) && xhr.status >= 200 && xhr.status < 300) forget(form);
  };
  // Before the swap, too: after it a form that the answer replaced belongs to no page.
  document.addEventListener("htmx:beforeSwap", answered);
  document.addEventListener("htmx:afterRequest", answered);
  document.addEventListener("htmx:afterSettle", restoreAll);
  restoreAll();

  document.addEventListener("close", (event) => {
    const form = event.target.id === "drawer" && event.target.querySelector("form[data-dirty=now]");
    if (!form) return;
    const sentence = "Not saved. What you typed is kept as a draft.";
    const detail = { sentence, opens: event.target.dataset.page, label: "Go on writing" };
    document.dispatchEvent(new CustomEvent("toast", { detail }));
  }, true);
})();
