"use strict";
// Filters of the overview; their state is the address, so that a view can be shared.
(() => {
  const form = document.getElementById("filters");
  const groups = [...document.querySelectorAll(".group")];
  const opened = new Map(groups.map((group) => [group, group.open]));
  const links = [...document.querySelectorAll("[data-code]")];
  const cards = [...document.querySelectorAll(".card")];

  const said = new Map(cards.map((card) => [card,
    `${card.textContent} ${card.dataset.words}`.toLowerCase()]));
  const asked = (text) => text.toLowerCase().replaceAll("$", " ").split(/\s+/).filter(Boolean);

  const state = () => new URLSearchParams([...new FormData(form)].filter(([, value]) => value));

  function matches(card, wanted) {
    return [...wanted].every(([name, value]) => (name === "q"
      ? asked(value).every((word) => said.get(card).includes(word))
      : card.dataset[name] === value));
  }

  function apply() {
    const wanted = state();
    const filtered = [...wanted].length > 0;
    for (const card of cards) card.hidden = !matches(card, wanted);
    for (const group of groups) {
      const shown = group.querySelectorAll(".card:not([hidden])").length;
      group.hidden = shown === 0;
      group.open = filtered || opened.get(group);
      group.querySelector(".number").textContent = shown;
    }
    const shown = cards.filter((card) => !card.hidden).length;
    document.getElementById("count").textContent = `${shown} of ${cards.length} claims`;
    for (const link of links) {
      link.setAttribute("aria-current", link.dataset.code === wanted.get("verdict"));
    }
  }

  function restore() {
    const wanted = new URLSearchParams(location.hash.slice(1));
    for (const field of form.elements) if (field.name) field.value = wanted.get(field.name) ?? "";
    apply();
  }

  function change() {
    history.replaceState(null, "", `#${state()}`);
    apply();
  }

  function toggle(event) {
    event.preventDefault();
    const { code } = event.currentTarget.dataset;
    form.elements.verdict.value = form.elements.verdict.value === code ? "" : code;
    change();
  }

  for (const link of links) link.addEventListener("click", toggle);
  form.addEventListener("input", change);
  form.addEventListener("reset", () => setTimeout(change));
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", restore);
  form.hidden = false;
  restore();
})();
