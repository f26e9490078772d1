// What pages do more where a script may run. Nothing depends on it: without it every page is whole, and the server decides
// everything by itself. Words come from the page, in its language.
//
// There are no keyboard shortcuts: a single letter collides with speech input and screen readers (WCAG 2.1.4), and the
// chords that are left belong to the browser. The skip link and headings lead everywhere in a few steps.
"use strict";

const language = document.documentElement.lang;

// An instant is told in UTC; where the reader's clock shows another time, that stands beside it.
function tellLocalTimes() {
  const pattern = document.body.dataset.yourTime;
  const format = new Intl.DateTimeFormat(language, {
    day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  });
  for (const time of document.querySelectorAll("time[datetime]")) {
    const instant = new Date(time.dateTime);
    if (Number.isNaN(instant.getTime()) || instant.getTimezoneOffset() === 0) continue;
    const part = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, value]));
    const words = `${part.day} ${part.month} ${part.year} ${part.hour}:${part.minute}`;
    const local = document.createElement("span");
    local.className = "local";
    local.textContent = ` ${pattern.replace("{time}", words)}`;
    time.after(local);
  }
}

// How many are chosen, told where the page keeps a place for it; and one box for all boxes of the page.
function countChosen(status) {
  const form = status.closest("form");
  const boxes = [...form.querySelectorAll("input[type=checkbox][name=member]")];
  const head = form.querySelector("th[data-choose-all]");
  const every = document.createElement("input");
  every.type = "checkbox";
  if (head && boxes.length > 1) {
    every.setAttribute("aria-label", head.dataset.chooseAll);
    const label = document.createElement("label");
    label.className = "pick";
    label.append(every);
    head.replaceChildren(label);
  }
  const tell = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    every.checked = chosen === boxes.length;
    every.indeterminate = chosen > 0 && chosen < boxes.length;
    const words = chosen === 0 ? "" : status.dataset.chosen.replace("{count}", String(chosen));
    if (status.textContent !== words) status.textContent = words;
  };
  form.addEventListener("change", (event) => {
    if (event.target === every) for (const box of boxes) box.checked = every.checked;
    tell();
  });
  // A browser restores the boxes when somebody comes back to the page.
  window.addEventListener("pageshow", tell);
  tell();
}

// A form that changes something is sent once. Who stops the page, or comes back to it, can send it again.
function sendOnce() {
  const sent = new Map();
  const longest = 30000;
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    const now = performance.now();
    if (sent.has(form) && now - sent.get(form) < longest) {
      event.preventDefault();
      return;
    }
    sent.set(form, now);
  });
  window.addEventListener("pageshow", () => sent.clear());
}

// A password can be looked at while it is typed, where the page offers it.
function showPasswords(field) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet";
  button.textContent = field.dataset.show;
  button.setAttribute("aria-pressed", "false");
  button.setAttribute("aria-controls", field.id);
  button.addEventListener("click", () => {
    const shown = field.type === "password";
    field.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
  });
  // A password is never sent from a field that a browser would remember as text.
  field.form.addEventListener("submit", () => { field.type = "password"; });
  field.after(button);
}

tellLocalTimes();
for (const status of document.querySelectorAll("[data-chosen]")) countChosen(status);
sendOnce();
for (const field of document.querySelectorAll("input[data-show]")) showPasswords(field);
