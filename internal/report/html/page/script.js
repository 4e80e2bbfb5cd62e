"use strict";
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  for (const control of all("#theme, #filter, .copy")) control.hidden = false;

  // Theme: the system's, until the button says otherwise.
  const root = document.documentElement, theme = $("#theme");
  const dark = () => root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const paint = () => { theme.textContent = dark() ? "Light theme" : "Dark theme"; };
  try { const kept = localStorage.getItem("theme"); if (kept === "dark" || kept === "light") root.dataset.theme = kept; } catch { /* no storage */ }
  theme.addEventListener("click", () => {
    root.dataset.theme = dark() ? "light" : "dark";
    try { localStorage.setItem("theme", root.dataset.theme); } catch { /* no storage */ }
    paint();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
  paint();

  // Filter: a requirement shows where every part of the filter lets it.
  const form = $("#filter"), words = $("#words"), shown = $("#shown");
  const items = all("details.r").map(node => ({ node, text: node.textContent.toLowerCase(), cell: null }));
  const cells = new Map(all(".matrix .cell").map(a => [a.hash, a]));
  for (const item of items) item.cell = cells.get(new URL("#" + $(".inside", item.node).id, location).hash);
  const filter = () => {
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    const outcomes = all("[name=outcome]:checked", form).map(box => box.value);
    const level = $("#level").value, profile = $("#profile").value;
    let count = 0;
    for (const { node, text, cell } of items) {
      const fits = wanted.every(word => text.includes(word)) && (!level || node.dataset.l === level)
        && (!profile || node.dataset.p === profile) && (!outcomes.length || outcomes.includes(node.dataset.o));
      node.hidden = !fits;
      if (cell) cell.classList.toggle("faint", !fits);
      count += fits;
    }
    for (const part of all(".part")) part.hidden = !$("details.r:not([hidden])", part);
    shown.textContent = count === items.length ? count + " requirements" : "Showing " + count + " of " + items.length + " requirements";
  };
  form.addEventListener("input", filter);
  form.addEventListener("submit", event => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(filter));
  addEventListener("keydown", event => {
    if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !event.target.closest("input, select, textarea")) {
      event.preventDefault();
      words.focus();
    }
  });

  // A link into something folded opens it, and moves the focus there.
  const reveal = id => {
    const target = document.getElementById(id);
    if (!target) return;
    const item = target.closest("details.r");
    if (item && item.hidden) { form.reset(); filter(); }
    for (let node = target.closest("details"); node; node = node.parentElement.closest("details")) node.open = true;
    const head = target.parentElement.matches("details") ? $("summary", target.parentElement) : target;
    head.scrollIntoView({ block: head === target ? "start" : "center" });
    if (head !== target) head.focus({ preventScroll: true });
  };
  const follow = () => { if (location.hash) reveal(decodeURIComponent(location.hash.slice(1))); };
  addEventListener("hashchange", follow);
  follow();

  addEventListener("click", event => {
    const bar = event.target.closest(".bars [data-x]");
    if (bar) {
      event.preventDefault();
      location.hash = bar.dataset.x;
      reveal(bar.dataset.x);
      return;
    }
    const link = event.target.closest("a[href^='#']");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (!link.matches(".ev")) {
      if (link.hash === location.hash) setTimeout(follow); // no hashchange comes
      return;
    }
    // Evidence opens in its place.
    event.preventDefault();
    const box = link.closest(".ids"), source = document.getElementById(link.hash.slice(1));
    const old = all(".ev[aria-expanded=true]", box)[0];
    if (old) { old.setAttribute("aria-expanded", "false"); box.nextElementSibling.remove(); }
    if (old === link || !source) return;
    const copy = source.cloneNode(true);
    copy.removeAttribute("id");
    box.after(copy);
    link.setAttribute("aria-expanded", "true");
  });
  for (const link of all(".ev")) link.setAttribute("aria-expanded", "false");

  addEventListener("click", async event => {
    const button = event.target.closest(".copy");
    if (!button) return;
    try {
      await navigator.clipboard.writeText(button.parentElement.nextElementSibling.textContent);
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(button.parentElement.nextElementSibling);
      button.textContent = "Selected";
    }
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  });

  // Paper shows what is folded, but for the requests and answers of what passed.
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = all("details:not([open])").filter(node => !node.closest("#run"));
    for (const node of folded) node.open = true;
  });
  addEventListener("afterprint", () => { for (const node of folded) node.open = false; folded = []; });
})();
