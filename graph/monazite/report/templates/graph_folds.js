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
