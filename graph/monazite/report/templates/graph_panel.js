  // The panel with the details of a card or a line.
  const element = (name, text, className) => {
    const made = document.createElement(name);
    if (text) made.textContent = text;
    if (className) made.className = className;
    return made;
  };
  const factList = (numbers) => {
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
    return list;
  };
  const addFacts = (body, heading, numbers) => {
    if (numbers.length) body.append(element("h3", heading), factList(numbers));
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
  const addPolicies = (body, policies, isLink) => {
    if (!policies.length) return;
    body.append(element("h3", isLink ? "Policies" : "Acts aimed at this market"));
    policies.forEach((policy) => {
      const box = element("div", "", policy.in_force ? "bound" : "");
      box.append(element("bdi", policy.title));
      const binds = policy.in_force ? "Binds this: " : "Would bind this: ";
      box.append(element("p", (isLink ? binds : "") +
        policy.kind + ", " + policy.state + ".", "note"));
      policy.remarks.forEach((remark) => box.append(element("p", remark, "note")));
      const rests = element("details");
      rests.append(element("summary", "Its facts (" + policy.facts.length + ")"));
      rests.append(factList(policy.facts));
      box.append(rests);
      body.append(box);
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
    addPolicies(body, entry.policies || [], Boolean(edge));
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
