"use strict";
// Filters of the overview; their state is the address, so that a view can be shared.
(() => {
  const form = document.getElementById("filters");
  const list = document.getElementById("cards");
  const cards = [...list.children];
  const ranks = {
    verdict: [...form.elements.verdict.options].map((option) => option.value),
    certainty: ["high", "moderate", "low", "very low", "not rated"],
  };

  const state = () => new URLSearchParams([...new FormData(form)].filter(([, value]) => value));

  function matches(card, wanted) {
    return [...wanted].every(([name, value]) => {
      if (name === "q") return card.textContent.toLowerCase().includes(value.toLowerCase());
      return name === "sort" || card.dataset[name] === value;
    });
  }

  function apply() {
    const wanted = state();
    for (const card of cards) card.hidden = !matches(card, wanted);
    const by = wanted.get("sort");
    const place = (card) => ranks[by].indexOf(card.dataset[by]);
    list.append(...(by ? [...cards].sort((a, b) => place(a) - place(b)) : cards));
    const shown = cards.filter((card) => !card.hidden).length;
    document.getElementById("count").textContent = `${shown} of ${cards.length} claims`;
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

  form.addEventListener("input", change);
  form.addEventListener("reset", () => setTimeout(change));
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", restore);
  form.hidden = false;
  restore();
})();
