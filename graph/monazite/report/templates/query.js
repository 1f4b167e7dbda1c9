"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const index = JSON.parse(byId("index").textContent);
  const [text, question, example, trouble, progress] = ["text", "question", "example", "trouble", "progress"].map(byId);
  let turn = 0;
  let answer = null;
  let name = "answer";
  let line = 0;

  const fail = (said) => {
    trouble.hidden = false;
    byId("trouble-said").textContent = said;
    line = Number(/\bline (\d+)\b/.exec(said)?.[1] ?? 0);
    byId("to-line").hidden = !line;
    byId("to-line").textContent = `Go to line ${line}`;
    progress.textContent = "";
  };
  const told = async (response) => {
    const content = await response.text();
    const type = response.headers.get("Content-Type") ?? "";
    if (!response.ok) {
      let said = content.trim();
      if (type.includes("json")) said = JSON.parse(content).detail ?? said;
      throw new Error(said || `The server refuses it (${response.status}).`);
    }
    return type.includes("json") ? JSON.parse(content) : content;
  };
  // Nothing stays under a question that it does not answer.
  const clear = () => {
    turn += 1;
    trouble.hidden = true;
    byId("downloads").hidden = true;
    byId("results").setAttribute("aria-busy", "false");
    byId("answer").replaceChildren();
    progress.textContent = "";
    answer = null;
  };
  const ask = async (request, called) => {
    clear();
    const now = turn;
    const begun = Date.now();
    byId("results").setAttribute("aria-busy", "true");
    progress.textContent = "Being worked out …";
    const clock = setInterval(() => {
      if (now === turn) progress.textContent = `Being worked out, ${Math.round((Date.now() - begun) / 1000)} s so far …`;
    }, 1000);
    try {
      let response;
      try {
        response = await request();
      } catch {
        throw new Error("The server does not answer; is it still running?");
      }
      const found = await told(response);
      if (now !== turn) return;
      answer = found;
      name = called;
      const said = results.draw(found);
      progress.textContent = `${said} ${((Date.now() - begun) / 1000).toFixed(1)} s.`.trim();
      byId("downloads").hidden = typeof found === "string" || "boolean" in found;
      byId("results-head").scrollIntoView({ block: "nearest" });
    } catch (fault) {
      if (now === turn) fail(fault.message);
    } finally {
      clearInterval(clock);
      if (now === turn) byId("results").setAttribute("aria-busy", "false");
    }
  };

  const keep = (told) => history.replaceState(null, "", `#${new URLSearchParams(told)}`);
  const run = () => {
    if (!text.value.trim()) {
      clear();
      history.replaceState(null, "", location.pathname);
      fail("There is no query: write one, or start from an example.");
      text.focus();
      return;
    }
    keep({ query: text.value });
    byId("permalink").href = location.hash;
    ask(() => fetch("/sparql", {
      method: "POST",
      headers: { "Content-Type": "application/sparql-query", Accept: "application/sparql-results+json, text/turtle;q=0.5" },
      body: text.value,
    }), "answer");
  };

  // A question: a field for each of its parameters.
  const field = (each) => {
    const [made, label, input, hint] = ["p", "label", "input", "small"].map((kind) => document.createElement(kind));
    input.id = `parameter-${each.name}`;
    input.name = each.name;
    input.placeholder = each.default;
    input.required = !each.optional && !each.default;
    input.autocomplete = "off";
    input.spellcheck = false;
    input.setAttribute("aria-describedby", `${input.id}-about`);
    label.htmlFor = input.id;
    label.textContent = each.optional ? `${each.name.replaceAll("_", " ")} (may be left out)` : each.name.replaceAll("_", " ");
    hint.id = `${input.id}-about`;
    hint.textContent = each.about;
    made.append(label, " ", input, hint);
    return made;
  };
  const choose = (chosen, given = {}) => {
    const held = index.questions[chosen];
    question.value = held ? chosen : "";
    byId("parameters").hidden = !held;
    if (!held) return;
    byId("about").textContent = held.about;
    byId("fields").replaceChildren(...held.parameters.map(field));
    for (const [name, said] of Object.entries(given)) {
      const input = document.getElementById(`parameter-${name}`);
      if (input) input.value = said;
    }
  };
  const answerNamed = () => {
    const held = index.questions[question.value];
    const given = {};
    for (const each of held.parameters) {
      const said = byId(`parameter-${each.name}`).value.trim();
      if (said) given[each.name] = said;
    }
    // The default of what may be left out is an example, which counts only where nothing is given.
    keep({ question: question.value, ...given });
    ask(() => fetch(`/questions/${question.value}?${new URLSearchParams(given)}`, {
      headers: { Accept: "application/json" },
    }), question.value);
  };

  const begin = () => {
    const told = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
    if (told.question && Object.hasOwn(index.questions, told.question)) {
      choose(told.question, told);
      answerNamed();
    } else if (told.query) {
      text.value = told.query;
      run();
    }
  };

  question.addEventListener("change", () => {
    clear();
    choose(question.value);
  });
  byId("parameters").addEventListener("submit", (event) => {
    event.preventDefault();
    answerNamed();
  });
  byId("as-sparql").addEventListener("click", () => {
    text.value = index.questions[question.value].text;
    text.focus();
  });
  example.addEventListener("change", () => {
    if (!example.value) return;
    text.value = index.examples[example.value].replace(/ ([{;}]) /g, (found, sign) => ({ "{": " {\n  ", ";": " ;\n    ", "}": "\n} " })[sign]);
    run();
  });
  byId("run").addEventListener("click", run);
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      run();
      event.preventDefault();
    }
  });
  byId("to-line").addEventListener("click", () => {
    const before = text.value.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    const end = text.value.indexOf("\n", before);
    text.focus();
    text.setSelectionRange(before, end < 0 ? text.value.length : end);
  });
  byId("downloads").addEventListener("click", (event) => {
    const as = event.target.dataset.as;
    if (as === "csv") results.save(`${name}.csv`, "text/csv", results.csv(answer));
    if (as === "json") results.save(`${name}.json`, "application/json", `${JSON.stringify(answer, null, 1)}\n`);
  });
  window.addEventListener("hashchange", begin);
  begin();
})();
