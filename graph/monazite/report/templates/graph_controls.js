  // What the reader moves: pointer, keys, filters, sliders, search, tables.
  const arcAt = (pointer) => {
    const ctx = canvas.querySelector("canvas").getContext("2d");
    ctx.save();
    ctx.resetTransform();
    ctx.setLineDash([]);
    ctx.lineWidth = 10;
    const hit = allEdges.findLast((edge) =>
      isShown(edge) && ctx.isPointInStroke(edge.shape, pointer.x, pointer.y));
    ctx.restore();
    return hit ? hit.id : null;
  };
  network.on("click", (event) => {
    const id = event.nodes[0] || arcAt(event.pointer.canvas);
    if (behind.nodes[id]) unfold(id);
    if (id) open(id);
    else close();
  });
  canvas.addEventListener("mousemove", (event) => {
    const frame = canvas.getBoundingClientRect();
    const at = { x: event.clientX - frame.left, y: event.clientY - frame.top };
    const card = network.getNodeAt(at);
    const before = under;
    under = card ? null : arcAt(network.DOMtoCanvas(at));
    canvas.style.cursor = card || under ? "pointer" : "";
    if (under !== before) network.redraw();
  });

  // In the picture arrow keys go from card to card, up and down a column or to the nearest beside.
  const FIRST = { ArrowDown: 1, ArrowUp: 1, ArrowRight: 1, ArrowLeft: 1 };
  const nearest = (key) => {
    const seen = shownNodes().filter((node) => !nodeData.get(node.id).hidden);
    const at = seen.find((node) => node.id === cursor);
    if (!at) return [...seen].sort((one, other) => one.x - other.x || one.y - other.y)[0];
    const across = key === "ArrowRight" || key === "ArrowLeft";
    const sign = key === "ArrowRight" || key === "ArrowDown" ? 1 : -1;
    const ahead = seen.filter((node) => across
      ? sign * (node.x - at.x) > at.wide / 2
      : Math.abs(node.x - at.x) < at.wide / 2 && sign * (node.y - at.y) > 0);
    const far = (node) => across
      ? [Math.abs(node.x - at.x) > 1.9 * at.wide, Math.abs(node.y - at.y)]
      : [false, Math.abs(node.y - at.y)];
    return ahead.sort((one, other) =>
      far(one)[0] - far(other)[0] || far(one)[1] - far(other)[1])[0] || at;
  };
  const announce = (node) => {
    const { title, zh, stage, share, loss, kind } = details.get(node.id);
    byId("stage-said").textContent = [title, zh, kind, stage, share && "share " + share,
      loss && "loss " + loss].filter(Boolean).join(", ");
  };
  box.addEventListener("keydown", (event) => {
    if (event.target !== box || event.ctrlKey || event.altKey || event.metaKey) return;
    if (FIRST[event.key]) {
      const node = nearest(event.key);
      if (!node) return;
      event.preventDefault();
      cursor = node.id;
      bringIntoView(cursor);
      announce(node);
      network.redraw();
    } else if (cursor && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      if (behind.nodes[cursor]) unfold(cursor);
      open(cursor, box);
    }
  });
  ["focus", "blur"].forEach((kind) => box.addEventListener(kind, () => network.redraw()));

  const filters = [...document.querySelectorAll("[data-hides]")];
  const filter = () => {
    const off = Object.fromEntries(filters.map((input) => [input.dataset.hides, new Set()]));
    filters.filter((input) => !input.checked)
      .forEach((input) => off[input.dataset.hides].add(input.value));
    const isOff = (what, value) => Boolean(value && off[what] && off[what].has(value));
    const allOff = (what, values) => Boolean(values && values.length)
      && values.every((value) => isOff(what, value));
    const isHidden = (node) => isOff("kind", node.kind) || isOff("stage", node.stage)
      || isOff("country", details.get(node.id).country)
      || isOff("status", details.get(node.id).status);
    const hidden = new Set(shownNodes().filter(isHidden).map((node) => node.id));
    allEdges.forEach((edge) => {
      edge.kept = !isOff("line", edge.kind) && !(edge.cut && isOff("cut", "cut"))
        && !isOff("material", details.get(edge.id).material)
        && !allOff("element", details.get(edge.id).elements)
        && !hidden.has(standing(edge.from)) && !hidden.has(standing(edge.to));
    });
    nodeData.update(shownNodes().map(({ id }) => ({ id, hidden: hidden.has(id) })));
    network.redraw();
  };
  filters.forEach((input) => input.addEventListener("change", filter));
  document.querySelectorAll("[data-all],[data-none]").forEach((button) =>
    button.addEventListener("click", () => {
      const what = button.dataset.all || button.dataset.none;
      filters.filter((input) => input.dataset.hides === what)
        .forEach((input) => { input.checked = Boolean(button.dataset.all); });
      filter();
    }));

  // The slider of sources: what is weaker fades, and the figures are worked out without it.
  const TIERS = {
    1: "only primary: statutes, ministries, filings, official statistics",
    2: "tier 2 or better: no news, nothing weak",
    3: "tier 3 or better: news, nothing weak",
    4: "all, weak ones too",
  };
  const tell = () => {
    figures.forEach((stage) => {
      const row = document.querySelector(`#figures tr[data-stage="${CSS.escape(stage.stage)}"]`);
      const left = within(stage);
      const words = [stage.year, left.leader || NOT_KNOWN, marked(left.share, left.figure),
        indexWords(left.hhi, left.high), left.countries, stage.denominator];
      [...row.querySelectorAll("td")].forEach((cell, place) => {
        const text = cell.querySelector("bdi") || cell;
        text.textContent = words[place];
      });
      row.classList.toggle("changed", tier < WEAKEST);
    });
    const said = byId("figures-said");
    if (!said) return;
    const from = tier < WEAKEST ? "Without sources weaker than tier " + tier +
      ": a country that drops out joins what is not split; not known where too much drops, or what "
      + "the shares are divided by does. " : "From all sources of this view. ";
    said.textContent = from +
      "HHI is the sum of squared shares in percent, 0 to 10,000.";
  };
  const slide = (id, act) => {
    const input = byId(id);
    if (!input) return;
    const move = () => {
      const text = act(Number(input.value));
      byId(id + "-said").textContent = text;
      input.setAttribute("aria-valuetext", text);
      tell();
      network.redraw();
    };
    // A browser may keep a slider's place when the page is read again.
    input.value = input.defaultValue;
    input.setAttribute("aria-valuetext", byId(id + "-said").textContent);
    input.addEventListener("input", move);
  };
  slide("tier", (value) => { tier = value; return TIERS[value]; });

  const field = byId("search");
  const matches = () => {
    const words = field.value.trim().toLowerCase();
    if (!words) return [];
    return [...nodes.keys()].filter((id) => {
      const { title, zh, country } = details.get(id);
      return [title, zh, country].join(" ").toLowerCase().includes(words);
    });
  };
  let turn = 0;
  field.addEventListener("input", () => {
    const found = matches();
    turn = 0;
    byId("search-said").textContent = !field.value.trim() ? ""
      : found.length === 0 ? "no match" : found.length === 1 ? "1 match" : found.length + " matches";
    lit = found.length ? new Set(found.map(standing)) : null;
    network.redraw();
  });
  field.form.addEventListener("submit", (event) => {
    event.preventDefault();
    const found = matches();
    if (found.length) open(found[turn++ % found.length], field);
  });

  // Names in the tables open the panel; a table that is never opened costs nothing.
  const arm = (table) => table.querySelectorAll("bdi[data-opens]").forEach((name) => {
    const button = element("button", "", "name");
    button.type = "button";
    button.addEventListener("click", () => open(name.dataset.opens, button));
    name.replaceWith(button);
    button.append(name);
  });
  document.querySelectorAll("#nodes, #links").forEach((table) =>
    table.addEventListener("toggle", () => arm(table), { once: true }));
  document.querySelectorAll(".scripted").forEach((shown) => { shown.hidden = false; });
  document.documentElement.classList.add("drawn");
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
  // Only another width: a phone's address bar changes the height at every scroll.
  addEventListener("resize", () => { if (canvas.clientWidth !== fitted) fit(); });
  paint();
  fit();
})();
