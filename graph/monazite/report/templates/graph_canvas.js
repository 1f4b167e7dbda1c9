  // The canvas: lines, colours, zoom.
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
