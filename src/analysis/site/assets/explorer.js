"use strict";
// A reader's own assumptions: looked up among the trials that the notebook has run.
(() => {
  const data = JSON.parse(document.getElementById("trials").textContent);
  const form = document.querySelector("#explorer form");
  const result = document.getElementById("result");
  const words = { pass: "passes", fail: "fails", unclear: "is unclear" };
  const trials = data.trials.map(
    ([vintage, reading, places, value, low, high, unit, test, outcome, note, rows, preferred]) =>
      ({ vintage, reading, places, value, low, high, unit, test, outcome, note, rows, preferred }),
  );
  // As analysis.formatting writes numbers: four significant digits, separators from 10,000 on.
  const number = (value) => {
    const rounded = Number(value.toPrecision(4));
    return Math.abs(rounded) >= 1e4 ? Math.round(value).toLocaleString("en") : String(rounded);
  };
  const quoted = (text) => (/^[\w.=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

  function element(name, text, href) {
    const made = document.createElement(name);
    made.textContent = text;
    if (href) made.href = href;
    return made;
  }

  function literal(value) {
    if (typeof value !== "string") return JSON.stringify(value);
    try { JSON.parse(value); return JSON.stringify(value); } catch { return value; }
  }

  function find() {
    const chosen = data.factors.map((_, index) => Number(form.elements[`f${index}`].value));
    const beside = trials.filter((trial) =>
      trial.vintage === form.elements.vintage.value && trial.reading === form.elements.reading.value);
    const same = (trial) => trial.places.every((place, i) => place === -1 || place === chosen[i]);
    return { beside, trial: beside.find(same) };
  }

  function command(trial) {
    const reading = data.readings.find((each) => each.name === trial.reading);
    const chosen = {};
    data.factors.forEach((factor, i) => {
      if (trial.places[i] !== -1) chosen[factor.name] = factor.options[trial.places[i]];
    });
    const parts = ["claims run", data.id];
    if (trial.vintage !== "publication") parts.push("--vintage", trial.vintage);
    for (const [name, value] of Object.entries({ ...reading.parameters, ...chosen })) {
      parts.push("-p", quoted(`${name}=${literal(value)}`));
    }
    return parts.join(" ");
  }

  function sources(trial) {
    const line = element("p", "From ");
    Object.entries(data.evidence[trial.rows]).forEach(([table, ranges], i) => {
      const page = `../data/${table.replaceAll("/", "-")}.html`;
      if (i) line.append("; ");
      line.append(element("a", table, page), ", rows ");
      ranges.split(", ").forEach((range, k) => {
        if (k) line.append(", ");
        line.append(element("a", range, `${page}#row-${range.split("-")[0]}`));
      });
    });
    return line;
  }

  function show() {
    const { beside, trial } = find();
    result.hidden = false;
    if (!trial) {
      result.replaceChildren(element("p", "These choices make no sense together, so nobody ran them. Change one."));
      document.getElementById("command").textContent = `claims run ${data.id}`;
      return;
    }
    const agree = beside.filter((each) => each.outcome === trial.outcome).length;
    const { scale } = data.readings.find((each) => each.name === trial.reading);
    const stage = (value) => [...new Set([Math.floor(value), Math.ceil(value)])].map((i) => scale[i]).join(" to ");
    const shown = (value) => (scale.length ? stage(value) : number(value));
    const certain = trial.low === null || shown(trial.low) === shown(trial.high);
    const around = certain ? "" : ` (${shown(trial.low)} to ${shown(trial.high)})`;
    const unit = scale.length ? "" : ` ${trial.unit}`;
    const finding = trial.value === null
      ? `No admissible evidence. ${trial.note}`
      : `${shown(trial.value)}${unit}${around}: ${words[trial.outcome] ?? "undecided"} against ${trial.test}.`;
    result.replaceChildren(
      element("p", finding),
      element("p", `${agree} of ${beside.length} specifications of this reading come out the same.`),
      ...(Object.keys(data.evidence[trial.rows]).length ? [sources(trial)] : []),
    );
    document.getElementById("command").textContent = command(trial);
  }

  function start() {
    const first = trials.find((trial) => trial.preferred) ?? trials[0];
    form.elements.vintage.value = first.vintage;
    form.elements.reading.value = first.reading;
    first.places.forEach((place, i) => { form.elements[`f${i}`].value = Math.max(place, 0); });
  }

  form.addEventListener("input", show);
  form.hidden = false;
  start();
  show();
})();
