"use strict";
// Narrows the page of everything, or a list of tables, to what has all words.
(() => {
  const form = document.getElementById("search");
  const field = form.elements.q;
  const sections = [...document.querySelectorAll(".hits")];
  const items = sections.map((section) => [...section.querySelectorAll("li")]
    .map((item) => ({ item, text: `${item.textContent} ${item.dataset.words ?? ""}`.toLowerCase() })));
  const all = items.flat().length;

  function apply() {
    const words = field.value.toLowerCase().replaceAll("$", " ").split(/\s+/).filter(Boolean);
    let found = 0;
    sections.forEach((section, i) => {
      let own = 0;
      for (const { item, text } of items[i]) {
        item.hidden = !words.every((word) => text.includes(word));
        own += item.hidden ? 0 : 1;
      }
      section.hidden = own === 0;
      found += own;
    });
    document.getElementById("count").textContent = `${found} of ${all}`;
  }

  const asked = (text) => new URLSearchParams(text).get("q");
  field.value = asked(location.hash.slice(1)) ?? asked(location.search) ?? "";
  field.addEventListener("input", () => {
    history.replaceState(null, "", `#q=${encodeURIComponent(field.value)}`);
    apply();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  apply();
})();
