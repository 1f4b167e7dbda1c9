"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const TABS = ["scenarios", "rules"]; // beside the chain, which is no part of an address
  const ofTab = (tab) => (tab ? { tab, card: "" } : { tab });
  const index = JSON.parse(byId("explorer-index").textContent);
  const [entity, search, hits] = ["entity", "search", "hits"].map(byId);
  let kept = null; // the state where no address can hold it
  let opener = null;
  let turn = 0;
  let walked = false; // whether a link led here, and not the way back
  // What an address may ask of the data and of the losses; a page that lies in one file has tiers alone.
  const heldAsks = index.asks ?? [];
  const ofData = (state) => ["tier", "valid", "known"].map((name) => state[name] ?? "").join(" ");
  const ofElement = (state) => `${ofData(state)} ${state.horizon ?? ""} ${state.draws ?? ""} ${state.element}`;
  const ofView = (state) => `${ofElement(state)}/${state.market}`;
  const first = { tier: index.tiers[0], element: index.first[0], market: index.first[1] };
  let drawn = index.drawn === false ? {} : { view: ofView(first), element: ofElement(first) };
  if (index.rules) drawn.rules = ofData(first); // the rules lie in the page

  // The state is the address: element, market, sources, card, comparison, tab; and what else is asked.
  const read = () => {
    const told = new URLSearchParams(kept ?? location.hash.slice(1));
    const one = (name, allowed, other) => (allowed.includes(told.get(name)) ? told.get(name) : other);
    const element = one("element", Object.keys(index.views), index.first[0]);
    const markets = index.views[element];
    const fallback = markets.includes(index.first[1]) ? index.first[1] : markets[0];
    const market = one("market", markets, fallback);
    const [other, buyer] = (told.get("with") ?? "").split("/");
    const typed = (name) => {
      const offered = byId(name).options;
      return offered ? one(name, [...offered].map((each) => each.value), "") : told.get(name) ?? "";
    };
    return {
      element,
      market,
      tier: one("tier", index.tiers, index.tiers[0]),
      card: told.get("card") ?? "",
      with: index.views[other]?.includes(buyer) ? `${other}/${buyer}` : "",
      tab: one("tab", TABS, ""),
      ...Object.fromEntries(heldAsks.map((name) => [name, typed(name)])),
    };
  };
  // What the address says and this page does not hold or know, in plain letters.
  const unheld = (state) => {
    const told = new URLSearchParams(kept ?? location.hash.slice(1));
    const other = [...told].filter(([name, said]) => name && said && said !== state[name]);
    const words = other.map((pair) => pair.map((word) => word.slice(0, 30).replace(/[^\w /-]/g, "?")).join(" "));
    return words.length ? `This page does not hold ${words.join(", ")}: it shows ${named(`${state.element}/${state.market}`)}.` : "";
  };
  const link = (changes) => {
    const all = Object.entries({ ...read(), ...changes }).filter(([name, said]) => said && (name !== "tier" || said !== index.tiers[0]));
    return `#${all.map(([name, said]) => `${name}=${encodeURIComponent(said).replaceAll("%2F", "/")}`).join("&")}`;
  };
  const go = (changes) => {
    walked = true;
    const hash = link(changes);
    try {
      location.hash = hash;
    } catch {
      kept = hash.slice(1);
    }
    if (location.hash !== hash) kept = hash.slice(1);
    if (kept !== null) render();
  };

  const tabOf = (tab) => TABS.find((each) => tab.id === `tab-${each}`) ?? "";
  const tabLinks = [...document.querySelectorAll(".tabs a[id]")];
  const options = (select, allowed, chosen) => {
    for (const each of select.options) each.hidden = each.disabled = each.value !== "" && !allowed.includes(each.value);
    select.value = chosen;
  };
  const wire = () => {
    for (const each of document.querySelectorAll("a[data-card]")) each.setAttribute("href", link({ card: each.dataset.card }));
    for (const each of document.querySelectorAll("a[data-element]")) each.href = link({ element: each.dataset.element, card: "" });
    for (const each of tabLinks) each.href = link(ofTab(tabOf(each)));
    byId("permalink").href = link({});
  };

  // Marks of the map and of events: one stop of the Tab key each; arrows go from mark to mark.
  const groups = ["marks", "lanes"];
  const marks = (group) => [...byId(group).querySelectorAll(".site")];
  const hint = groups.map((group) => byId(`${group}-said`).textContent);
  const tell = (group, mark) => {
    byId(`${group}-said`).textContent = mark?.querySelector("title").textContent ?? hint[groups.indexOf(group)];
  };
  const prepare = () => {
    for (const group of groups) {
      for (const [number, each] of marks(group).entries()) {
        each.setAttribute("role", "link");
        each.setAttribute("aria-label", each.querySelector("title").textContent);
        each.setAttribute("tabindex", number ? "-1" : "0");
      }
      tell(group, null);
    }
  };
  for (const group of groups) {
    byId(group).addEventListener("keydown", (event) => {
      const held = marks(group);
      const at = held.indexOf(event.target.closest(".site"));
      if (at < 0) return;
      const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
      if (to !== undefined) {
        const next = held.at(to % held.length);
        held[at].setAttribute("tabindex", "-1");
        next.setAttribute("tabindex", "0");
        next.focus();
        event.preventDefault();
      } else if (event.key === "Enter" || event.key === " ") {
        opener = held[at];
        go({ card: held[at].dataset.card });
        event.preventDefault();
      }
    });
    for (const name of ["focusin", "pointerover"]) byId(group).addEventListener(name, (event) => {
      const mark = event.target.closest(".site");
      if (mark) tell(group, mark);
    });
  }

  // What is being worked out is said in words; what was drawn before stays, and is dimmed.
  const waiting = byId("waiting");
  const sayWhile = (now) => (said) => {
    if (now !== turn) return false;
    waiting.hidden = false;
    waiting.textContent = said;
    byId("chain").classList.add("old");
    return true;
  };
  const settle = () => {
    waiting.hidden = true;
    byId("chain").classList.remove("old");
  };
  const say = (...sentences) => {
    const said = sentences.filter(Boolean).join(" ");
    byId("trouble").hidden = !said;
    if (byId("trouble").textContent !== said) byId("trouble").textContent = said;
  };
  // The foot says which data the picture has: it waits for the picture, as the rules may come long before.
  let foot = {};
  const tellFoot = (state) => {
    const waits = state.tab !== "rules" && drawn.view && !drawn.view.startsWith(`${ofData(state)} `);
    if (waits || drawn.rules !== ofData(state)) return;
    for (const [name, said] of Object.entries(foot)) if (said) byId(name).textContent = said;
  };
  // No picture stands under the name of another: a headline takes its place.
  const clear = (headline) => {
    byId("view").replaceChildren(cell("header", cell("h1", headline)));
    byId("behind-it").replaceChildren();
    byId("places").hidden = true;
    drawn = { rules: drawn.rules };
    if (drawn.rules !== ofData(read())) byId("data").textContent = "";
  };
  const clearFailed = (state) => {
    byId("compared").hidden = true;
    if (drawn.view !== ofView(state)) clear("This view could not be worked out");
    if (drawn.rules === ofData(state)) return tellFoot(state);
    byId("rules").replaceChildren(cell("h2", "The rules in force could not be worked out"));
    byId("rules-count").textContent = "…";
    byId("data").textContent = "";
    drawn.rules = "";
  };

  const drawRules = async (state) => {
    if (drawn.rules === ofData(state)) return tellFoot(state);
    const now = turn;
    const held = await parts.rules(state, () => now === turn);
    if (now !== turn) return;
    byId("rules").innerHTML = held.markup;
    byId("rules-count").textContent = held.count;
    foot = { about: held.about, data: held.data };
    drawn.rules = ofData(state);
    tellFoot(state);
  };

  const drawView = async (state) => {
    const [element, view] = [ofElement(state), ofView(state)];
    if (view === drawn.view && element === drawn.element) return;
    const now = turn;
    const held = await parts.view(state, sayWhile(now));
    if (now !== turn) return;
    if (view !== drawn.view) {
      byId("view").innerHTML = held.views;
      byId("behind-it").innerHTML = held.behind;
    }
    if (element !== drawn.element) {
      for (const name of ["marks", "lanes", "listed"]) byId(name).innerHTML = held[name];
      byId("places").hidden = false;
      prepare();
    }
    drawn = { ...drawn, view, element };
    tellFoot(state);
    byId("said").textContent = byId("view").querySelector("h1").textContent;
  };

  const rows = (markup) => {
    const held = document.createElement("template");
    held.innerHTML = `<table><tbody>${markup}</tbody></table>`;
    return new Map([...held.content.querySelectorAll("tr")].map((each) => [each.dataset.key, each]));
  };
  const named = (view) => {
    const [element, market] = view.split("/");
    return `${index.labels[element]} for ${index.labels[market]}`;
  };
  const cell = (kind, ...content) => {
    const made = document.createElement(kind);
    made.append(...content);
    return made;
  };
  const compare = async (state) => {
    const part = byId("compared");
    part.hidden = !state.with;
    if (!state.with) return;
    const now = turn;
    const own = `${state.element}/${state.market}`;
    const [other, buyer] = state.with.split("/");
    const both = [state, { ...state, element: other, market: buyer }];
    const held = await Promise.all(both.map((each) => parts.view(each, sayWhile(now))));
    if (now !== turn) return;
    const [first, second] = held.map((each) => rows(each.compared));
    const table = part.querySelector("table");
    const heads = ["Stage", "If this stops", named(own), named(state.with), "0 to 100 % lost, with nine in ten trials; the first above the second"];
    const head = cell("tr", ...heads.map((each) => cell("th", each)));
    for (const each of head.children) each.scope = "col";
    const lines = [...new Map([...first, ...second]).keys()].map((key) => {
      const [one, two] = [first.get(key), second.get(key)];
      const words = [one, two].map((each) => cell("td", each ? each.cells[2].textContent : "not in this view"));
      const pair = cell("td", ...[one, two].filter(Boolean).map((each) => each.cells[3].firstElementChild));
      const [stage, country] = (one ?? two).cells;
      return cell("tr", stage, country, ...words, pair);
    });
    table.replaceChildren(cell("thead", head), cell("tbody", ...lines));
  };

  const openCard = async (state) => {
    for (const each of document.querySelectorAll(".lit")) each.classList.remove("lit");
    if (!state.card) {
      if (!entity.hidden) {
        entity.hidden = true;
        delete entity.dataset.card;
        document.body.classList.remove("with-card");
        (opener?.isConnected ? opener : search).focus({ preventScroll: true });
      }
      return;
    }
    const now = turn;
    const markup = await parts.card(state, () => now === turn);
    if (now !== turn) return;
    const before = entity.dataset.card;
    const again = before === state.card;
    if (!again) {
      byId("entity-card").innerHTML = markup ?? '<h2 tabindex="-1">This page holds nothing of that name</h2>';
      entity.dataset.card = state.card;
      const [kind, ...rest] = state.card.split("/");
      const id = encodeURIComponent(rest.join("/"));
      if (byId("card-page")) byId("card-page").href = kind === "source" ? `/source/${id}` : `/id/${kind}/${id}`;
    }
    entity.hidden = false;
    document.body.classList.add("with-card");
    for (const each of document.querySelectorAll(`[data-card="${CSS.escape(state.card)}"]`)) {
      if (each !== entity) each.classList.add("lit");
      const list = each.closest("#behind-it details.list");
      const opens = list && document.querySelectorAll(`#view [data-opens="${list.id}"]`);
      for (const one of opens ?? []) one.closest(".card, .tile")?.classList.add("lit");
    }
    wire();
    if (again) return;
    entity.scrollTop = 0;
    const back = !walked && before && entity.querySelector(`a[data-card="${CSS.escape(before)}"]`);
    (back || entity.querySelector("h2")).focus({ preventScroll: !back });
  };

  const render = async () => {
    turn += 1;
    const state = read();
    byId("element").value = state.element;
    options(byId("market"), index.views[state.element], state.market);
    byId("tier").value = state.tier;
    const [other, buyer] = state.with.split("/");
    byId("other-element").value = other;
    options(byId("other-market"), index.views[other || state.element], buyer ?? state.market);
    byId("chain").hidden = state.tab === "rules";
    byId("rules").hidden = state.tab !== "rules";
    document.body.dataset.tab = state.tab || "chain";
    for (const each of tabLinks) {
      if (tabOf(each) === state.tab) each.setAttribute("aria-current", "page");
      else each.removeAttribute("aria-current");
    }
    for (const name of heldAsks) byId(name).value = state[name];
    if (state.with || state.tier !== index.tiers[0] || heldAsks.some((name) => state[name])) byId("tools").open = true;
    const shown = named(`${state.element}/${state.market}`);
    document.title = `${{ rules: "Rules in force", scenarios: `Scenarios, ${shown}` }[state.tab] ?? shown}: Monazite`;
    const now = turn;
    if (state.card) parts.card(state).catch(() => {}); // asked for meanwhile
    say(unheld(state));
    if (!drawn.view || (now === 1 && drawn.view !== ofView(state))) clear(named(`${state.element}/${state.market}`));
    try {
      const both = await Promise.allSettled([drawView(state), drawRules(state)]);
      for (const each of both) if (each.reason) throw each.reason;
      await compare(state);
      if (now !== turn) return;
      settle();
      wire();
      await openCard(state);
      walked = false;
    } catch (fault) {
      if (now !== turn) return;
      settle();
      clearFailed(state);
      if (entity.dataset.card !== state.card) await openCard({ ...state, card: "" });
      say(parts.trouble(fault), drawn.view && unheld(state));
    }
  };

  // Search: names are folded once, then each word typed runs over all of them.
  const LISTED = 50;
  let names = null;
  let found = [];
  let at = -1;
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const loadNames = async () => {
    names ??= (await parts.names()).map(([place, name, others]) => ({
      place, name, others, folded: fold(name), all: fold(`${name} | ${others} | ${place}`),
      late: place.startsWith("source/") ? 10 : 0,
    }));
    return names;
  };
  const rank = (each, asked) => {
    if (each.folded.startsWith(asked)) return each.late;
    if (each.folded.includes(` ${asked}`)) return 1 + each.late;
    if (each.folded.includes(asked)) return 2 + each.late;
    return asked.split(/\s+/).every((word) => each.all.includes(word)) ? 3 + each.late : -1;
  };
  const list = () => {
    hits.replaceChildren(...found.map((each, number) => {
      const of = index.kinds[each.place.split("/")[0]] ?? "";
      const kind = each.late && each.others ? `${of}: ${each.others}` : of;
      const shown = cell("li", cell("bdi", each.name), cell("small", kind));
      shown.id = `hit-${number}`;
      shown.role = "option";
      shown.dataset.place = each.place;
      shown.setAttribute("aria-selected", number === at);
      return shown;
    }));
    hits.hidden = !found.length;
    search.setAttribute("aria-expanded", String(Boolean(found.length)));
    if (at >= 0) search.setAttribute("aria-activedescendant", `hit-${at}`);
    else search.removeAttribute("aria-activedescendant");
  };
  const find = async () => {
    const asked = fold(search.value.trim());
    const all = await loadNames();
    if (asked !== fold(search.value.trim())) return;
    const ranked = asked ? all.map((each) => [rank(each, asked), each]).filter(([place]) => place >= 0) : [];
    ranked.sort(([one, a], [two, b]) => one - two || a.name.length - b.name.length || (a.name < b.name ? -1 : 1));
    found = ranked.slice(0, LISTED).map(([, each]) => each);
    at = found.length ? 0 : -1;
    list();
    hits.scrollTop = 0;
    byId("said").textContent = asked ? `${ranked.length} found${ranked.length > LISTED ? `; the first ${LISTED} are listed` : ""}` : "";
  };
  const shut = () => {
    found = [];
    at = -1;
    list();
  };
  const choose = (place) => {
    opener = search;
    search.value = "";
    shut();
    go({ card: place, tab: "" });
  };
  search.addEventListener("focus", () => loadNames().catch(() => {}));
  search.addEventListener("input", () => find().catch(render));
  search.addEventListener("keydown", (event) => {
    const moves = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (moves && found.length) {
      at = (at + moves + found.length) % found.length;
      list();
      byId(`hit-${at}`).scrollIntoView({ block: "nearest" });
      event.preventDefault();
    } else if (event.key === "Enter" && at >= 0) {
      choose(found[at].place);
      event.preventDefault();
    } else if (event.key === "Escape" && found.length) {
      shut();
      event.stopPropagation();
    }
  });
  search.addEventListener("blur", shut);
  hits.addEventListener("mousedown", (event) => {
    const place = event.target.closest("[data-place]")?.dataset.place;
    event.preventDefault();
    if (place) choose(place);
  });

  byId("element").addEventListener("change", (event) => go({ element: event.target.value }));
  byId("market").addEventListener("change", (event) => go({ market: event.target.value }));
  for (const name of ["tier", ...heldAsks]) byId(name).addEventListener("change", (event) => go({ [name]: event.target.value.trim() }));
  const pair = () => {
    const other = byId("other-element").value;
    const markets = index.views[other] ?? [];
    const buyer = byId("other-market").value;
    go({ with: other && `${other}/${markets.includes(buyer) ? buyer : markets[0]}` });
  };
  byId("other-element").addEventListener("change", pair);
  byId("other-market").addEventListener("change", pair);
  byId("close").addEventListener("click", () => go({ card: "" }));
  document.addEventListener("click", (event) => {
    const from = event.target.closest("[data-card], [data-element], .tabs a, #permalink");
    if (!from || from === entity || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (from.dataset.card) {
      opener = from.matches("a, .site") && !entity.contains(from) ? from : opener;
      go({ card: from.dataset.card });
    } else if (from.dataset.element) go({ element: from.dataset.element, card: "" });
    else if (from.id === "permalink") go({});
    else go(ofTab(tabOf(from)));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.target.closest("input, select, textarea")) {
      search.focus();
      event.preventDefault();
    }
    if (event.key === "Escape" && !entity.hidden && !document.activeElement?.closest("#behind-it details.list[open]")) go({ card: "" });
  });
  // Paper has no folds to open: it gets the controls and the sources of the view.
  let unfolded = [];
  window.addEventListener("beforeprint", () => {
    unfolded = [...document.querySelectorAll("#behind-it > section > details")].filter((each) => ["controls", "sources"].includes(each.id) && !each.open);
    for (const each of unfolded) each.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const each of unfolded) each.open = false;
  });
  window.addEventListener("hashchange", () => {
    kept = null;
    render();
  });
  prepare();
  render();
})();
