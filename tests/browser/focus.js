// What has the focus, as somebody would say it: what it is, and its name.
const element = document.activeElement;
if (!element || element === document.body) return "";
const clean = (text) => (text || "").replace(/\s+/g, " ").trim();

function said(part) {
  const copy = part.cloneNode(true);
  copy.querySelectorAll("[aria-hidden=true], select, textarea, input").forEach((inner) => inner.remove());
  return clean(copy.textContent);
}

const WORDS = { A: "link", BUTTON: "button", SELECT: "list", TEXTAREA: "field", SUMMARY: "fold", MAIN: "main" };
let word = WORDS[element.tagName] || element.getAttribute("role") || element.tagName.toLowerCase();
if (element.matches("input")) {
  word = { checkbox: "checkbox", radio: "radio", file: "file", submit: "button" }[element.type] || "field";
}
const by = element.getAttribute("aria-labelledby");
let name = "";
if (by) name = by.split(/\s+/).map((id) => said(document.getElementById(id))).join(" ");
else if (element.hasAttribute("aria-label")) name = element.getAttribute("aria-label");
else if (element.labels && element.labels.length) name = [...element.labels].map(said).join(" ");
else if (word !== "main") name = said(element);
return clean(`${word} ${clean(name)}`);
