"use strict";
(() => {
  // An older browser keeps the SVG and the tables, which hold the same.
  if (!CanvasRenderingContext2D.prototype.roundRect || !Array.prototype.findLast) return;
  const byId = (id) => document.getElementById(id);
  const read = (id) => JSON.parse(byId(id).textContent);
  const drawing = read("drawing");
  const details = new Map(read("details").map((entry) => [entry.id, entry]));
  const edges = new Map(drawing.edges.map((edge) => [edge.id, edge]));
  const box = byId("stage");
  const canvas = byId("canvas");
  const panel = byId("panel");
  const hue = (name) =>
    getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
  const fonts = hue("fonts");
  let hues = {};
  let lit = null;
  let opener = null;
  let under = null;

  const drawText = (ctx, text, x, y, size, weight, colour, align, room) => {
    ctx.font = weight + " " + size + "px " + fonts;
    ctx.fillStyle = colour;
    ctx.textAlign = align;
    ctx.textBaseline = "alphabetic";
    ctx.fillText(text, x, y, room);
  };

  const drawFace = (ctx, node, left, top, selected, hover) => {
    ctx.beginPath();
    ctx.roundRect(left, top, node.wide, node.high, 5);
    ctx.fillStyle = hues.card;
    ctx.fill();
    ctx.globalAlpha = lit && !lit.has(node.id) ? 0.28 : 1;
    ctx.setLineDash(node.dashed && !node.ring ? [4, 3] : []);
    ctx.lineWidth = node.ring || 1;
    ctx.strokeStyle = node.ring ? hues.ring : node.dashed ? hues.muted : hues.hairline;
    ctx.stroke();
    ctx.setLineDash([]);
    if (!selected && !hover) return;
    const off = (node.ring || 1) / 2 + 2;
    ctx.beginPath();
    ctx.roundRect(left - off, top - off, node.wide + 2 * off, node.high + 2 * off, 7);
    ctx.lineWidth = selected ? 2 : 1;
    ctx.strokeStyle = hues.ink;
    ctx.stroke();
  };

  const drawMark = (ctx, node, x, y) => {
    const mark = new Path2D(node.mark);
    ctx.save();
    ctx.translate(x, y);
    ctx.fillStyle = hues[node.kind];
    ctx.fill(mark);
    ctx.lineWidth = 1.1;
    ctx.strokeStyle = hues.ink;
    ctx.setLineDash(node.dashed ? [3, 2] : []);
    ctx.stroke(mark);
    ctx.restore();
    if (node.kind === "gap") drawText(ctx, "?", x, y + 4, 10, 700, hues.ink, "center");
  };

  const drawCard = (node) => ({ ctx, x, y, state }) => ({
    nodeDimensions: { width: node.wide, height: node.high },
    drawNode: () => {
      const left = x - node.wide / 2;
      const top = y - node.high / 2;
      const weight = node.ring ? 600 : 400;
      const room = node.wide - 41;
      drawFace(ctx, node, left, top, state.selected, state.hover);
      drawMark(ctx, node, left + 16, y);
      const base = top + (node.line ? 17 : 17.5);
      drawText(ctx, node.label, left + 32, base, 13, weight, hues.ink, "left",
        room - (node.aside ? 34 : 0));
      if (node.aside)
        drawText(ctx, node.aside, left + node.wide - 9, base, 11.5, 400, hues.muted, "right", 44);
      if (node.line)
        drawText(ctx, node.line, left + 32, top + 33, 11.5, weight,
          node.ring ? hues.ink : hues.muted, "left", room);
      ctx.globalAlpha = 1;
    },
  });

  const drawColumn = (ctx, column) => {
    ctx.fillStyle = hues.band;
    ctx.beginPath();
    ctx.roundRect(column.x - 8, 4, column.width + 16, drawing.size.height - 8, 8);
    ctx.fill();
    drawText(ctx, column.label, column.x + column.width / 2, 28, 13, 600, hues.ink, "center");
    if (column.empty)
      drawText(ctx, "no rows in view", column.x + 8, 68, 11.5, 400, hues.muted, "left");
  };

  drawing.edges.forEach((edge) => { edge.shape = new Path2D(edge.way); edge.shown = true; });

  const drawArc = (ctx, edge) => {
    const strong = edge.id === under || (lit && lit.has(edge.id));
    ctx.save();
    ctx.globalAlpha = lit && !lit.has(edge.id) ? 0.12 : strong ? 1 : edge.opacity;
    ctx.strokeStyle = ctx.fillStyle = hues["arc-" + edge.kind];
    ctx.lineWidth = edge.width + (edge.id === under ? 1.5 : 0);
    ctx.setLineDash(edge.dashes || []);
    ctx.stroke(edge.shape);
    if (edge.tip.length) {
      ctx.translate(edge.tip[0], edge.tip[1]);
      ctx.rotate((edge.tip[2] * Math.PI) / 180);
      ctx.fill(new Path2D(`M0 0L${-edge.head} ${edge.head * 0.45}V${-edge.head * 0.45}Z`));
    }
    ctx.restore();
  };

  drawing.nodes.forEach((node) => { node.ctxRenderer = drawCard(node); });
  const nodeData = new vis.DataSet(drawing.nodes);
  canvas.hidden = false;
  const coarse = matchMedia("(pointer: coarse)").matches;
  const network = new vis.Network(canvas, { nodes: nodeData, edges: new vis.DataSet(drawing.edges) }, {
    physics: false,
    layout: { improvedLayout: false },
    interaction: {
      hover: true, dragNodes: false, dragView: !coarse, tooltipDelay: 350,
      selectConnectedEdges: false, hoverConnectedEdges: false,
    },
    nodes: { chosen: false },
  });

  const paint = () => {
    const names = ["paper", "card", "ink", "muted", "hairline", "band", "ring"];
    const kinds = drawing.nodes.map((node) => node.kind);
    const lines = drawing.edges.map((edge) => "arc-" + edge.kind);
    hues = Object.fromEntries([...names, ...kinds, ...lines].map((name) => [name, hue(name)]));
    network.redraw();
  };
  network.on("beforeDrawing", (ctx) => {
    drawing.columns.forEach((column) => drawColumn(ctx, column));
    drawing.edges.filter((edge) => edge.shown).forEach((edge) => drawArc(ctx, edge));
  });

  let fitted = 0;
  const fit = () => {
    const { width, height } = drawing.size;
    fitted = canvas.clientWidth;
    const scale = Math.max(fitted, 1) / width;
    canvas.style.height = Math.ceil(height * scale) + "px";
    network.setSize("100%", Math.ceil(height * scale) + "px");
    network.moveTo({ position: { x: width / 2, y: height / 2 }, scale: scale });
    network.redraw();
  };
  const zoomBy = (factor) => () => network.moveTo({ scale: network.getScale() * factor });
  const zooms = { in: zoomBy(1.25), out: zoomBy(0.8), fit: fit };
  document.querySelectorAll("[data-zoom]").forEach((button) =>
    button.addEventListener("click", zooms[button.dataset.zoom]));
  // The wheel scrolls the page, as everywhere; with Ctrl it zooms the picture.
  box.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) event.stopPropagation();
  }, { capture: true });

  const element = (name, text, className) => {
    const made = document.createElement(name);
    if (text) made.textContent = text;
    if (className) made.className = className;
    return made;
  };
  const addFacts = (body, heading, numbers) => {
    if (!numbers.length) return;
    body.append(element("h3", heading));
    const list = element("ol", "", "facts");
    numbers.forEach((number) => {
      const fact = byId("fact-" + number).cloneNode(true);
      fact.removeAttribute("id");
      list.append(fact);
    });
    body.append(list);
  };
  const fillPanel = (entry) => {
    const title = element("bdi", entry.title);
    const body = byId("panel-body");
    byId("panel-title").replaceChildren(title);
    if (entry.zh) {
      const zh = element("span", entry.zh);
      zh.lang = "zh";
      byId("panel-title").append(" ", zh);
    }
    const list = element("dl");
    entry.pairs.forEach(([term, text]) => {
      const value = element("dd");
      value.append(element("bdi", text));
      list.append(element("dt", term), value);
    });
    body.replaceChildren(list, ...entry.notes.map((note) => element("p", note, "note")));
    addFacts(body, "Facts", entry.facts);
    addFacts(body, "The loss also rests on", entry.loss_facts);
    addFacts(body, "Assumed", entry.assumed);
    if (!entry.facts.length) body.append(element("p", "No row states this.", "note"));
  };

  const neighbours = (id) => {
    const edge = edges.get(id);
    if (edge) return new Set([id, edge.from, edge.to]);
    const near = drawing.edges.filter((other) => other.from === id || other.to === id);
    return new Set([id, ...near.flatMap((other) => [other.id, other.from, other.to])]);
  };
  const bringIntoView = (id) => {
    const edge = edges.get(id);
    const place = network.canvasToDOM(network.getPosition(edge ? edge.from : id));
    const frame = canvas.getBoundingClientRect();
    const x = frame.left + place.x;
    const y = frame.top + place.y;
    // On a phone the panel covers the lower half.
    const lowest = innerWidth > 700 ? innerHeight - 60 : innerHeight * 0.4;
    if (y < 60 || y > lowest) scrollBy(0, y - lowest / 2 - 30);
    if (x < 60 || x > innerWidth - 60) box.scrollBy(x - innerWidth / 2, 0);
    return frame.left + place.x - box.getBoundingClientRect().left < box.clientWidth / 2;
  };
  const open = (id, from) => {
    const entry = details.get(id);
    if (!entry) return;
    lit = neighbours(id);
    if (edges.has(id)) network.unselectAll();
    else network.selectNodes([id], false);
    network.redraw();
    fillPanel(entry);
    panel.classList.toggle("left", !bringIntoView(id));
    panel.hidden = false;
    panel.scrollTop = 0;
    opener = from || null;
    if (from) panel.focus({ preventScroll: true });
  };
  const close = () => {
    panel.hidden = true;
    lit = null;
    network.unselectAll();
    network.redraw();
    if (opener) opener.focus();
    opener = null;
  };
  byId("panel-close").addEventListener("click", close);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !panel.hidden) close();
  });

  const arcAt = (pointer) => {
    const ctx = canvas.querySelector("canvas").getContext("2d");
    ctx.save();
    ctx.resetTransform();
    ctx.setLineDash([]);
    ctx.lineWidth = 10;
    const hit = drawing.edges.findLast((edge) =>
      edge.shown && ctx.isPointInStroke(edge.shape, pointer.x, pointer.y));
    ctx.restore();
    return hit ? hit.id : null;
  };
  network.on("click", (event) => {
    const id = event.nodes[0] || arcAt(event.pointer.canvas);
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

  const filters = [...document.querySelectorAll("[data-hides]")];
  const filter = () => {
    const off = { kind: new Set(), line: new Set(), stage: new Set() };
    filters.filter((input) => !input.checked)
      .forEach((input) => off[input.dataset.hides].add(input.value));
    const hidden = new Set(drawing.nodes
      .filter((node) => off.kind.has(node.kind) || off.stage.has(node.stage))
      .map((node) => node.id));
    const gone = (edge) => off.line.has(edge.kind) || hidden.has(edge.from) || hidden.has(edge.to);
    nodeData.update(drawing.nodes.map((node) => ({ id: node.id, hidden: hidden.has(node.id) })));
    drawing.edges.forEach((edge) => { edge.shown = !gone(edge); });
    network.redraw();
  };
  filters.forEach((input) => input.addEventListener("change", filter));

  const field = byId("search");
  const matches = () => {
    const words = field.value.trim().toLowerCase();
    if (!words) return [];
    return drawing.nodes.map((node) => node.id).filter((id) => details.get(id).find.includes(words));
  };
  let turn = 0;
  field.addEventListener("input", () => {
    const found = matches();
    turn = 0;
    byId("search-said").textContent = !field.value.trim() ? ""
      : found.length === 0 ? "no match" : found.length === 1 ? "1 match" : found.length + " matches";
    lit = found.length ? new Set(found) : null;
    network.redraw();
  });
  field.form.addEventListener("submit", (event) => {
    event.preventDefault();
    const found = matches();
    if (found.length) open(found[turn++ % found.length], field);
  });

  document.querySelectorAll("[data-opens]").forEach((name) => {
    const button = element("button", "", "name");
    button.type = "button";
    button.addEventListener("click", () => open(name.dataset.opens, button));
    name.replaceWith(button);
    button.append(name);
  });
  document.querySelectorAll(".scripted").forEach((shown) => { shown.hidden = false; });
  document.documentElement.classList.add("drawn");
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
  // Only another width: a phone's address bar changes the height at every scroll.
  addEventListener("resize", () => { if (canvas.clientWidth !== fitted) fit(); });
  paint();
  fit();
})();
