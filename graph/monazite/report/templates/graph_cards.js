  // How a card is drawn.
  const drawText = (ctx, text, x, y, size, weight, colour, align, room) => {
    ctx.font = weight + " " + size + "px " + fonts;
    ctx.fillStyle = colour;
    ctx.textAlign = align;
    ctx.textBaseline = "alphabetic";
    ctx.fillText(text, x, y, room);
  };

  // The name of what is closed is struck.
  const strike = (ctx, text, x, y, size, room) => {
    ctx.font = "400 " + size + "px " + fonts;
    ctx.beginPath();
    ctx.moveTo(x, y - 4);
    ctx.lineTo(x + Math.min(ctx.measureText(text).width, room), y - 4);
    ctx.lineWidth = 1;
    ctx.strokeStyle = hues.ink;
    ctx.stroke();
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

  const drawMark = (ctx, node, x, y) => {
    const mark = new Path2D(node.mark);
    ctx.save();
    ctx.translate(x, y);
    ctx.fillStyle = hues[node.kind];
    ctx.fill(mark);
    ctx.lineWidth = node.kind === "site" ? 0.4 : 1.1;
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
      const aside = node.aside;
      const line = node.line;
      const base = top + (line ? 17 : 17.5);
      drawText(ctx, node.label, left + 32, base, node.letters, weight, hues.ink, "left",
        room - (aside ? 34 : 0));
      if (aside)
        drawText(ctx, aside, left + node.wide - 9, base, 11.5, 400, hues.muted, "right", 44);
      if (node.behind)
        drawText(ctx, opened.has(node.id) ? "\u2212" : "+" + node.behind, left + node.wide - 9,
          top + node.high - 9, 11.5, 600, hues.ink, "right", 44);
      if (line)
        drawText(ctx, line, left + 32, top + 33, node.wraps ? node.letters : 11.5, weight,
          node.ring || node.wraps ? hues.ink : hues.muted, "left", room - (node.behind ? 34 : 0));
      if (node.struck) strike(ctx, node.label, left + 32, base, node.letters, room);
      if (node.struck && node.wraps) strike(ctx, line, left + 32, top + 33, node.letters, room);
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
