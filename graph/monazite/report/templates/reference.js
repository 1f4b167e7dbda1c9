"use strict";
(() => {
  const form = document.getElementById("filter");
  const box = document.getElementById("words");
  const said = document.getElementById("said");
  const articles = [...document.querySelectorAll("article")];
  const texts = articles.map((article) => article.textContent.toLowerCase());
  const groups = [...document.querySelectorAll("section.group")];
  const others = [...document.querySelectorAll("#questions-to-paste, #picture, #every-table")];
  form.hidden = false;

  function filter() {
    const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    articles.forEach((article, place) => {
      const fits = words.every((word) => texts[place].includes(word));
      article.hidden = !fits;
      count += fits;
    });
    for (const group of groups) group.hidden = !group.querySelector("article:not([hidden])");
    for (const other of others) other.hidden = words.length > 0;
    said.textContent = words.length === 0 ? "" : count === 1 ? "1 term" : `${count} terms`;
  }

  box.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && box.value) {
      box.value = "";
      filter();
    }
  });
  // A link to a term that the filter hides shows it again.
  window.addEventListener("hashchange", () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && target.closest("[hidden]")) {
      box.value = "";
      filter();
      target.scrollIntoView();
    }
  });
})();
