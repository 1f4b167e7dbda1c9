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
  const { behind, figures } = drawing;
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
  let cursor = null;
  const WEAKEST = 4;
  const isDim = (id) => (lit && !lit.has(id)) || details.get(id).tier > tier;

  // Words for numbers, the same as in the tables that the page was written with.
  const NOT_KNOWN = "not known";
  const percent = (share) => {
    if (share === null || share === undefined) return NOT_KNOWN;
    const whole = Math.round(share * 100);
    if (whole === 0 && Math.abs(share) > 5e-6) return "under 1\u00a0%";
    if (whole === 100 && share < 1 - 5e-6) return "over 99\u00a0%";
    return whole + "\u00a0%";
  };
  const marked = (share, figure) => {
    const end = !figure || share === null || share === undefined ? ""
      : figure.includes("upper bound") ? "up to " : figure.includes("lower bound") ? "at least " : "";
    const text = end ? end + Math.round(share * 1000) / 10 + "\u00a0%" : percent(share);
    return figure ? text + " (" + figure + ")" : text;
  };
  const whole = (number) => Math.round(number).toLocaleString("en-US");
  const indexWords = (low, high) => low === null && high === null ? NOT_KNOWN
    : low === null ? "up to " + whole(high) : high === null ? "at least " + whole(low)
    : high - low < 0.5 ? whole(low) : whole(low) + " to " + whole(high);

  // What sources within a tier leave of a stage; monazite.report.graph.stage_panel does the same.
  const within = (stage) => {
    const kept = stage.shares.filter((each) => each[2] <= tier);
    if (stage.base > tier || !kept.length) return { countries: 0, hhi: null, high: null };
    const unsplit = stage.rest + stage.shares.reduce((sum, [, share, of]) =>
      sum + (of > tier ? share : 0), 0);
    const squares = kept.reduce((sum, [, share]) => sum + (100 * share) ** 2, 0);
    const leads = kept[0][1] >= unsplit;
    const told = kept.map((each) => each[3]).join(" ");
    const known = unsplit <= 0.5;
    return {
      leader: leads ? kept[0][0] : null,
      share: leads ? kept[0][1] : null,
      figure: leads ? kept[0][3] : "",
      hhi: known && !told.includes("upper bound") ? squares : null,
      high: known && !told.includes("lower bound") ? squares + (100 * unsplit) ** 2 : null,
      countries: kept.filter((each) => each[1] > 0).length,
    };
  };
