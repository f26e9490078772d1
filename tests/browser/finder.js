// Finds what a person would point at: by what it says or is called, among what can be seen.
// arguments: the kind (`act`, `field`, `option`, `tick`), the words, and for some the name of what it stands in.
const [kind, wanted, within] = arguments;
const clean = (text) => (text || "").replace(/\s+/g, " ").trim();
const seen = (element) => element.checkVisibility({ visibilityProperty: true });

function said(element) {
  const copy = element.cloneNode(true);
  copy.querySelectorAll("[aria-hidden=true], select, textarea, input").forEach((part) => part.remove());
  return clean(copy.textContent);
}

function name(element) {
  const by = element.getAttribute("aria-labelledby");
  if (by) return clean(by.split(/\s+/).map((id) => said(document.getElementById(id))).join(" "));
  if (element.hasAttribute("aria-label")) return clean(element.getAttribute("aria-label"));
  if (element.labels && element.labels.length) return clean([...element.labels].map(said).join(" "));
  if (element.matches("input")) return clean(element.value);
  return said(element);
}

// What a row, a group or a part of the page is called.
function called(part) {
  if (part.hasAttribute("aria-label") || part.hasAttribute("aria-labelledby")) return name(part);
  const head = part.matches("tr") ? part.querySelector("th") : part.querySelector("legend, h2, h3");
  return head ? said(head) : "";
}

const PARTS = "tr, fieldset, section, nav, form, [role], li, article, details, div";
let rooms = [document];
if (within) {
  rooms = [...document.querySelectorAll(PARTS)].filter((part) => seen(part) && called(part) === within);
  // The smallest part of that name, where one stands in another.
  rooms = rooms.filter((part) => !rooms.some((other) => other !== part && part.contains(other)));
}

const KINDS = {
  act: "a[href], button, summary, input[type=submit], [role=button]",
  field: "input:not([type=hidden]):not([type=checkbox]):not([type=radio]), textarea, select",
  tick: "input[type=checkbox], input[type=radio]",
};

function all(selector) {
  return rooms.flatMap((room) => [...room.querySelectorAll(selector)]).filter(seen);
}

function options() {
  const [list, option] = wanted;
  const lists = all("select").filter((element) => name(element) === list);
  return lists.flatMap((element) => [...element.options]).filter((element) => clean(element.textContent) === option);
}

let found;
let others = [];
if (kind === "option") {
  found = options();
  others = all("select").flatMap((element) => [...element.options].map((o) => `${name(element)}: ${clean(o.textContent)}`));
} else {
  const candidates = all(KINDS[kind]);
  found = candidates.filter((element) => name(element) === wanted);
  others = candidates.map(name);
}
// What stands in the page's own part goes before the frame around it; two links to one address are one.
const inside = found.filter((element) => element.closest("main"));
if (found.length > 1 && inside.length > 0) found = inside;
if (found.length > 1 && found.every((element) => element.href && element.href === found[0].href)) found = [found[0]];
return { found, others };
