// What a field with a fault is joined with: whether it is marked, and the visible text that describes it.
const field = document.getElementById(arguments[0]);
if (!field) return null;
const described = (field.getAttribute("aria-describedby") || "").split(/\s+/).filter(Boolean);
const texts = described.map((id) => document.getElementById(id)).map((part) => (part && part.checkVisibility() ? part.innerText : "-"));
return [field.getAttribute("aria-invalid"), texts.join(" ").replace(/\s+/g, " ").trim()];
