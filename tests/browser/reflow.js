// What is wider than the window, so that the whole page would have to be moved sideways to read it.
const root = document.scrollingElement;
if (root.scrollWidth <= root.clientWidth) return [];
const wide = [...document.querySelectorAll("body *")].filter((element) => {
  if (element.closest(".scroll") && !element.matches(".scroll")) return false;
  return element.getBoundingClientRect().right > root.clientWidth + 0.5;
});
const told = (element) => `${element.tagName.toLowerCase()}.${element.className} ${element.textContent.trim().slice(0, 60)}`;
const deepest = wide.filter((element) => !wide.some((other) => other !== element && element.contains(other)));
return [`the page is ${root.scrollWidth} px wide in a window of ${root.clientWidth} px`, ...deepest.map(told)];
