"use strict";
// The tree as rows: only those on the screen are in the document, so that ten thousand thoughts fold as fast as ten.
(() => {
  const trace = JSON.parse(document.getElementById("trace").textContent);
  const $ = id => document.getElementById(id);
  const rowHeight = 26, indent = 16, deepest = 30, margin = 12;
  const tree = $("tree"), canvas = $("canvas");
  let problem, nodes, roots, rows, at, place, matches, match;     // place: a thought's row; at: the thought under the cursor

  const number = (value, digits = 3) => value == null ? "" : value.toFixed(digits);
  const count = (value, noun) => `${value.toLocaleString("en-US")} ${noun}${value === 1 ? "" : "s"}`;
  const seconds = value => value < 0.1 ? `${(value * 1000).toFixed(1)} ms` : `${value.toFixed(2)} s`;
  const element = (name, className, text) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text != null) made.textContent = text;
    return made;
  };

  // From red to green over the rewards that there are; their own scale is 0 to 1 unless they leave it.
  let low = 0, high = 1;
  const colour = reward => `hsl(${Math.round(130 * Math.min(1, Math.max(0, (reward - low) / (high - low || 1))))} 70% var(--light))`;

  function show(index) {
    problem = trace.problems[index];
    nodes = problem.nodes.map((told, i) => ({ ...told, index: i, children: [], open: false, place: 0 }));
    roots = [];
    [low, high] = [0, 1];
    for (const node of nodes) {
      node.parent = node.up == null ? null : nodes[node.up];
      node.depth = node.parent ? node.parent.depth + 1 : 0;
      node.tokensAbove = node.parent ? node.parent.tokensAbove + node.parent.tokens : 0;
      (node.parent ? node.parent.children : roots).push(node);
      node.place = (node.parent ? node.parent.children : roots).length;
      node.below = node.tokensBelow = node.rewardBelow = 0;
      if (node.reward != null) [low, high] = [Math.min(low, node.reward), Math.max(high, node.reward)];
    }
    for (let i = nodes.length - 1; i >= 0; i--) {                 // children stand behind their parents
      const { parent, below, tokens, tokensBelow, rewardTokens, rewardBelow } = nodes[i];
      if (!parent) continue;
      parent.below += below + 1;
      parent.tokensBelow += tokensBelow + tokens;
      parent.rewardBelow += rewardBelow + rewardTokens;
    }
    matches = [];
    match = -1;
    $("search").value = $("found").textContent = "";
    $("path").disabled = !nodes.some(node => node.chosen);
    head();
    for (const root of roots) root.open = true;
    showPath();
  }

  function head() {
    $("question").textContent = problem.question || problem.id;
    const { outcome } = problem, summary = $("summary");
    const parts = [[trace.strategy, "strategy"], [trace.reward, "reward"], [trace.policy, "policy"]]
      .filter(([value]) => value).map(([value, name]) => `${name} ${value}`);
    if (outcome) {
      const ledger = outcome.ledger;
      parts.push(count(nodes.filter(node => node.parent).length, "thought"), count(ledger.generated, "token"));
      if (ledger.reward > 0) parts.push(count(ledger.reward, "reward token"));
      parts.push(`${ledger.sequential.toLocaleString("en-US")} one after another`, seconds(ledger.seconds), `seed ${trace.seed}`);
      summary.replaceChildren("Answer ", element("b", "", outcome.answer ?? "none"),
        outcome.correct == null ? "" : outcome.correct ? " (right)" : " (wrong)",
        outcome.confidence == null ? "" : `, confidence ${outcome.confidence.toFixed(2)}`, ` · ${parts.join(" · ")}`);
    } else {
      summary.textContent = parts.join(" · ");
    }
    const cut = [trace.cut, outcome ? null : "This problem has no outcome: the run ended before it did."].filter(Boolean).join(" ");
    $("cut").hidden = !cut;
    $("cut").textContent = cut;
  }

  function layOut() {
    rows = [];
    const stack = [...roots].reverse();
    while (stack.length > 0) {
      const node = stack.pop();
      node.row = rows.push(node) - 1;
      if (node.open)
        for (let i = node.children.length - 1; i >= 0; i--) stack.push(node.children[i]);
    }
    canvas.style.height = `${rows.length * rowHeight}px`;
    draw();
  }

  function draw() {
    const first = Math.max(0, Math.floor(tree.scrollTop / rowHeight) - margin);
    const last = Math.min(rows.length, Math.ceil((tree.scrollTop + tree.clientHeight) / rowHeight) + margin);
    const hits = new Set(matches);
    canvas.replaceChildren(...rows.slice(first, last).map(node => row(node, hits)));
    if (at && rows[at.row] === at && at.row >= first && at.row < last) tree.setAttribute("aria-activedescendant", `t${at.index}`);
    else tree.removeAttribute("aria-activedescendant");
  }

  function row(node, hits) {
    const made = element("div", "row");
    made.id = `t${node.index}`;
    made.dataset.index = node.index;
    made.style.top = `${node.row * rowHeight}px`;
    made.style.paddingLeft = `${4 + indent * Math.min(node.depth, deepest)}px`;
    made.setAttribute("role", "treeitem");
    made.setAttribute("aria-level", node.depth + 1);
    made.setAttribute("aria-setsize", (node.parent ? node.parent.children : roots).length);
    made.setAttribute("aria-posinset", node.place);
    made.setAttribute("aria-selected", node === at);
    if (node.children.length > 0) made.setAttribute("aria-expanded", node.open);
    made.classList.toggle("here", node === at);
    made.classList.toggle("hit", node !== at && hits.has(node));
    made.classList.toggle("chosen", !!node.chosen);
    made.classList.toggle("pruned", node.end === "rejected");
    made.append(element("span", "fold", node.children.length === 0 ? "" : node.open ? "▾" : "▸"));
    if (node.reward != null) {
      const score = element("span", "score", number(node.reward));
      score.style.color = colour(node.reward);
      made.append(score);
    }
    made.append(element("span", "text", oneLine(node.prompt ?? node.text) || (node.end === "finished" ? "(ends here)" : "(no text)")));
    made.append(element("span", "meta", [
      node.opinion ? "judge" : "", node.end && node.end !== "finished" ? (node.end === "rejected" ? "given up" : `cut: ${node.end}`) : "",
      node.answer != null ? `= ${oneLine(node.answer).slice(0, 40)}` : "", node.correct == null ? "" : node.correct ? "right" : "wrong",
      node.below > 0 && !node.open ? `${node.below.toLocaleString("en-US")} below` : ""].filter(Boolean).join(" · ")));
    return made;
  }

  const oneLine = text => text.trim().slice(0, 400).replace(/\s*\n\s*/g, "  |  ");

  function select(node, scroll = true) {
    at = node;
    for (let above = node.parent; above; above = above.parent) above.open = true;
    layOut();
    if (scroll) {
      const top = node.row * rowHeight;
      if (top < tree.scrollTop) tree.scrollTop = top;
      else if (top + rowHeight > tree.scrollTop + tree.clientHeight) tree.scrollTop = top + rowHeight - tree.clientHeight;
      draw();
    }
    detail();
  }

  function detail() {
    const panel = $("detail"), node = at;
    panel.replaceChildren();
    if (!node) return;
    const title = node.prompt != null ? "Prompt" : node.opinion ? "Judge's opinion" : "Thought";
    panel.append(element("h2", "", `${title} #${node.number}`));
    const path = [];
    for (let above = node; above; above = above.parent) path.unshift(above);
    const text = element("pre");
    for (const above of path) {
      if (above.prompt != null) text.append(element("span", above === node ? "own" : "above", above.prompt));
      text.append(element("span", above === node ? "own" : "above", above.text));
    }
    panel.append(text);
    section(panel, "Score", [
      ["reward", number(node.reward)], ["answer", node.answer], ["right", node.correct == null ? null : node.correct ? "yes" : "no"],
      ["verifier", node.verdict], ["ended", node.end ?? (node.children.length > 0 ? "others go on from it" : "open")],
      ["mean log-probability", node.logprob == null ? null : `${number(node.logprob)} nats`]]);
    if (node.steps.length > 1) {
      panel.append(element("h3", "", "Rewards of its steps"));
      const list = element("div", "rewards");
      for (const reward of node.steps) {
        const shown = element("span", "", reward == null ? "none" : number(reward));
        if (reward != null) shown.style.color = colour(reward);
        list.append(shown);
      }
      panel.append(list);
    }
    section(panel, "Cost", [
      ["own tokens", node.tokens.toLocaleString("en-US")], ["tokens of its path", (node.tokensAbove + node.tokens).toLocaleString("en-US")],
      ["reward tokens", node.rewardTokens > 0 ? node.rewardTokens.toLocaleString("en-US") : null],
      ["time", node.parent ? `${seconds(node.started)} to ${seconds(node.ended)}` : null]]);
    if (node.below > 0)
      section(panel, "Below it", [
        ["thoughts", node.below.toLocaleString("en-US")], ["tokens", node.tokensBelow.toLocaleString("en-US")],
        ["reward tokens", node.rewardBelow > 0 ? node.rewardBelow.toLocaleString("en-US") : null]]);
    if (!node.parent) ledger(panel);
  }

  function section(panel, title, pairs) {
    const table = element("table");
    for (const [name, value] of pairs) {
      if (value == null || value === "") continue;
      const line = table.insertRow();
      line.append(element("th", "", name), element("td", "", value));
    }
    if (table.rows.length > 0) panel.append(element("h3", "", title), table);
  }

  function ledger(panel) {
    const kinds = new Map();
    for (const step of problem.steps) {
      const sum = kinds.get(step.name) ?? { times: 0, thoughts: 0, generated: 0, reward: 0, seconds: 0 };
      sum.times++;
      for (const name of ["thoughts", "generated", "reward", "seconds"]) sum[name] += step[name];
      kinds.set(step.name, sum);
    }
    if (kinds.size > 0) {
      const table = element("table", "steps"), top = table.createTHead().insertRow();
      for (const name of ["step", "times", "thoughts", "tokens", "reward tokens", "time"]) top.append(element("th", "", name));
      const body = table.createTBody();
      for (const [name, sum] of kinds) {
        const line = body.insertRow();
        line.append(element("th", "", name), ...[sum.times, sum.thoughts, sum.generated, sum.reward].map(value => element("td", "", value.toLocaleString("en-US"))),
          element("td", "", seconds(sum.seconds)));
      }
      panel.append(element("h3", "", "Ledger"), table);
    }
    if (problem.outcome) {
      const sums = problem.outcome.ledger;
      section(panel, "In all", [
        ["prompt tokens computed", sums.prompt.toLocaleString("en-US")], ["shared", sums.shared.toLocaleString("en-US")],
        ["KV tokens on average", sums.kvPeak > 0 ? Math.round(sums.kvAverage).toLocaleString("en-US") : null],
        ["KV tokens at most", sums.kvPeak > 0 ? sums.kvPeak.toLocaleString("en-US") : null]]);
    }
    for (const note of problem.notes) panel.append(element("p", "", note));
  }

  function showPath() {
    for (const node of nodes) if (node.chosen) node.open = true;
    let last = null;
    for (const node of nodes) if (node.chosen && (!last || node.depth > last.depth)) last = node;
    if (last ?? roots[0]) select(last ?? roots[0]);
    else layOut();
  }

  function search(step) {
    const wanted = $("search").value.trim().toLowerCase();
    const before = matches[match];
    matches = wanted === "" ? []
      : /^#\d+$/.test(wanted) ? nodes.filter(node => `#${node.number}` === wanted)
      : nodes.filter(node => node.text.toLowerCase().includes(wanted) || (node.answer ?? "").toLowerCase().includes(wanted) || (node.prompt ?? "").toLowerCase().includes(wanted));
    match = matches.length === 0 ? -1 : (Math.max(0, matches.indexOf(before)) + step + matches.length) % matches.length;
    $("found").textContent = wanted === "" ? "" : matches.length === 0 ? "none" : `${match + 1} of ${matches.length.toLocaleString("en-US")}`;
    if (match >= 0) select(matches[match]);
    else draw();
  }

  function fold(node, open) {
    node.open = open;
    layOut();
  }

  tree.addEventListener("scroll", draw, { passive: true });
  new ResizeObserver(draw).observe(tree);
  tree.addEventListener("click", event => {
    const shown = event.target.closest(".row");
    if (!shown) return;
    const node = nodes[shown.dataset.index];
    if (event.target.classList.contains("fold")) node.open = !node.open;
    select(node, false);
  });
  tree.addEventListener("dblclick", event => {
    const shown = event.target.closest(".row");
    if (shown && !event.target.classList.contains("fold")) fold(nodes[shown.dataset.index], !nodes[shown.dataset.index].open);
  });
  tree.addEventListener("keydown", event => {
    if (!at || event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor(tree.clientHeight / rowHeight) - 1), here = rows[at.row] === at ? at.row : 0;
    const to = row => select(rows[Math.min(rows.length - 1, Math.max(0, row))]);
    switch (event.key) {
      case "ArrowDown": to(here + 1); break;
      case "ArrowUp": to(here - 1); break;
      case "PageDown": to(here + page); break;
      case "PageUp": to(here - page); break;
      case "Home": to(0); break;
      case "End": to(rows.length - 1); break;
      case "ArrowRight": if (at.children.length > 0) at.open ? to(here + 1) : fold(at, true); break;
      case "ArrowLeft": if (at.open && at.children.length > 0) fold(at, false); else if (at.parent) select(at.parent); break;
      case "Enter": case " ": fold(at, !at.open); break;
      default: return;
    }
    event.preventDefault();
  });
  $("search").addEventListener("input", () => search(0));
  $("search").addEventListener("keydown", event => {
    if (event.key === "Enter") search(event.shiftKey ? -1 : 1);
  });
  $("unfold").addEventListener("click", () => { for (const node of nodes) node.open = true; layOut(); });
  $("fold").addEventListener("click", () => { for (const node of nodes) node.open = false; at = roots[0] ?? null; layOut(); tree.scrollTop = 0; detail(); });
  $("path").addEventListener("click", () => { showPath(); tree.focus(); });

  const choice = $("problem");
  choice.hidden = trace.problems.length < 2;
  trace.problems.forEach((told, i) => choice.append(new Option(`${told.index + 1}. ${(told.question || told.id).slice(0, 60)}`, i)));
  choice.addEventListener("change", () => show(Number(choice.value)));
  if (trace.problems.length > 0) show(0);
  document.documentElement.dataset.ready = "true";
})();
