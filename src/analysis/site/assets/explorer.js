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
  // What is chosen, in order: a choice may rule out options of those after it, never before.
  const fields = ["vintage", "reading", ...data.factors.map((_, i) => `f${i}`)]
    .map((name) => form.elements[name]);
  const at = (trial, i) => String([trial.vintage, trial.reading, ...trial.places][i]);
  const fits = (trial, i, value) => at(trial, i) === "-1" || at(trial, i) === value;

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

  /** Disable what no trial has, and move choices that became impossible to the nearest possible. */
  function settle() {
    const moved = [];
    let left = trials;
    fields.forEach((field, i) => {
      const absent = left.every((trial) => at(trial, i) === "-1");
      const open = [...field.options].filter((option) => left.some((trial) => fits(trial, i, option.value)));
      for (const option of field.options) option.disabled = !open.includes(option);
      field.disabled = absent;
      if (!absent && !open.some((option) => option.value === field.value)) {
        const next = (left.find((trial) => trial.preferred) ?? left[0]);
        field.value = at(next, i) === "-1" ? open[0].value : at(next, i);
        moved.push(`${field.labels[0].firstChild.textContent.trim()}: ${field.selectedOptions[0].text}`);
      }
      left = left.filter((trial) => fits(trial, i, field.value));
    });
    return { trial: left[0], moved };
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
      line.append(element("a", data.tables[table] ?? table, page), ", rows ");
      ranges.split(", ").forEach((range, k) => {
        if (k) line.append(", ");
        line.append(element("a", range, `${page}#row-${range.split("-")[0]}`));
      });
    });
    return line;
  }

  function found(trial, reading) {
    if (trial.value === null) return trial.note ? `No admissible evidence: ${trial.note}.` : "No admissible evidence.";
    const { scale } = reading;
    const stage = (value) => [...new Set([Math.floor(value), Math.ceil(value)])].map((i) => scale[i]).join(" to ");
    const shown = (value) => (scale.length ? stage(value) : number(value));
    const certain = trial.low === null || shown(trial.low) === shown(trial.high);
    const around = certain ? "" : ` (${shown(trial.low)} to ${shown(trial.high)})`;
    const unit = scale.length ? "" : ` ${trial.unit}`;
    return `${shown(trial.value)}${unit}${around}: ${words[trial.outcome] ?? "undecided"} against ${trial.test}.`;
  }

  function show() {
    const { trial, moved } = settle();
    const reading = data.readings.find((each) => each.name === trial.reading);
    const beside = trials.filter((each) => each.vintage === trial.vintage && each.reading === trial.reading);
    const agree = beside.filter((each) => each.outcome === trial.outcome).length;
    document.getElementById("reading-statement").textContent = reading.statement;
    result.hidden = false;
    result.replaceChildren(
      element("p", found(trial, reading)),
      element("p", `${agree} of ${beside.length} specifications of this reading come out the same.`),
      ...(moved.length ? [element("p", `Changed with it, as only this fits: ${moved.join("; ")}.`)] : []),
      ...(Object.keys(data.evidence[trial.rows]).length ? [sources(trial)] : []),
    );
    document.getElementById("command").textContent = command(trial);
  }

  function start() {
    const first = trials.find((trial) => trial.preferred) ?? trials[0];
    fields.forEach((field, i) => { field.value = at(first, i) === "-1" ? "0" : at(first, i); });
  }

  form.addEventListener("input", show);
  form.hidden = false;
  start();
  show();
})();
