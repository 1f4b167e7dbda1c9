"use strict";
(() => {
  const opener = new Map();
  const show = (id, from) => {
    const list = document.getElementById(id);
    if (!list) return;
    list.open = true;
    opener.set(list, from);
    const head = list.querySelector("summary");
    head.focus({ preventScroll: true });
    list.scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-opens]");
    if (!link) return;
    event.preventDefault();
    show(link.dataset.opens, link);
  });
  document.addEventListener("keydown", (event) => {
    const list = event.key === "Escape" && document.activeElement?.closest("details.list[open]");
    if (!list) return;
    list.open = false;
    (opener.get(list) ?? list.querySelector("summary")).focus();
  });
  const held = document.getElementById("network-page");
  const network = document.getElementById("network");
  if (!held || !network) return;
  const load = () => {
    const frame = network.querySelector("iframe");
    if (network.open && !frame.hasAttribute("srcdoc")) {
      frame.hidden = false;
      frame.srcdoc = JSON.parse(held.textContent);
    }
  };
  network.addEventListener("toggle", load);
  for (const each of network.querySelectorAll("[hidden].scripted")) each.hidden = false;
  load();
})();
