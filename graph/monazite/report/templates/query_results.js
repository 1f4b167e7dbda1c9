"use strict";
// Answers as tables: every cell is text, and what has a page of its own is a link to it.
const results = (() => {
  const SHOWN = 500;
  const byId = (id) => document.getElementById(id);
  const { base, prefixes } = JSON.parse(byId("index").textContent);
  const spaces = Object.entries(prefixes).sort(([, one], [, two]) => two.length - one.length);
  const cell = (kind, ...content) => {
    const made = document.createElement(kind);
    made.append(...content);
    return made;
  };
  // Signs that turn or hide text are shown as what they are.
  const visible = (text) => text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
  const short = (iri) => {
    const [name, space] = spaces.find(([, each]) => iri.startsWith(each) && iri.length > each.length) ?? [];
    if (name) return `${name}:${iri.slice(space.length)}`;
    return iri.startsWith(base) ? iri.slice(base.length) : iri;
  };
  const address = (iri) => {
    if (iri.startsWith(base)) {
      const path = iri.slice(base.length);
      return /^(?:id|row|source|scheme)\/|^ns(?:#|$)/.test(path) ? `/${path}` : "";
    }
    return /^https?:\/\//.test(iri) ? iri : "";
  };
  const term = (told) => {
    if (!told) return "";
    if (told.type !== "uri") {
      const text = cell("bdi", visible(told.value));
      return told["xml:lang"] ? cell("span", text, " ", cell("small", `@${told["xml:lang"]}`)) : text;
    }
    const href = address(told.value);
    const shown = visible(short(told.value));
    if (!href) return shown;
    const link = cell("a", cell("bdi", shown));
    link.href = href;
    if (!href.startsWith("/")) link.rel = "noopener noreferrer";
    return link;
  };
  const isNumber = (told) => /#(?:decimal|integer|double|float|int|long)$/.test(told?.datatype ?? "");
  const table = (names, bindings) => {
    const made = cell("table", cell("thead", cell("tr", ...names.map((name) => cell("th", name)))));
    for (const each of made.querySelectorAll("th")) each.scope = "col";
    const body = cell("tbody", ...bindings.slice(0, SHOWN).map((row) => cell("tr", ...names.map((name) => {
      const made = cell("td", term(row[name]));
      if (isNumber(row[name])) made.className = "number";
      made.dataset.of = name;
      return made;
    }))));
    made.append(body);
    for (const [kind, role] of [["table", "table"], ["thead, tbody", "rowgroup"], ["tr", "row"], ["th", "columnheader"], ["td", "cell"]]) {
      for (const each of kind === "table" ? [made] : made.querySelectorAll(kind)) each.setAttribute("role", role);
    }
    return made;
  };
  const quoted = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return {
    // What is shown, and in words how much it is.
    draw: (answer) => {
      const shown = byId("answer");
      if (typeof answer === "string") {
        shown.replaceChildren(cell("pre", visible(answer)));
        return answer.trim() ? "A graph, as Turtle." : "The graph is empty.";
      }
      if ("boolean" in answer) {
        const said = cell("p", answer.boolean ? "Yes" : "No");
        said.className = "yes";
        shown.replaceChildren(said);
        return "";
      }
      const { bindings } = answer.results;
      const names = answer.head.vars ?? [];
      shown.replaceChildren(...(bindings.length ? [table(names, bindings)] : []));
      const count = bindings.length.toLocaleString("en");
      if (!bindings.length) return "Nothing was found.";
      return bindings.length > SHOWN ? `${count} answers; the first ${SHOWN} are shown, a download has all.` : `${count} ${bindings.length === 1 ? "answer" : "answers"}.`;
    },
    // As the W3C writes results in CSV: values alone, lines end in CR LF.
    csv: (answer) => [answer.head.vars, ...answer.results.bindings.map((row) => answer.head.vars.map((name) => row[name]?.value ?? ""))]
      .map((line) => `${line.map(quoted).join(",")}\r\n`).join(""),
    save: (name, type, content) => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([content], { type }));
      link.download = name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    },
  };
})();
