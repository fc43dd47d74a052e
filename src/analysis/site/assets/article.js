"use strict";
// How the verdicts stood on an earlier or a later day, as the last replay found.
(() => {
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const replay = read("replay");
  const codes = Object.values(read("codes"));
  const slider = document.getElementById("day");
  const marks = [...document.querySelectorAll(".mark")].map((mark) => ({
    mark, own: codes.findIndex((each) => mark.classList.contains(`v-${each.code}`)),
  }));

  function show() {
    const counts = codes.map(() => 0);
    for (const { mark, own } of marks) {
      const place = replay.claims[mark.dataset.claim]?.[slider.value] ?? own;
      const verdict = codes[place];
      counts[place] += 1;
      mark.className = `mark v-${verdict.code}`;
      mark.querySelector(".sign").textContent = verdict.marker;
      mark.querySelector(".word").textContent = ` (${verdict.word})`;
    }
    codes.forEach((each, place) => {
      const item = document.querySelector(`#legend [data-code="${each.code}"]`);
      item.hidden = counts[place] === 0;
      item.querySelector(".number").textContent = counts[place];
    });
    document.getElementById("when").textContent = replay.days[slider.value];
    slider.setAttribute("aria-valuetext", replay.days[slider.value]);
  }

  slider.addEventListener("input", show);
  document.getElementById("days").hidden = false;
  show();
})();
