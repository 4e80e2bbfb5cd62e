"use strict";
// Pages work without this script. It follows what happens, filters, and copies.

const by = id => document.getElementById(id);
const glyphs = {pass: "✓", fail: "✕", warning: "!", inconclusive: "?", unstable: "~", "not-tested": "–"};
const text = (id, value) => { const e = by(id); if (e && e.textContent !== String(value)) e.textContent = value; };
// short is a message in one line, which says that it goes on.
const short = message => {
  const line = message.replaceAll(": | ", ": ");
  return line.length > 300 ? line.slice(0, 299) + "…" : line;
};
const element = (name, className, content) => {
  const e = document.createElement(name);
  if (className) e.className = className;
  if (content !== undefined) e.textContent = content;
  return e;
};

// Forms show what belongs to the kind of target that is chosen.
function choose() {
  const form = by("setup");
  if (!form) return;
  const show = () => {
    const kind = form.elements.kind.value;
    for (const part of form.querySelectorAll("[data-kind]")) part.hidden = !part.dataset.kind.split(" ").includes(kind);
    by("check-first").hidden = kind === "reference";
  };
  form.addEventListener("change", show);
  show();
}

// Buttons copy the text of what follows them.
function copies() {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("button.copy")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.parentElement.nextElementSibling.textContent);
      button.textContent = "Copied";
    });
  }
}

// The requirements of a result are filtered by words.
function filter() {
  const words = by("words");
  if (!words) return;
  words.closest(".filter").hidden = false;
  const rows = [...document.querySelectorAll("#requirements .r")].map(e => [e, e.textContent.toLowerCase()]);
  words.addEventListener("input", () => {
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    let n = 0;
    for (const [e, has] of rows) {
      e.hidden = !wanted.every(w => has.includes(w));
      if (!e.hidden) n++;
    }
    for (const part of document.querySelectorAll("#requirements .part")) part.hidden = !part.querySelector(".r:not([hidden])");
    text("shown", n + " of " + rows.length + " requirements");
  });
}

// A run that goes on.
function runHandlers(page) {
  const conversations = new Map([...document.querySelectorAll("#conversations li")].map(e => [e.dataset.c, e]));
  const cells = new Map([...document.querySelectorAll("[data-r]")].map(e => [e.dataset.r, e]));
  const rows = new Map([...document.querySelectorAll("[data-row]")].map(e => [e.dataset.row, e]));
  const list = by("conversations");
  const strict = page.dataset.strict === "true";
  let begun = Number(page.dataset.begun), span = Number(list.dataset.span), wider = false;
  const more = (id, n) => {
    const now = Number(by(id).textContent) + n;
    text(id, now);
    const meter = by(id + "-meter");
    if (meter) meter.value = now;
  };
  const conversation = name => {
    let line = conversations.get(name);
    if (line) return line;
    line = element("li");
    line.dataset.c = name;
    line.dataset.waiting = 0;
    const label = element("span", "name");
    label.append(element("code", "", name), " ", element("span", "dim state", ""));
    const bars = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    for (const [k, v] of [["class", "bars"], ["aria-hidden", "true"], ["viewBox", "0 0 " + span + " 7"], ["height", 7], ["preserveAspectRatio", "none"]]) bars.setAttribute(k, v);
    line.append(label, bars);
    list.append(line);
    conversations.set(name, line);
    return line;
  };
  const state = (line, words) => {
    const waiting = Number(line.dataset.waiting);
    if (words !== "finished" && waiting) words += "; " + waiting + (waiting === 1 ? " requirement waits" : " requirements wait") + " for it";
    line.querySelector(".state").textContent = words;
  };
  setInterval(() => {
    if (begun) {
      const seconds = Math.max(0, Math.round((Date.now() - begun) / 1000));
      text("elapsed", seconds + " s");
      if (by("elapsed-meter")) by("elapsed-meter").value = seconds;
    }
    if (wider) {
      wider = false;
      for (const bars of document.querySelectorAll("#conversations .bars")) bars.setAttribute("viewBox", "0 0 " + span + " 7");
    }
  }, 250);
  return {
    "run.started": e => { begun = Date.parse(e.time); text("phase", "Holding conversations"); },
    "exchange.finished": e => {
      const x = e.exchange, line = conversation(x.conversation);
      more("requests", 1);
      if (x.operation === "createServiceAccount" && Math.floor(x.status / 100) === 2) more("created", 1);
      const at = Math.max(0, Date.parse(x.startedAt) - begun), width = Math.max(1, Math.round(x.durationSeconds * 1000));
      const bar = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      for (const [k, v] of [["class", "s" + Math.floor(x.status / 100)], ["x", at], ["width", width], ["height", 7]]) bar.setAttribute(k, v);
      line.querySelector(".bars").append(bar);
      if (at + width > span) { span = at + width; wider = true; }
      if (line.querySelector(".state").textContent !== "finished") state(line, "going on");
    },
    "conversation.finished": e => state(conversation(e.conversation), "finished"),
    "requirement.judged": e => {
      const r = e.result, kind = r.outcome === "fail" && r.level === "SHOULD" && !strict ? "warning" : r.outcome;
      const cell = cells.get(r.id), row = rows.get(r.id);
      if (!cell || !row) return;
      if (cell.classList.contains("waiting")) {
        text("judged-n", Number(by("judged-n").textContent) + 1);
        by("judged").value = Number(by("judged-n").textContent);
        const line = conversations.get(r.conversation);
        if (line) line.dataset.waiting = Math.max(0, line.dataset.waiting - 1);
      }
      cell.className = "cell " + kind;
      cell.textContent = glyphs[kind] || "–";
      row.className = "r " + kind;
      row.querySelector(".word").textContent = kind.replace("-", " ");
      if (r.outcome !== "fail" && r.outcome !== "unstable") return;
      const item = element("li", kind);
      const mark = element("span", "cell " + kind, glyphs[kind]);
      mark.setAttribute("aria-hidden", "true");
      item.append(mark, " ", element("span", "badge " + kind, kind), " ", element("code", "", r.id), " ", element("span", "", short(r.message)));
      const failures = by("failures"), firstWarning = failures.querySelector("li.warning");
      if (kind !== "warning" && firstWarning) failures.insertBefore(item, firstWarning); else failures.append(item);
      text("failures-n", failures.children.length);
    },
    "cleanup.started": e => text("phase", "Cleaning up: deleting " + e.cleanup.accounts + (e.cleanup.accounts === 1 ? " account" : " accounts")),
    "run.finished": e => text("phase", "Finished: " + e.summary.verdict),
    "ui.stopping": () => {
      text("phase", "Stopping: nothing more is sent but the clean-up");
      if (by("stop")) by("stop").replaceWith(element("p", "", "Stopping. What was created is being deleted."));
    },
  };
}

// A check of a target: each event is a finding.
function finding(f) {
  const item = element("li", "finding " + f.health);
  item.append(element("span", "badge health", f.health), " ", element("strong", "", f.name), " ", element("span", "", f.found));
  if (f.do) item.append(" ", element("span", "do", f.do));
  by("findings").append(item);
}

// The stream goes on where it was when the connection comes back: the browser sends the id of the last event.
function follow() {
  const page = document.querySelector("[data-events]");
  if (!page) return;
  const handlers = page.dataset.what === "run" ? runHandlers(page) : null;
  let last = Number(new URL(page.dataset.events, location).searchParams.get("after")), stream;
  const open = () => {
    stream = new EventSource(page.dataset.events.replace(/after=\d+/, "after=" + last));
    stream.onopen = () => text("connection", "");
    stream.onmessage = m => {
      if (Number(m.lastEventId) <= last) return;
      last = Number(m.lastEventId);
      const e = JSON.parse(m.data);
      if (!handlers) finding(e); else if (handlers[e.event]) handlers[e.event](e);
    };
    stream.addEventListener("over", () => { stream.close(); location.reload(); });
    stream.onerror = () => {
      text("connection", "The connection is lost. Trying again; if conformance ui was stopped, start it again.");
      if (stream.readyState === EventSource.CLOSED) setTimeout(open, 2000);
    };
  };
  open();
  addEventListener("pagehide", () => stream.close());
}

choose();
copies();
filter();
follow();
