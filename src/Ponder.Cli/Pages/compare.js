"use strict";

// Draws the page from the data in it: the table of who beats the control, four charts, and tables of the numbers in them.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const labels = Object.fromEntries(data.axes.map(axis => [axis.name, axis.label]));
  const dashes = [[], [9, 4], [2, 3], [12, 3, 2, 3], [5, 2], [1, 2]];
  const hidden = new Set();
  const plots = [];

  // The control is the ink's own colour; the others take the palette in turn, and another dash when it begins anew.
  const styles = new Map();
  for (const name of data.strategies) {
    const place = name === data.control ? 0 : 1 + [...styles.keys()].filter(other => other !== data.control).length;
    styles.set(name, { color: place === 0 ? "--s0" : `--s${1 + (place - 1) % 8}`, dash: dashes[place % dashes.length] });
  }

  const withReward = document.getElementById("with-reward");
  const peakMemory = document.getElementById("peak-memory");
  const charts = [
    { title: "Accuracy and tokens", axis: () => withReward.checked ? "tokens_with_reward" : "tokens", format: count },
    { title: "Accuracy and tokens one after another", axis: () => "sequential", format: count },
    { title: "Accuracy and time", axis: () => "seconds", format: time },
    { title: "Accuracy and KV memory", axis: () => peakMemory.checked ? "kv_bytes_peak" : "kv_bytes_average", format: bytes },
  ];

  // Figures as people read them.

  function digits(value) {
    return value === 0 ? "0" : value.toPrecision(3).includes("e") ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
  }

  function scaled(value, steps, unit) {
    let step = 0;
    while (Math.abs(value) >= 999.5 && step < steps.length - 1) {
      value /= 1000;
      step++;
    }
    return `${digits(value)}${steps[step]}${unit}`;
  }

  function count(value) {
    return scaled(value, ["", "k", "M", "G"], "");
  }

  function bytes(value) {
    return scaled(value, [" ", " k", " M", " G", " T"], "B");
  }

  function time(seconds) {
    return seconds >= 1 || seconds === 0 ? `${digits(seconds)} s` : seconds >= 1e-3 ? `${digits(seconds * 1e3)} ms` : `${digits(seconds * 1e6)} µs`;
  }

  function share(value) {
    return value.toFixed(3);
  }

  function signed(value) {
    return (value < 0 ? "−" : "+") + Math.abs(value).toFixed(3);
  }

  function budgetName(tokens) {
    return tokens >= 1000 && tokens % 1000 === 0 ? `${tokens / 1000}k` : String(tokens);
  }

  // Elements.

  function element(name, attributes = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes))
      made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  function table(caption, heads, rows) {
    const head = element("tr", {}, ...heads.map(text => element("th", { scope: "col" }, text)));
    const body = rows.map(([first, ...rest]) => element("tr", {}, element("th", { scope: "row" }, first),
      ...rest.map(cell => cell instanceof HTMLElement ? cell : element("td", {}, cell))));
    const made = element("table", { "aria-label": caption });
    made.append(element("thead", {}, head), element("tbody", {}, ...body));
    return made;
  }

  function color(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }

  // The words above, and the table of who beats the control.

  function describe() {
    const reward = data.reward ? `, reward ${data.reward}` : "";
    document.getElementById("subject").textContent =
      `${data.model} on ${data.problem_count} problems (${data.problems}), ${data.seeds.length} ${data.seeds.length === 1 ? "seed" : "seeds"}${reward}. `
      + `The control is ${data.control}.`;
    document.getElementById("findings").append(...data.findings.map(text => element("li", {}, text)));
    if (data.findings.length === 0)
      document.getElementById("findings").append(element("li", {}, "There is nothing but the control."));
    const heads = ["strategy", ...data.budgets.map(budget => `${budgetName(budget)} tokens`)];
    const rows = data.strategies.map(strategy => [
      strategy === data.control ? `${strategy} (control)` : strategy,
      ...data.budgets.map(budget => verdict(data.points.find(point => point.strategy === strategy && point.budget === budget))),
    ]);
    document.getElementById("verdicts").append(table("Differences from the control", heads, rows));
  }

  function verdict(point) {
    const against = point.against_control;
    if (against === null)
      return element("td", {}, share(point.accuracy), element("span", { class: "interval" }, `${share(point.low)} to ${share(point.high)}`));
    const kind = against.verdict === "better" || against.verdict === "worse" ? against.verdict : "unclear";
    const sign = { better: "▲ ", worse: "▼ ", unclear: "" }[kind];
    return element("td", {},
      element("span", { class: kind }, `${signed(against.difference)} ${sign}${against.verdict}`),
      element("span", { class: "interval" }, `${signed(against.low)} to ${signed(against.high)}`));
  }

  // Charts. uPlot has the scales, the axes and the pointer; lines go from budget to budget, also where a larger one cost no more, so they are drawn here.

  function pointsOf(chart, strategy) {
    const axis = chart.axis();
    return data.points
      .filter(point => point.strategy === strategy && !hidden.has(strategy) && point.costs[axis] !== null)
      .map(point => ({ x: point.costs[axis], y: point.accuracy, low: point.low, high: point.high, isOnFront: point.front.includes(axis), point }));
  }

  function ticks(low, high, isLog) {
    if (!isLog) {
      const step = 10 ** Math.floor(Math.log10((high - low) / 2));
      const size = [1, 2, 5, 10].map(factor => factor * step).find(candidate => (high - low) / candidate <= 6);
      const from = Math.ceil(low / size);
      return Array.from({ length: Math.max(0, Math.floor(high / size) - from + 1) }, (_, i) => (from + i) * size);
    }
    const decades = Math.log10(high / low);
    const factors = decades > 3 ? [1] : decades > 1.5 ? [1, 3] : [1, 2, 5];
    const found = [];
    for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
      for (const factor of factors) {
        const tick = factor * 10 ** power;
        if (tick >= low && tick <= high)
          found.push(tick);
      }
    }
    return found;
  }

  // A scale that holds all points, hidden ones too: it stays when strategies are taken out.
  function rangeOf(chart) {
    const axis = chart.axis();
    const costs = data.points.map(point => point.costs[axis]).filter(cost => cost !== null);
    const least = Math.min(...costs), most = Math.max(...costs);
    const isLog = least > 0 && most / least > 3;
    const room = isLog ? (most / least) ** 0.06 : Math.max((most - least) * 0.06, most * 0.02, 1e-9);
    const bottom = Math.min(...data.points.map(point => point.low)), top = Math.max(...data.points.map(point => point.high));
    return {
      isLog,
      x: isLog ? [least / room, most * room] : [least - room, most + room],
      y: [Math.max(0, Math.floor(bottom * 20 - 0.5) / 20), Math.min(1, Math.ceil(top * 20 + 0.5) / 20)],
    };
  }

  function drawStrategy(plot, context, points, style) {
    const ratio = devicePixelRatio;
    const at = (x, y) => [plot.valToPos(x, "x", true), plot.valToPos(y, "y", true)];
    context.fillStyle = context.strokeStyle = color(style.color);
    context.globalAlpha = 0.13;
    if (points.length > 1) {
      context.beginPath();
      points.forEach(point => context.lineTo(...at(point.x, point.high)));
      points.toReversed().forEach(point => context.lineTo(...at(point.x, point.low)));
      context.fill();
    }
    context.globalAlpha = 0.45;                            // where points stand on each other a band has no width: bars show it still
    context.lineWidth = ratio;
    context.beginPath();
    points.forEach(point => { context.moveTo(...at(point.x, point.low)); context.lineTo(...at(point.x, point.high)); });
    context.stroke();
    context.globalAlpha = 1;
    context.lineWidth = 2 * ratio;
    context.setLineDash(style.dash.map(length => length * ratio));
    context.beginPath();
    points.forEach(point => context.lineTo(...at(point.x, point.y)));
    context.stroke();
    context.setLineDash([]);
    for (const point of points) {
      context.beginPath();
      context.arc(...at(point.x, point.y), 3.5 * ratio, 0, 2 * Math.PI);
      context.fill();
      if (point.isOnFront) {
        context.lineWidth = 1.5 * ratio;
        context.beginPath();
        context.arc(...at(point.x, point.y), 7 * ratio, 0, 2 * Math.PI);
        context.stroke();
      }
    }
  }

  // From left to right the front climbs in steps: what it reaches, it reaches at every higher cost too.
  function drawFront(plot, context, points) {
    const front = points.filter(point => point.isOnFront).sort((a, b) => a.x - b.x || a.y - b.y);
    context.strokeStyle = color("--muted");
    context.lineWidth = devicePixelRatio;
    context.setLineDash([2 * devicePixelRatio, 3 * devicePixelRatio]);
    context.beginPath();
    front.forEach((point, i) => {
      if (i > 0)
        context.lineTo(plot.valToPos(point.x, "x", true), plot.valToPos(front[i - 1].y, "y", true));
      context.lineTo(plot.valToPos(point.x, "x", true), plot.valToPos(point.y, "y", true));
    });
    context.stroke();
    context.setLineDash([]);
  }

  function draw(plot, chart) {
    const context = plot.ctx;
    context.save();
    context.beginPath();
    const room = 8 * devicePixelRatio;                    // the rings of points at the edge are whole
    context.rect(plot.bbox.left - room, plot.bbox.top - room, plot.bbox.width + 2 * room, plot.bbox.height + 2 * room);
    context.clip();
    drawFront(plot, context, data.strategies.flatMap(strategy => pointsOf(chart, strategy)));
    for (const strategy of data.strategies)
      drawStrategy(plot, context, pointsOf(chart, strategy), styles.get(strategy));
    context.restore();
  }

  function showTip(plot, chart, tip) {
    const { left, top } = plot.cursor;
    const near = data.strategies.flatMap(strategy => pointsOf(chart, strategy))
      .map(found => ({ ...found, distance: Math.hypot(plot.valToPos(found.x, "x") - left, plot.valToPos(found.y, "y") - top) }))
      .sort((a, b) => a.distance - b.distance)[0];
    tip.hidden = !(left >= 0 && near && near.distance < 30);
    if (tip.hidden)
      return;
    tip.replaceChildren(element("strong", {}, near.point.sized),
      `${budgetName(near.point.budget)} tokens allowed`, element("br"),
      `accuracy ${share(near.y)} (${share(near.low)} to ${share(near.high)})`, element("br"),
      `${labels[chart.axis()]}: ${chart.format(near.x)}`);
    const over = plot.over.getBoundingClientRect(), frame = tip.parentElement.getBoundingClientRect();
    const x = over.left - frame.left + plot.valToPos(near.x, "x") + 14, y = over.top - frame.top + plot.valToPos(near.y, "y") + 10;
    tip.style.left = `${Math.max(4, Math.min(x, frame.width - tip.offsetWidth - 4))}px`;
    tip.style.top = `${Math.min(y, frame.height - tip.offsetHeight - 4)}px`;
  }

  function options(chart, width, tip) {
    const range = rangeOf(chart);
    const grid = { stroke: () => color("--line"), width: 1 };
    const axis = {
      stroke: () => color("--muted"),
      font: "12px system-ui, sans-serif",
      labelFont: "12px system-ui, sans-serif",
      labelSize: 22,
      grid,
      ticks: grid,
      filter: (_, splits) => splits,
    };
    return {
      width,
      height: Math.round(Math.min(400, Math.max(280, width * 0.62))),
      scales: { x: { time: false, distr: range.isLog ? 3 : 1, range: () => range.x }, y: { range: () => range.y } },
      legend: { show: false },
      cursor: { drag: { x: false, y: false }, points: { show: false } },
      axes: [
        { ...axis, label: labels[chart.axis()], splits: (_, __, low, high) => ticks(low, high, range.isLog), values: (_, splits) => splits.map(chart.format) },
        { ...axis, label: "accuracy", size: 48, splits: (_, __, low, high) => ticks(low, high, false), values: (_, splits) => splits.map(split => split.toFixed(2)) },
      ],
      series: [{}, { paths: () => null, points: { show: false } }],
      hooks: { draw: [plot => draw(plot, chart)], setCursor: [plot => showTip(plot, chart, tip)] },
    };
  }

  // Charts are made anew when they get another size or axis: that is cheap, and there is one way only.
  function makeChart(chart) {
    const figure = element("figure", {});
    const place = element("div", { class: "plot", role: "img" });
    const tip = element("div", { class: "tip", hidden: "" });
    const numbers = element("div", { class: "scroll", role: "region", "aria-label": `${chart.title}: the numbers`, tabindex: "0" });
    figure.append(element("h3", {}, chart.title), place, tip, element("details", {}, element("summary", {}, "The numbers"), numbers));
    document.getElementById("charts").append(figure);
    let plot = null, width = 0;

    function render() {
      const axis = chart.axis();
      const known = data.points.filter(point => point.costs[axis] !== null);
      plot?.destroy();
      plot = null;
      tip.hidden = true;
      place.setAttribute("aria-label", `${chart.title}: accuracy against ${labels[axis]}, a line for each strategy. The table below has the numbers.`);
      numbers.replaceChildren(table(chart.title, ["strategy", "budget", labels[axis], "accuracy", "95 %", "front"],
        known.map(point => [point.sized, budgetName(point.budget), chart.format(point.costs[axis]), share(point.accuracy),
          `${share(point.low)} to ${share(point.high)}`, point.front.includes(axis) ? "yes" : ""])));
      if (known.length === 0)
        place.textContent = "Not measured.";
      else
        plot = new uPlot(options(chart, width, tip), [known.map(point => point.costs[axis]).sort((a, b) => a - b), known.map(point => point.accuracy)], place);
    }

    new ResizeObserver(() => {
      if (place.clientWidth !== width && place.clientWidth > 0) {
        width = place.clientWidth;
        render();
      }
    }).observe(place);
    plots.push(() => width > 0 && render());
  }

  function sample(style) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const line = document.createElementNS("http://www.w3.org/2000/svg", "line");
    for (const [key, value] of Object.entries({ width: 28, height: 8, "aria-hidden": "true" }))
      svg.setAttribute(key, value);
    for (const [key, value] of Object.entries({ x1: 0, y1: 4, x2: 28, y2: 4, "stroke-width": 2.5, "stroke-dasharray": style.dash.join(" ") }))
      line.setAttribute(key, value);
    line.style.stroke = `var(${style.color})`;
    svg.append(line);
    return svg;
  }

  function makeLegend() {
    for (const [strategy, style] of styles) {
      const button = element("button", { type: "button", "aria-pressed": "true" }, sample(style), strategy === data.control ? `${strategy} (control)` : strategy);
      button.addEventListener("click", () => {
        if (!hidden.delete(strategy))
          hidden.add(strategy);
        button.setAttribute("aria-pressed", String(!hidden.has(strategy)));
        renderAll();
      });
      document.getElementById("legend").append(button);
    }
  }

  function renderAll() {
    plots.forEach(render => render());
  }

  function makeNumbers() {
    const heads = ["strategy", "budget", "accuracy", "95 %", "tokens", "reward tokens", "one after another", "time", "KV memory", "KV peak", "against the control"];
    const shown = (value, format) => value === null ? "" : format(value);
    const rows = data.points.map(point => [
      point.sized, budgetName(point.budget), share(point.accuracy), `${share(point.low)} to ${share(point.high)}`,
      shown(point.costs.tokens, count), count(point.reward_tokens), shown(point.costs.sequential, count), shown(point.costs.seconds, time),
      shown(point.costs.kv_bytes_average, bytes), shown(point.costs.kv_bytes_peak, bytes),
      element("td", { class: "words" }, point.against_control === null ? "the control" : `${signed(point.against_control.difference)}, ${point.against_control.verdict}`),
    ]);
    document.getElementById("numbers").append(table("All numbers", heads, rows));
  }

  describe();
  makeLegend();
  charts.forEach(makeChart);
  makeNumbers();
  withReward.addEventListener("change", renderAll);
  peakMemory.addEventListener("change", renderAll);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", renderAll);
})();
