// "What if we weigh it differently?": makes the order of the countries again from the pillar scores in the page.
// The formula is the report's (method, section 4): a weighted geometric mean over the pillars, then the mean over the occupations by their need.
(() => {
  "use strict";
  const root = document.getElementById("weigh");
  const source = document.getElementById("weigh-data");
  if (!root || !source) return;
  const data = JSON.parse(source.textContent);
  const words = data.words;
  const ROUNDING = 1e-12;
  const PILLARS = 4;
  const sliders = [...root.querySelectorAll("input[type=range]")];
  const choices = [...root.querySelectorAll("input[type=radio]")];
  const body = root.querySelector("tbody");
  const status = root.querySelector("[role=status]");
  const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (whole, key) => (key in values ? values[key] : whole));
  const at = (values, occupation) => (Array.isArray(values) ? values[occupation] : values);
  const whole = data.occupations.reduce((sum, weight) => sum + weight, 0);

  // The fit of a country to an occupation; null without figures for enough of the weight.
  function fit(country, occupation, weights) {
    let all = 0, covered = 0, logarithms = 0, present = 0;
    for (let pillar = 0; pillar < PILLARS; pillar += 1) {
      const coverage = at(country.coverage[pillar], occupation);
      const weight = weights[pillar];
      if (coverage === null || weight === 0) continue;
      all += weight;
      covered += weight * coverage;
      const score = at(country.scores[pillar], occupation);
      if (score !== null) {
        logarithms += weight * Math.log(score);
        present += weight;
      }
    }
    if (present === 0 || covered / all < data.leastCoverage - ROUNDING) return null;
    return Math.exp(logarithms / present);
  }

  // The area's score of a country; null where it has figures for too little of the need.
  function score(country, weights) {
    let sum = 0, counted = 0;
    data.occupations.forEach((need, occupation) => {
      const state = country.states[occupation];
      if (state === "-") return;
      const value = state === "x" ? data.closed : fit(country, occupation, weights);
      if (value === null) return;
      sum += need * value;
      counted += need;
    });
    return counted > 0 && counted / whole >= data.leastWeight - ROUNDING ? sum / counted : null;
  }

  // Every ranked country, best first; ties share the lowest rank.
  function order(list, weights) {
    const rows = list.countries.map((country) => ({ country, score: score(country, weights) })).filter((row) => row.score !== null);
    rows.sort((first, second) => second.score - first.score || (first.country.code < second.country.code ? -1 : 1));
    rows.forEach((row, place) => {
      row.rank = place > 0 && rows[place - 1].score === row.score ? rows[place - 1].rank : place + 1;
    });
    return rows;
  }

  for (const list of data.lists) {
    list.positions = list.weights.map((weight) => Math.round((100 * weight) / list.weights.reduce((sum, other) => sum + other, 0)));
    list.official = new Map(order(list, list.weights).map((row) => [row.country.code, row]));
  }
  let list = data.lists[0];
  let shown = [];

  // A slider that stands where it stood weighs exactly what the method says, whatever its position is rounded to.
  const weights = () => sliders.map((slider, pillar) => {
    if (list.weights[pillar] === 0) return 0;
    const position = Number(slider.value);
    const total = list.weights.reduce((sum, weight) => sum + weight, 0);
    return position === list.positions[pillar] ? list.weights[pillar] : (position / 100) * total;
  });
  const untouched = () => sliders.every((slider, pillar) => list.weights[pillar] === 0 || Number(slider.value) === list.positions[pillar]);
  const prose = (country) => country.prose || country.name;
  const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
  const listed = (names) => (names.length < 2 ? names.join("") : names.slice(0, -1).join(", ") + words.and + names[names.length - 1]);
  const number = (value, decimals) => value.toFixed(decimals).replace(".", words.decimal);

  function cell(row, name, text, numeric) {
    const made = document.createElement(name);
    if (name === "th") made.scope = "row";
    if (numeric) made.className = "n";
    made.textContent = text;
    row.append(made);
  }

  function moved(row) {
    const before = list.official.get(row.country.code);
    if (!before) return words.none;
    const step = before.rank - row.rank;
    if (step === 0) return words.still;
    return fill(step > 0 ? words.up : words.down, { number: Math.abs(step) });
  }

  function table() {
    body.replaceChildren(...shown.slice(0, data.shown).map((row) => {
      const line = document.createElement("tr");
      cell(line, "th", row.country.name, false);
      cell(line, "td", String(row.rank), true);
      cell(line, "td", number(row.score, 1), true);
      cell(line, "td", moved(row), true);
      if (data.tiers) {
        const interval = row.country.interval;
        const ends = interval ? [...new Set(interval.map((end) => number(end, 0)))].join("–") : words.none;
        cell(line, "td", row.country.tier ? String(row.country.tier) : words.none, true);
        cell(line, "td", ends, true);
      }
      return line;
    }));
  }

  function sentence() {
    if (untouched()) return fill(words.default, { list: list.name });
    const first = shown.slice(0, data.shown);
    const names = first.slice(0, 3).map((row) => prose(row.country));
    const said = [fill(names.length === 1 ? words.firstOne : words.first, { names: listed(names), list: list.name })];
    if (data.tiers) {
      said.push(fill(words.tier, { count: first.slice(0, 10).filter((row) => row.country.tier === 1).length }));
    }
    const codes = new Set(first.map((row) => row.country.code));
    const before = [...list.official.values()].slice(0, data.shown);
    const came = first.filter((row) => !before.some((other) => other.country.code === row.country.code));
    const went = before.filter((row) => !codes.has(row.country.code));
    if (came.length > 0 && went.length > 0) {
      const values = { shown: data.shown, in: listed(came.map((row) => prose(row.country))), out: listed(went.map((row) => prose(row.country))) };
      said.push(fill(came.length === 1 && went.length === 1 ? words.changedOne : words.changed, values));
    } else {
      said.push(fill(words.same, { shown: first.length }));
    }
    const steps = first.map((row) => ({ row, from: list.official.get(row.country.code) })).filter((step) => step.from && step.from.rank !== step.row.rank);
    steps.sort((one, other) => Math.abs(other.from.rank - other.row.rank) - Math.abs(one.from.rank - one.row.rank));
    if (steps.length > 0) {
      const { row, from } = steps[0];
      said.push(capital(fill(words.most, { name: prose(row.country), from: from.rank, to: row.rank })));
    }
    return said.join(" ");
  }

  // The sentence waits until the slider has come to rest, so that a screen reader is not flooded.
  let waiting;
  function say(text) {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      status.textContent = text;
    }, 300);
  }

  function update() {
    const now = weights();
    const total = now.reduce((sum, weight) => sum + weight, 0);
    sliders.forEach((slider, pillar) => {
      const idle = list.weights[pillar] === 0;
      const share = total > 0 ? number((100 * now[pillar]) / total, 0) : "0";
      slider.disabled = idle;
      slider.setAttribute("aria-valuetext", fill(words.of, { number: share }));
      document.getElementById(`${slider.id}-share`).textContent = idle ? fill(words.idle, { list: list.name }) : fill(words.percent, { number: share });
    });
    if (total === 0) {
      say(words.nothing);
      return;
    }
    shown = order(list, now);
    table();
    say(sentence());
    const rows = shown.map((row) => ({ code: row.country.code, rank: row.rank, score: row.score }));
    root.dispatchEvent(new CustomEvent("weighed", { detail: { list: list.key, weights: now, rows } }));
  }

  function reset() {
    sliders.forEach((slider, pillar) => {
      slider.value = String(list.positions[pillar]);
    });
    update();
  }

  sliders.forEach((slider) => slider.addEventListener("input", update));
  choices.forEach((choice) => choice.addEventListener("change", () => {
    list = data.lists.find((other) => other.key === choice.value) || list;
    reset();
  }));
  root.querySelector("button").addEventListener("click", reset);
  choices.forEach((choice, place) => {
    choice.checked = place === 0;
  });
  root.hidden = false;
  reset();
})();
