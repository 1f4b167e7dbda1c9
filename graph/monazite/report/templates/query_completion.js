"use strict";
// Words that fit where the caret stands: variables of the query, keywords, prefixes, terms, things.
const completion = (() => {
  const KEYWORDS = ["SELECT", "DISTINCT", "WHERE", "OPTIONAL", "FILTER", "UNION", "GROUP BY", "ORDER BY", "LIMIT", "VALUES", "BIND", "COUNT", "ASK", "CONSTRUCT", "DESCRIBE", "NOT EXISTS", "GRAPH", "AS", "DESC", "HAVING", "PREFIX"];
  const LISTED = 40;
  const SHOWN = 6; // at a time, so that the list needs no scrolling
  const byId = (id) => document.getElementById(id);
  const [text, list, said] = ["text", "words", "said"].map(byId);
  const { prefixes } = JSON.parse(byId("index").textContent);
  let known = null; // words of the server, when they have come: what is written, its kind, what it is
  let asked = null;
  let found = [];
  let at = -1;
  const fold = (word) => word.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const load = async () => {
    asked ??= fetch("/query/words", { headers: { Accept: "application/json" } })
      .then(async (answer) => {
        if (answer.status === 202) throw new Error("not yet");
        known = (await answer.json()).map(([word, kind, about]) => ({ word, kind, about, folded: fold(`${word} ${about}`) }));
      })
      .catch(() => { asked = null; });
    return asked;
  };
  // The piece of a word before the caret; with its prefix, if it has one.
  // Only so much before the caret is looked at: in a long word the pattern would be tried at every letter.
  const LONGEST = 200;
  const piece = () => /[?$]?[\p{L}\p{N}_.-]*:?[\p{L}\p{N}_.-]*$/u.exec(text.value.slice(Math.max(0, text.selectionStart - LONGEST), text.selectionStart))[0];
  const matches = (begun) => {
    if (begun.startsWith("?") || begun.startsWith("$")) {
      const names = new Set(text.value.match(/[?$][\p{L}\p{N}_]+/gu));
      names.delete(begun);
      return [...names].filter((name) => name.startsWith(begun)).map((word) => ({ word, about: "variable" }));
    }
    const own = fold(begun);
    const [prefix, local] = own.includes(":") ? own.split(":") : ["", own];
    const heads = own.includes(":") ? [] : [
      ...KEYWORDS.filter((word) => word.toLowerCase().startsWith(own)).map((word) => ({ word, about: "keyword" })),
      ...Object.entries(prefixes).filter(([name]) => name.toLowerCase().startsWith(own)).map(([name, iri]) => ({ word: `${name}:`, about: iri })),
    ];
    const terms = (known ?? []).filter((each) => {
      const word = each.word.toLowerCase();
      return prefix || own.includes(":") ? word.startsWith(`${prefix}:`) && each.folded.includes(local) : local.length > 1 && each.folded.includes(local);
    });
    const rank = ({ word }) => (word.toLowerCase().split(":")[1] ?? "").startsWith(local) ? 0 : 1;
    return [...heads, ...terms.sort((one, two) => rank(one) - rank(two) || one.word.length - two.word.length || (one.word < two.word ? -1 : 1))];
  };
  const place = () => {
    const before = text.value.slice(0, text.selectionStart).split("\n");
    const style = getComputedStyle(text);
    const high = parseFloat(style.lineHeight);
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = `${style.fontSize} ${style.fontFamily}`;
    const left = parseFloat(style.paddingLeft) + pen.measureText(before.at(-1)).width - text.scrollLeft;
    list.style.top = `${parseFloat(style.paddingTop) + high * before.length - text.scrollTop + 4}px`;
    list.style.left = `${Math.max(0, Math.min(left, text.clientWidth - list.offsetWidth))}px`;
  };
  const draw = () => {
    const first = Math.max(0, Math.min(at - SHOWN + 2, found.length - SHOWN));
    list.replaceChildren(...found.slice(first, first + SHOWN).map((each, place) => {
      const number = first + place;
      const shown = document.createElement("li");
      const [word, about] = [document.createElement("code"), document.createElement("small")];
      word.textContent = each.word;
      about.textContent = each.about;
      shown.append(word, about);
      shown.id = `word-${number}`;
      shown.setAttribute("aria-setsize", found.length);
      shown.setAttribute("aria-posinset", number + 1);
      shown.setAttribute("role", "option");
      shown.setAttribute("aria-selected", String(number === at));
      return shown;
    }));
    list.hidden = !found.length;
    if (at >= 0) text.setAttribute("aria-activedescendant", `word-${at}`);
    else text.removeAttribute("aria-activedescendant");
    if (found.length) place();
  };
  const shut = () => {
    found = [];
    at = -1;
    draw();
  };
  const open = async (always) => {
    if (!known) await load();
    const begun = piece();
    found = begun || always ? matches(begun).slice(0, LISTED) : [];
    if (found.length === 1 && found[0].word === begun) found = [];
    at = -1;
    draw();
    said.textContent = found.length ? `${found.length} words fit` : always ? "No word fits" : "";
  };
  const take = (number) => {
    const { word } = found[number];
    const begin = text.selectionStart - piece().length;
    text.focus();
    text.setSelectionRange(begin, text.selectionStart);
    // This way it can be undone.
    if (!document.execCommand("insertText", false, word)) text.setRangeText(word, begin, text.selectionEnd, "end");
    shut();
    if (word.endsWith(":")) open(true);
  };
  text.addEventListener("focus", load);
  text.addEventListener("input", () => open(false));
  text.addEventListener("blur", shut);
  text.addEventListener("keydown", (event) => {
    const moves = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === " " && event.ctrlKey) {
      open(true);
      event.preventDefault();
    } else if (moves && found.length) {
      at = (at + moves + found.length + (at < 0 && moves < 0 ? 1 : 0)) % found.length;
      draw();
      event.preventDefault();
    } else if (event.key === "Enter" && !event.ctrlKey && at >= 0) {
      take(at);
      event.preventDefault();
    } else if (event.key === "Escape" && found.length) {
      shut();
      event.stopPropagation();
    } else if (["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) shut();
  });
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const chosen = event.target.closest("li");
    if (chosen) take(Number(chosen.id.split("-")[1]));
  });
  return { labels: async () => { await load(); return new Map((known ?? []).map(({ word, about }) => [word, about])); } };
})();
