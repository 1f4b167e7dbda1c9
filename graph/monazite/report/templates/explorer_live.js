"use strict";
// Parts that a server works out: asked for once, and asked again while they are not there.
const parts = (() => {
  const MOST = 200; // parts that are held
  const held = new Map();
  const pause = (seconds) => new Promise((done) => setTimeout(done, 1000 * seconds));
  const ask = async (address, what, isWanted) => {
    for (;;) {
      let answer;
      try {
        answer = await fetch(address, { headers: { Accept: "application/json" } });
      } catch {
        throw new Error("The server does not answer; is it still running?");
      }
      const told = await answer.json().catch(() => null); // what stands between may answer in no JSON
      if (answer.status !== 202 && answer.status !== 503) {
        if (!told || !answer.ok) throw new Error(told?.detail ?? `The server gave no answer that can be read (status ${answer.status}). Load the page again in a minute.`);
        return told;
      }
      if (!isWanted(told?.seconds === undefined ? told?.detail ?? "The server is busy; this page asks again until it answers." : `Working out ${what}: ${told.seconds} s so far.`)) throw new Error("Nobody waits for it.");
      await pause(Math.min(Number(answer.headers.get("Retry-After")) || 0.2, 2));
    }
  };
  const part = (kind, told, what, wanted = () => true) => {
    const query = new URLSearchParams(Object.entries(told).filter(([, said]) => said));
    const address = `/explorer/parts/${kind}?${query}`;
    if (!held.has(address)) {
      if (held.size >= MOST) held.delete(held.keys().next().value);
      const waiting = [];
      const found = ask(address, what, (said) => waiting.filter((each) => each(said)).length > 0);
      held.set(address, { found, waiting });
      found.catch(() => held.delete(address));
    }
    held.get(address).waiting.push(wanted);
    return held.get(address).found;
  };
  const chosen = (state, ...names) => Object.fromEntries(names.map((name) => [name, state[name]]));
  const data = ["tier", "valid", "known"];
  const { labels } = JSON.parse(document.getElementById("explorer-index").textContent);
  const view = (state) => {
    const days = [["valid", "valid on"], ["known", "known by"]].filter(([name]) => state[name]);
    const trials = state.draws ? [`with ${state.draws} random trials, a second or so each`] : [];
    const time = state.horizon ? [state.horizon.replace("-", " ")] : [];
    const more = [...days.map(([name, words]) => `${words} ${state[name]}`), ...time, ...trials];
    return [`${labels[state.element]} for ${labels[state.market]}`, ...more].join(", ");
  };
  return {
    view: (state, wanted) => part("view", chosen(state, "element", "market", ...data, "horizon", "draws"), view(state), wanted),
    rules: (state, wanted) => part("rules", chosen(state, ...data), "the rules in force", wanted),
    card: async (state, wanted) => (await part("card", chosen(state, "card", ...data), "the card", wanted)).markup ?? undefined,
    names: () => part("names", {}, "the names"),
    trouble: (fault) => fault.message,
  };
})();
