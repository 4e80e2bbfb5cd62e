package registry

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/sa-conformance/conformance/internal/browser"
	"github.com/sa-conformance/conformance/internal/raced"
)

// structure lists what is wrong with headings, landmarks, tables, links and what scrolls.
const structure = `(() => {
	const wrong = [], all = s => [...document.querySelectorAll(s)];
	const name = e => e.getAttribute("aria-label") || document.getElementById(e.getAttribute("aria-labelledby"))?.textContent || e.textContent;
	let level = 0;
	for (const h of all("h1, h2, h3, h4")) {
		const next = Number(h.tagName[1]);
		if (next > level + 1) wrong.push("h" + level + " is followed by " + h.outerHTML.slice(0, 120));
		level = next;
	}
	for (const [s, n] of [["h1", 1], ["main", 1], ["body > footer", 1], ["html[lang]", 1], ["title", 1]])
		if (all(s).length !== n) wrong.push(all(s).length + " of " + s);
	const ids = new Set(), landmarks = new Set();
	for (const e of all("[id]")) { if (ids.has(e.id)) wrong.push("id twice: " + e.id); ids.add(e.id); }
	for (const e of all("[aria-labelledby]")) if (!ids.has(e.getAttribute("aria-labelledby"))) wrong.push("dead label: " + e.outerHTML.slice(0, 80));
	for (const e of all("nav, [role=region], section[aria-label], section[aria-labelledby]")) {
		if (landmarks.has(name(e))) wrong.push("landmark twice: " + name(e));
		landmarks.add(name(e));
	}
	for (const e of all("a")) if (!e.textContent.trim()) wrong.push("no name: " + e.outerHTML.slice(0, 80));
	for (const e of all("th")) if (!e.scope) wrong.push("no scope: " + e.outerHTML.slice(0, 80));
	for (const e of all("body *")) if (e.scrollWidth > e.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(e).overflowX) && e.tabIndex < 0)
		wrong.push("no key reaches: " + e.outerHTML.slice(0, 80));
	if (document.scripts.length) wrong.push("it has a script");
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
	const wrong = new Set(), walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	for (let n; n = walker.nextNode();) {
		const e = n.parentElement;
		if (!n.data.trim() || e.closest("style")) continue;
		const a = light(paint(getComputedStyle(e).color)), b = light(behind(e)), ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
		if (ratio < 4.5) wrong.add(e.tagName + "." + e.className + ": " + ratio.toFixed(2));
	}
	return [...wrong];
})()`

// TestSiteIsAccessible asks each kind of page what a screen reader would, on a desk and on a phone, in both themes.
func TestSiteIsAccessible(t *testing.T) {
	raced.Rotate(t)
	b := browser.Open(t)
	site := siteOf(t, "")
	for _, name := range []string{indexPage, matrixPage, "certificates/beta.html", "certificates/delta.html"} {
		b.Show(site[name])
		for _, width := range []int64{1280, 360} {
			b.Do(chromedp.EmulateViewport(width, 780))
			for _, wrong := range append(browser.Eval[[]string](b, structure), browser.Axe(b)...) {
				t.Errorf("%s, %d wide: %s", name, width, wrong)
			}
			if got := browser.Eval[int64](b, `document.documentElement.scrollWidth`); got > width {
				t.Errorf("%s: on a screen of %d pixels the page is %d wide", name, width, got)
			}
		}
		for _, dark := range []bool{false, true} {
			b.Dark(dark)
			for _, wrong := range browser.Eval[[]string](b, contrast) {
				t.Errorf("%s, dark %v: %s", name, dark, wrong)
			}
		}
		b.Do(chromedp.KeyEvent("\t"))
		if focus := browser.Eval[string](b, `document.activeElement.textContent`); focus != "Skip to the page" {
			t.Errorf("%s: the first key leads to %s", name, focus)
		}
		b.Dark(false)
		browser.Wrong(b, browser.Look(b, "registry-"+strings.ReplaceAll(name, "/", "-")))
	}
}
