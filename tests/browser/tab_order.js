// Listens to where the focus goes, and tells what Tab should come to, in the order of the document.
// Called first without arguments, then with `true` for what happened.
const [ended] = arguments;
const clean = (text) => (text || "").replace(/\s+/g, " ").trim();
const told = (element) =>
  clean(`${element.tagName.toLowerCase()}#${element.id} ${element.getAttribute("aria-label") || element.name || element.textContent}`).slice(0, 80);

if (!ended) {
  window.stops = [];
  document.addEventListener("focusin", (event) => {
    const style = getComputedStyle(event.target);
    const drawn = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    window.stops.push({ element: event.target, drawn });
  });
  const all = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
  const seen = [...document.querySelectorAll(all)].filter(
    (element) => element.checkVisibility({ visibilityProperty: true }) && !element.disabled,
  );
  // Of the radio buttons of one name, Tab comes to the chosen one, or else to the first.
  const first = (radio) => {
    const group = seen.filter((one) => one.type === "radio" && one.name === radio.name && one.form === radio.form);
    return radio === (group.find((one) => one.checked) || group[0]);
  };
  window.expected = seen.filter((element) => element.type !== "radio" || first(element));
  // A date has a stop for each of its parts.
  const dates = window.expected.filter((element) => ["date", "time"].includes(element.type)).length;
  return window.expected.length + 4 * dates + 1;
}

const moved = window.stops.filter((stop, n) => n === 0 || stop.element !== window.stops[n - 1].element);
// What a page has put the focus on itself is no stop of Tab.
const stops = moved.filter((stop) => !stop.element.matches("[autofocus][tabindex='-1']"));
const expected = window.expected;
const complaints = [];
// A page that puts the focus somewhere itself goes round from there.
const begin = Math.max(0, expected.indexOf(stops.length ? stops[0].element : null));
expected.forEach((_, n) => {
  const wanted = expected[(begin + n) % expected.length];
  const stop = stops[n];
  if (complaints.length === 0 && (!stop || stop.element !== wanted)) {
    complaints.push(`Tab comes to ${stop ? told(stop.element) : "nothing"} instead of ${told(wanted)}`);
  }
  if (stop && !stop.drawn) complaints.push(`the focus cannot be seen on ${told(stop.element)}`);
});
document.querySelectorAll("[tabindex]").forEach((element) => {
  if (element.tabIndex > 0) complaints.push(`a tabindex of its own: ${told(element)}`);
});
return complaints;
