// The funnel: a bar's part opens its people, steps move by drag and by Alt+arrow, a refusal stands beside its field.
(() => {
  const $ = (selector, within = document) => within.querySelector(selector);
  const question = () => $("#question");

  // A part of a bar is a shortcut for the mouse: the counts beside it are the links that the keyboard uses.
  document.addEventListener("click", (event) => {
    const part = event.target.closest?.("[data-opens]");
    if (!part) return;
    const link = document.createElement("a");
    link.href = part.dataset.opens;
    link.dataset.drawer = "";
    link.hidden = true;
    document.body.append(link);
    link.click();
    link.remove();
  });

  const press = (value) => {
    const button = document.createElement("button");
    button.name = "do";
    button.value = value;
    button.hidden = true;
    question().append(button);
    // Careful: htmx sends the button that was clicked; requestSubmit(button) is no click.
    button.click();
    setTimeout(() => button.remove());
  };
  const stepOf = (element) => element?.closest?.("#question .rung[data-step]");

  document.addEventListener("keydown", (event) => {
    const step = stepOf(event.target);
    if (!step || !event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    press(`${event.key === "ArrowUp" ? "up" : "down"}:${step.dataset.step}`);
  });

  // Pointer events, so that a finger drags as well as a mouse.
  let dragged = null;
  const marks = () => document.querySelectorAll(".is-over, .is-over-below").forEach((step) => step.classList.remove("is-over", "is-over-below"));
  document.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest?.("#question .grip");
    if (!grip || event.button) return;
    event.preventDefault();
    dragged = stepOf(grip);
    dragged.classList.add("is-dragged");
  });
  const target = (event) => {
    const step = stepOf(document.elementFromPoint(event.clientX, event.clientY));
    return step === dragged ? null : step;
  };
  document.addEventListener("pointermove", (event) => {
    if (!dragged) return;
    marks();
    const step = target(event);
    if (step) step.classList.add(Number(step.dataset.step) > Number(dragged.dataset.step) ? "is-over-below" : "is-over");
  });
  document.addEventListener("pointerup", (event) => {
    if (!dragged) return;
    const step = target(event);
    const from = dragged.dataset.step;
    marks();
    dragged.classList.remove("is-dragged");
    dragged = null;
    if (step) press(`move:${from}:${step.dataset.step}`);
  });
  document.addEventListener("pointercancel", () => { marks(); dragged?.classList.remove("is-dragged"); dragged = null; });

  // What the answer says about the address, the focus and the field that is wrong.
  const wrong = (result) => {
    document.querySelectorAll("[data-said-wrong]").forEach((line) => line.remove());
    document.querySelectorAll("#question [aria-invalid], #asking [aria-invalid]").forEach((control) => {
      control.removeAttribute("aria-invalid");
      control.removeAttribute("aria-describedby");
    });
    const said = $("[data-control]", result);
    const control = said?.dataset.control && document.getElementById(said.dataset.control);
    if (!control) return;
    const line = document.createElement("span");
    line.className = "field-error";
    line.id = "said-wrong";
    line.dataset.saidWrong = "";
    line.textContent = said.dataset.messageText;
    control.setAttribute("aria-invalid", "true");
    control.setAttribute("aria-describedby", line.id);
    control.closest("details")?.setAttribute("open", "");
    (control.closest(".rule, .condition, .step-name, .ask-part") || control.parentElement).append(line);
  };
  const settle = (first) => {
    const result = $("#result");
    if (!result) return;
    wrong(result);
    if (first) return;
    history.replaceState(null, "", result.dataset.link);
    if (result.dataset.focus) document.getElementById(result.dataset.focus)?.focus();
  };
  document.addEventListener("htmx:afterSettle", (event) => {
    if (["result", "builder"].includes(event.target.id)) settle(false);
  });
  settle(true);
})();
