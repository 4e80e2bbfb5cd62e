package html_test

import (
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/sa-conformance/conformance/internal/browser"
	"github.com/sa-conformance/conformance/internal/raced"
	"github.com/sa-conformance/conformance/internal/report/sample"
)

// structure lists what is wrong with names, headings, landmarks and links of a page.
const structure = `(() => {
	const wrong = [], all = s => [...document.querySelectorAll(s)];
	const name = e => e.getAttribute("aria-label") || document.getElementById(e.getAttribute("aria-labelledby"))?.textContent
		|| (e.labels && [...e.labels].map(l => l.textContent).join("")) || e.textContent;
	for (const e of all("input, select, button, a, summary, nav, form, main > section, article"))
		if (!name(e)?.trim()) wrong.push("no name: " + e.outerHTML.slice(0, 120));
	let level = 0;
	for (const h of all("h1, h2, h3, h4, h5, h6")) {
		const next = Number(h.tagName[1]);
		if (next > level + 1) wrong.push("h" + level + " is followed by " + h.outerHTML.slice(0, 120));
		level = next;
	}
	for (const [s, n] of [["h1", 1], ["main", 1], ["body > header", 1], ["body > footer", 1], ["[lang]", 1], ["[aria-live=polite]", 1]])
		if (all(s).length !== n) wrong.push(all(s).length + " of " + s);
	const ids = new Set();
	for (const e of all("[id]")) { if (ids.has(e.id)) wrong.push("id twice: " + e.id); ids.add(e.id); }
	for (const e of all("a[href^='#']")) if (!ids.has(decodeURIComponent(e.hash.slice(1)))) wrong.push("dead link: " + e.hash);
	for (const e of all("[aria-labelledby]")) if (!ids.has(e.getAttribute("aria-labelledby"))) wrong.push("dead label: " + e.outerHTML.slice(0, 80));
	for (const e of all("th")) if (!e.scope) wrong.push("no scope: " + e.outerHTML.slice(0, 80));
	for (const e of all("[tabindex]")) if (e.tabIndex > 0) wrong.push("tabindex: " + e.outerHTML.slice(0, 80));
	return wrong;
})()`

// contrast lists the texts whose colour stands out too little from what is behind them (WCAG 2.2, 1.4.3): 4.5 to 1.
const contrast = `(() => {
	const rgb = c => { const p = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
		p.fillStyle = c; p.fillRect(0, 0, 1, 1); return [...p.getImageData(0, 0, 1, 1).data]; };
	const cache = new Map(), paint = c => { if (!cache.has(c)) cache.set(c, rgb(c)); return cache.get(c); };
	const light = ([r, g, b]) => [r, g, b].map(v => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
		.reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
	const behind = e => { for (; e; e = e.parentElement) { const c = paint(getComputedStyle(e).backgroundColor); if (c[3] === 255) return c; } return [255, 255, 255]; };
	const wrong = new Map();
	const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	let n, texts = 0;
	while (n = walker.nextNode()) {
		const e = n.parentElement;
		if (!n.data.trim() || e.closest("script, style, svg")) continue;
		texts++;
		const front = paint(getComputedStyle(e).color), back = behind(e), a = light(front), b = light(back);
		const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
		const key = e.tagName + "." + e.className + " " + front.slice(0, 3) + " on " + back.slice(0, 3);
		if (ratio < 4.5) wrong.set(key, key + ": " + ratio.toFixed(2));
	}
	return texts < 100 ? ["only " + texts + " texts"] : [...wrong.values()];
})()`

// TestHTMLIsAccessible asks the page what a screen reader would, and measures its colours in both themes.
func TestHTMLIsAccessible(t *testing.T) {
	raced.Rotate(t)
	b := browser.Open(t)
	b.Show([]byte(renderHTML(t, failing(t))))
	for _, wrong := range browser.Eval[[]string](b, structure) {
		t.Error(wrong)
	}
	b.Do(chromedp.EmulateViewport(360, 780))
	if width := browser.Eval[int](b, `document.documentElement.scrollWidth`); width > 360 {
		t.Errorf("on a screen of 360 pixels the page is %d wide", width)
	}
	browser.Keep(t, "narrow.png", b.Picture())
	b.Do(chromedp.EmulateViewport(1280, 900))
	b.Show([]byte(renderHTML(t, sample.Report()))) // which has one of everything
	browser.Wrong(b, browser.Look(b, "report"))
	b.Show([]byte(renderHTML(t, sample.Report()))) // which a key left somewhere
	for _, dark := range []bool{false, true} {
		b.Dark(dark)
		browser.Eval[bool](b, `document.querySelectorAll("details").forEach(d => { d.open = true; }) ?? true`)
		for _, wrong := range browser.Eval[[]string](b, contrast) {
			t.Errorf("dark %v: %s", dark, wrong)
		}
	}
	b.Do(chromedp.KeyEvent("\t"))
	if focus := browser.Eval[string](b, `document.activeElement.textContent + ", " + getComputedStyle(document.activeElement).outlineStyle`); focus != "Skip to the report, solid" {
		t.Errorf("the first key leads to %s", focus)
	}
}
