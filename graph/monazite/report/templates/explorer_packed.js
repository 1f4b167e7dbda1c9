"use strict";
// Parts that lie in the page: each block is unpacked once, when something of it is asked for.
const parts = (() => {
  const byId = (id) => document.getElementById(`explorer-${id}`);
  const { rules: counts, data } = JSON.parse(byId("index").textContent);
  const blocks = new Map();
  const unpack = async (id) => {
    const bytes = Uint8Array.from(atob(byId(id).textContent), (each) => each.charCodeAt(0));
    const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return JSON.parse(await new Response(plain).text());
  };
  const block = (id) => {
    if (!blocks.has(id)) blocks.set(id, unpack(id));
    return blocks.get(id);
  };
  const joined = (held, group, name) => held[group][name]?.map((number) => held.pieces[number]).join("");
  return {
    view: async ({ tier, element, market }) => {
      const held = await block(tier);
      const of = (name, ...groups) => groups.map((group) => [group, joined(held, group, name)]);
      const both = [...of(`${element}/${market}`, "views", "behind", "compared"), ...of(element, "marks", "lanes", "listed")];
      return Object.fromEntries(both);
    },
    rules: async ({ tier }) => ({ markup: joined(await block(tier), "rules", "rules"), count: counts[tier], data: data[tier] }),
    card: async ({ card }) => joined(await block("cards"), "cards", card),
    names: () => block("names"),
    trouble: (fault) => "DecompressionStream" in window
      ? `This part of the page cannot be read: ${fault.message}`
      : "This browser cannot unpack the other views; take one of 2023 or later. Without what follows the #, this page opens with a whole view.",
  };
})();
