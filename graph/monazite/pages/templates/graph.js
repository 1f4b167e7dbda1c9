"use strict";
(() => {
  // An older browser keeps the SVG and the tables, which hold the same.
  if (!CanvasRenderingContext2D.prototype.roundRect || !Array.prototype.findLast) return;
  const byId = (id) => document.getElementById(id);
  const read = (id) => JSON.parse(byId(id).textContent);
  const drawing = read("drawing");
  const EMPTY = { facts: [], loss_facts: [], assumed: [], notes: [], pairs: [], policies: [],
    zh: "", part: null };
  const details = new Map(read("details").map((entry) => [entry.id, { ...EMPTY, ...entry }]));
  const { behind, figures, series, years } = drawing;
  const hiddenNodes = Object.values(behind.nodes).flat();
  hiddenNodes.forEach((node) => {
    Object.assign(node, { shape: "custom", fixed: true, physics: false });
    node.x = 0;
    node.y = 0;
  });
  behind.edges.forEach((edge) => Object.assign(edge, { tip: [], head: edge.head || 0 }));
  const nodes = new Map([...drawing.nodes, ...hiddenNodes].map((node) => [node.id, node]));
  const edges = new Map([...drawing.edges, ...behind.edges].map((edge) => [edge.id, edge]));
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
  let tier = 4;
  let year = null;
  let cursor = null;
  const WEAKEST = 4;
  const isDim = (id) => (lit && !lit.has(id)) || details.get(id).tier > tier;

  // Words for numbers, the same as in the tables that the page was written with.
  const NOT_KNOWN = "not known";
  const percent = (share) => {
    if (share === null || share === undefined) return NOT_KNOWN;
    if (share > 0 && share < 0.01) return "under 1\u00a0%";
    if (share > 0.99 && share < 1) return "over 99\u00a0%";
    return Math.round(share * 100) + "\u00a0%";
  };
  const whole = (number) => Math.round(number).toLocaleString("en-US");
  const indexWords = (low, high) => low === null || high === null ? NOT_KNOWN
    : high - low < 0.5 ? whole(low) : whole(low) + " to " + whole(high);

  // What sources within a tier leave of a stage; monazite.pages.tiers.within does the same.
  const within = (stage) => {
    const kept = stage.shares.filter((each) => each[2] <= tier);
    if (stage.base > tier || !kept.length) return { countries: 0, hhi: null, high: null };
    const unsplit = stage.rest + stage.shares.reduce((sum, [, share, of]) =>
      sum + (of > tier ? share : 0), 0);
    const squares = kept.reduce((sum, [, share]) => sum + (100 * share) ** 2, 0);
    const leads = kept[0][1] >= unsplit;
    return {
      leader: leads ? kept[0][0] : null,
      share: leads ? kept[0][1] : null,
      hhi: unsplit <= 0.5 ? squares : null,
      high: unsplit <= 0.5 ? squares + (100 * unsplit) ** 2 : null,
      countries: kept.filter((each) => each[1] > 0).length,
    };
  };
  const ofYear = (stage) => {
    const found = (series[stage.stage] || {})[year];
    if (!found || found.tier > tier) return { countries: 0, hhi: null, high: null };
    return { ...found, leader: found.leader || null, hhi: found.hhi === null ? null : found.hhi_low,
      high: found.hhi_high };
  };
  const shareOf = (node) => {
    const found = (series[node.stage] || {})[year];
    const share = found && found.tier <= tier ? found.shares[details.get(node.id).place] : null;
    return share === undefined ? null : share;
  };

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
    ctx.globalAlpha = isDim(node.id) ? 0.3 : 1;
    ctx.setLineDash(node.dashed && !node.ring ? [4, 3] : []);
    ctx.lineWidth = node.ring || 1;
    ctx.strokeStyle = node.ring ? hues.ring : node.dashed ? hues.muted : hues.hairline;
    ctx.stroke();
    ctx.setLineDash([]);
    const here = node.id === cursor && document.activeElement === box;
    if (!selected && !hover && !here) return;
    const off = (node.ring || 1) / 2 + 2;
    ctx.beginPath();
    ctx.roundRect(left - off, top - off, node.wide + 2 * off, node.high + 2 * off, 7);
    ctx.lineWidth = here ? 3 : selected ? 2 : 1;
    ctx.strokeStyle = here ? hues.link : hues.ink;
    ctx.stroke();
  };

  // Areas follow shares, as in monazite.pages.cards.
  const radius = (share) => share === null ? 4 : 3 + 9 * Math.sqrt(Math.min(Math.max(share, 0), 1));
  const growth = (node) => year === null || node.kind !== "country" ? 1
    : radius(shareOf(node)) / radius(details.get(node.id).part);
  const asideOf = (node) => {
    if (year === null || node.kind !== "country") return node.aside;
    const share = shareOf(node);
    return share === null ? "?" : percent(share).replace("under ", "<").replace("over ", ">");
  };
  const lineOf = (node) => year === null || node.kind !== "country" ? node.line
    : "share in " + year + (shareOf(node) === null ? ": not known" : "");

  const drawMark = (ctx, node, x, y) => {
    const mark = new Path2D(node.mark);
    ctx.save();
    ctx.translate(x, y);
    const grown = growth(node);
    ctx.scale(grown, grown);
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
      const aside = asideOf(node);
      const line = lineOf(node);
      const base = top + (line ? 17 : 17.5);
      drawText(ctx, node.label, left + 32, base, node.letters, weight, hues.ink, "left",
        room - (aside ? 34 : 0));
      if (aside)
        drawText(ctx, aside, left + node.wide - 9, base, 11.5, 400, hues.muted, "right", 44);
      if (node.behind)
        drawText(ctx, opened.has(node.id) ? "\u2212" : "+" + node.behind, left + node.wide - 9,
          top + node.high - 9, 11.5, 600, hues.ink, "right", 44);
      if (line)
        drawText(ctx, line, left + 32, top + 33, 11.5, weight,
          node.ring ? hues.ink : hues.muted, "left", room - (node.behind ? 34 : 0));
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

  // Cards that stand behind another take their places where it is opened, and push down what is
  // below; lines follow their ends.
  const opened = new Set();
  const headOf = new Map(Object.entries(behind.nodes).flatMap(([head, members]) =>
    members.map((member) => [member.id, head])));
  const standing = (id) => headOf.has(id) && !opened.has(headOf.get(id)) ? headOf.get(id) : id;
  const joins = new Map();
  behind.edges.forEach((edge) => {
    const ends = [edge.from, edge.to].map((id) => headOf.get(id) || id);
    const key = [...ends, edge.kind].join(" ");
    joins.set(key, [...(joins.get(key) || []), edge]);
  });
  drawing.nodes.forEach((node) => { node.home = node.y; });
  drawing.edges.forEach((edge) => {
    edge.course = edge.way;
    edge.held = edge.joined ? joins.get([edge.from, edge.to, edge.kind].join(" ")) || [] : [];
  });
  const fullHeight = drawing.size.height;
  const GAP = 5;
  const spread = (members, node) => {
    let top = node.y + node.high / 2 + GAP;
    members.forEach((member) => {
      member.x = node.x + (node.wide - member.wide) / 2;
      member.y = top + member.high / 2;
      top += member.high + GAP;
    });
    return top - GAP;
  };
  const shifted = (edge) => {
    const down = [edge.from, edge.to].map((id) => nodes.get(id).y - nodes.get(id).home);
    if (!down[0] && !down[1]) return [edge.course, edge.tip];
    let count = 0;
    const way = edge.course.replace(/([MHVC ])(-?[\d.]+)/g, (found, letter, number) => {
      if (letter === "H") return found;
      if (letter === "V") return "V" + (Number(number) + down[1]);
      const place = count++;
      return letter + (place % 2 ? Number(number) + down[place > 3 ? 1 : 0] : number);
    });
    return [way, edge.tip.length ? [edge.tip[0], edge.tip[1] + down[1], edge.tip[2]] : []];
  };
  const course = (from, to, edge) => {
    if (edge.kind === "part" && headOf.get(from.id) === to.id) {
      const left = to.x - to.wide / 2 + 7;
      return [`M${from.x - from.wide / 2} ${from.y}H${left}V${to.y + to.high / 2}`, []];
    }
    const right = from.x < to.x - from.wide / 2;
    const same = Math.abs(from.x - to.x) < from.wide / 2;
    const out = right || same ? 1 : -1;
    const into = same ? 1 : -out;
    const start = from.x + (out * from.wide) / 2;
    const end = to.x + (into * to.wide) / 2;
    const stop = end + into * edge.head * 0.75;
    const reach = same ? 34 : Math.max(30, Math.abs(stop - start) / 2);
    return [`M${start} ${from.y}C${start + out * reach} ${from.y} ${stop + into * reach} ${to.y} ` +
      `${stop} ${to.y}`, edge.head ? [end, to.y, into < 0 ? 0 : 180] : []];
  };
  const setCourse = (edge, [way, tip]) => {
    edge.shape = new Path2D(way);
    edge.tip = tip;
  };
  const place = () => {
    const down = new Map();
    let lowest = 0;
    [...drawing.nodes].sort((one, other) => one.home - other.home).forEach((node) => {
      node.y = node.home + (down.get(node.stage) || 0);
      let foot = node.y + node.high / 2;
      if (opened.has(node.id)) {
        const end = spread(behind.nodes[node.id], node);
        down.set(node.stage, (down.get(node.stage) || 0) + end - foot);
        foot = end;
      }
      lowest = Math.max(lowest, foot);
    });
    drawing.size.height = Math.max(fullHeight, lowest + 12);
    behind.edges.forEach((edge) => {
      const [from, to] = [standing(edge.from), standing(edge.to)];
      const own = (headOf.has(edge.from) && from === edge.from)
        || (headOf.has(edge.to) && to === edge.to);
      edge.there = own && from !== to;
      if (edge.there) setCourse(edge, course(nodes.get(from), nodes.get(to), edge));
    });
    drawing.edges.forEach((edge) => {
      edge.there = !edge.joined || edge.held.some((held) => !held.there);
      if (edge.there) setCourse(edge, shifted(edge));
    });
  };
  const shownNodes = () => [
    ...drawing.nodes, ...[...opened].flatMap((head) => behind.nodes[head])];
  const allEdges = [...drawing.edges, ...behind.edges];
  allEdges.forEach((edge) => { edge.kept = true; });
  const isShown = (edge) => edge.there && edge.kept;
  place();

  const drawArc = (ctx, edge) => {
    const strong = edge.id === under || (lit && lit.has(edge.id));
    ctx.save();
    ctx.globalAlpha = isDim(edge.id) ? 0.12 : strong ? 1 : edge.opacity;
    ctx.strokeStyle = ctx.fillStyle = hues["arc-" + edge.kind];
    ctx.lineWidth = edge.width + (edge.id === under ? 1.5 : 0);
    ctx.setLineDash(edge.dashes || []);
    ctx.stroke(edge.shape);
    if (edge.cut) {
      ctx.save();
      ctx.strokeStyle = hues.cut;
      ctx.globalAlpha = isDim(edge.id) ? 0.12 : 1;
      ctx.lineWidth = edge.width + drawing.ties.reach;
      ctx.setLineDash(drawing.ties.dash);
      ctx.stroke(edge.shape);
      ctx.restore();
    }
    if (edge.tip.length) {
      ctx.translate(edge.tip[0], edge.tip[1]);
      ctx.rotate((edge.tip[2] * Math.PI) / 180);
      ctx.fill(new Path2D(`M0 0L${-edge.head} ${edge.head * 0.45}V${-edge.head * 0.45}Z`));
    }
    ctx.restore();
  };

  nodes.forEach((node) => { node.ctxRenderer = drawCard(node); });
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
    const names = ["paper", "card", "ink", "muted", "hairline", "band", "ring", "cut", "link"];
    const kinds = new Set([...nodes.values()].map((node) => node.kind));
    const lines = new Set(allEdges.map((edge) => "arc-" + edge.kind));
    hues = Object.fromEntries([...names, ...kinds, ...lines].map((name) => [name, hue(name)]));
    network.redraw();
  };
  network.on("beforeDrawing", (ctx) => {
    drawing.columns.forEach((column) => drawColumn(ctx, column));
    allEdges.filter(isShown).forEach((edge) => drawArc(ctx, edge));
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
  const unfold = (head, wanted = !opened.has(head)) => {
    if (opened.has(head) === wanted) return;
    const members = behind.nodes[head];
    if (wanted) opened.add(head);
    else opened.delete(head);
    place();
    if (wanted) nodeData.add(members);
    else nodeData.remove(members.map((member) => member.id));
    nodeData.update(shownNodes().map(({ id, x, y }) => ({ id, x, y })));
    filter();
    fit();
  };
  const reveal = (id) => {
    const edge = edges.get(id);
    (edge ? [edge.from, edge.to] : [id]).forEach((end) => {
      if (headOf.has(end)) unfold(headOf.get(end), true);
    });
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
      fact.querySelectorAll(".ref").forEach((ref) => {
        const source = byId(ref.getAttribute("href").slice(1)).cloneNode(true);
        const line = element("span", ref.textContent + " ", "source");
        line.append(...source.childNodes);
        ref.replaceWith(line);
      });
      list.append(fact);
    });
    body.append(list);
  };
  const chinese = (text) => {
    const zh = element("span", text);
    zh.lang = "zh";
    return zh;
  };
  const opens = (id, text) => {
    const button = element("button", "", "name");
    button.type = "button";
    button.append(element("bdi", text));
    button.addEventListener("click", () => open(id, opener || button));
    return button;
  };
  // From a card on to the market: the next line of each, as the page was written with.
  const routeOf = (id) => {
    const steps = [];
    let at = edges.has(id) ? edges.get(id).to : id;
    while (details.get(at).next && steps.length < 50) {
      const edge = edges.get(details.get(at).next);
      steps.push(edge);
      at = edge.to;
    }
    return steps;
  };
  const addRoute = (body, id) => {
    const steps = routeOf(id);
    if (!steps.length) return;
    body.append(element("h3", "Path to the market"));
    const list = element("ol", "", "route");
    steps.forEach((edge) => {
      const item = element("li");
      const to = details.get(edge.to);
      item.append(opens(edge.id, details.get(edge.id).kind), " to ",
        opens(edge.to, to.title), to.stage ? " at " + to.stage.toLowerCase() : "");
      list.append(item);
    });
    body.append(list);
  };
  const addPolicies = (body, policies) => {
    if (!policies.length) return;
    body.append(element("h3", "Policies"));
    policies.forEach((policy) => {
      const box = element("div", "", policy.in_force ? "bound" : "");
      box.append(element("bdi", policy.title));
      box.append(element("p", (policy.in_force ? "Binds this: " : "Would bind this: ") +
        policy.kind + ", " + policy.state + ".", "note"));
      policy.remarks.forEach((remark) => box.append(element("p", remark, "note")));
      body.append(box);
      addFacts(body, "Its facts", policy.facts);
    });
  };
  const addMembers = (body, id) => {
    const members = behind.nodes[id];
    if (!members) return;
    const button = element("button", opened.has(id) ? "Fold" : "Unfold " + members.length);
    button.type = "button";
    button.addEventListener("click", () => { unfold(id); fillPanel(details.get(id)); });
    button.className = "fold";
    body.append(button);
  };
  const fillPanel = (entry) => {
    const title = element("bdi", entry.title);
    const body = byId("panel-body");
    byId("panel-title").replaceChildren(title);
    if (entry.zh) byId("panel-title").append(" ", chinese(entry.zh));
    const list = element("dl");
    const edge = edges.get(entry.id);
    const named = (id) => [details.get(id).title, details.get(id).zh].filter(Boolean).join(" ");
    const pairs = [
      ...(edge ? [["From", named(edge.from)], ["To", named(edge.to)]] : []),
      ["Kind", entry.kind], ["Stage", entry.stage], ["Country", entry.country],
      ["Material", entry.material], ["Quantity", entry.quantity], ["Year", entry.year],
      ...entry.pairs,
    ].filter((pair) => pair[1]);
    if (entry.facts.length) pairs.push(["Sources", "tier " + entry.tier]);
    pairs.forEach(([term, text]) => {
      const value = element("dd");
      value.append(element("bdi", text));
      list.append(element("dt", term), value);
    });
    body.replaceChildren(list, ...entry.notes.map((note) => element("p", note, "note")));
    addMembers(body, entry.id);
    addPolicies(body, entry.policies || []);
    addRoute(body, entry.id);
    addFacts(body, "Facts", entry.facts);
    addFacts(body, "The loss also rests on", entry.loss_facts);
    addFacts(body, "Assumed", entry.assumed);
    if (!entry.facts.length) body.append(element("p", "No row states this.", "note"));
  };

  const neighbours = (id) => {
    const edge = edges.get(id);
    const near = edge ? [edge]
      : allEdges.filter((other) => other.there && (other.from === id || other.to === id));
    const lit = [...near, ...routeOf(id)].flatMap((other) =>
      [other.id, standing(other.from), standing(other.to)]);
    return new Set([id, ...lit]);
  };
  const bringIntoView = (id) => {
    const edge = edges.get(id);
    const spot = network.canvasToDOM(network.getPosition(edge ? standing(edge.from) : id));
    const frame = canvas.getBoundingClientRect();
    const x = frame.left + spot.x;
    const y = frame.top + spot.y;
    // On a phone the panel covers the lower half.
    const lowest = innerWidth > 700 ? innerHeight - 60 : innerHeight * 0.4;
    if (y < 60 || y > lowest) scrollBy(0, y - lowest / 2 - 30);
    if (x < 60 || x > innerWidth - 60) box.scrollBy(x - innerWidth / 2, 0);
    return frame.left + spot.x - box.getBoundingClientRect().left < box.clientWidth / 2;
  };
  const open = (id, from) => {
    const entry = details.get(id);
    if (!entry) return;
    reveal(id);
    lit = neighbours(id);
    if (edges.has(id)) network.unselectAll();
    else network.selectNodes([id], false);
    network.redraw();
    fillPanel(entry);
    // From a table it stands on the right, where it leaves the names to click.
    const leftHalf = bringIntoView(id);
    panel.classList.toggle("left", !leftHalf && !(from && from.closest("table")));
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
    const isHidden = (node) => isOff("kind", node.kind) || isOff("stage", node.stage)
      || isOff("country", details.get(node.id).country)
      || isOff("status", details.get(node.id).status);
    const hidden = new Set(shownNodes().filter(isHidden).map((node) => node.id));
    allEdges.forEach((edge) => {
      edge.kept = !isOff("line", edge.kind) && !(edge.cut && isOff("cut", "cut"))
        && !isOff("material", details.get(edge.id).material)
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

  // The two sliders: which sources count, and, where the page has them, which year's shares.
  const TIERS = {
    1: "only primary: statutes, ministries, filings, official statistics",
    2: "tier 2 or better: no news, nothing weak",
    3: "tier 3 or better: news, nothing weak",
    4: "all, weak ones too",
  };
  const tell = () => {
    figures.forEach((stage) => {
      const row = document.querySelector(`#figures tr[data-stage="${CSS.escape(stage.stage)}"]`);
      const left = year === null ? within(stage) : ofYear(stage);
      const base = year === null ? stage.denominator : [left.base || NOT_KNOWN,
        left.broken && "not comparable with the year before: " + left.broken].filter(Boolean).join("; ");
      const words = [year === null ? stage.year : year, left.leader || NOT_KNOWN,
        percent(left.share), indexWords(left.hhi, left.high), left.countries, base];
      [...row.querySelectorAll("td")].forEach((cell, place) => {
        const text = cell.querySelector("bdi") || cell;
        text.textContent = words[place];
      });
      row.classList.toggle("changed", tier < WEAKEST || year !== null);
    });
    const said = byId("figures-said");
    if (!said) return;
    const from = tier < WEAKEST ? "Without sources weaker than tier " + tier +
      ": a country that drops out joins what is not split; not known where too much drops, or what "
      + "the shares are divided by does. " : "From all sources of this view. ";
    said.textContent = from + (year === null ? "" : "Shares of " + year +
      "; links, quantities and losses stay those of the view. ") +
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
  slide("year", (value) => {
    year = value < years.length ? years[value] : null;
    return year === null ? "as in the view" : String(year);
  });

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
